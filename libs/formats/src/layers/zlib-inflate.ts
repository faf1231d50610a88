import type { ByteReader } from '../bytes/reader.ts';
import { DamagedStream, type Inflate } from './inflate.ts';

/** The part of `node:zlib` that is used here, so that the module itself can be passed in and is never imported. */
export interface Zlib {
  createInflateRaw(options: StreamOptions): Engine;
  /** Since Node 22.15. */
  readonly createZstdDecompress?: (options: StreamOptions) => Engine;
  inflateRawSync(bytes: Uint8Array, options: { maxOutputLength: number; chunkSize: number }): Uint8Array;
  gunzip(
    bytes: Uint8Array,
    options: { maxOutputLength: number; chunkSize: number },
    done: (error: Error | null, content: Uint8Array) => void,
  ): void;
  crc32(bytes: Uint8Array, seed: number): number;
}

interface Engine extends AsyncIterable<Uint8Array> {
  /** Input bytes that the engine has consumed: what follows the stream is not among them. */
  readonly bytesWritten: number;
  readonly destroyed: boolean;
  write(bytes: Uint8Array, done: () => void): unknown;
  end(): unknown;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

interface StreamOptions {
  readonly chunkSize: number;
  readonly highWaterMark: number;
}

/** The thread pool inflates on, up to four chunks ahead, while the one before is looked at. */
const options: StreamOptions = { chunkSize: 2 ** 18, highWaterMark: 2 ** 20 };

/** The inflater for Node: `zlibInflate(zlib)` with `import * as zlib from 'node:zlib'`. Streams inflate in its thread pool. */
export function zlibInflate(zlib: Zlib): Inflate {
  const { createZstdDecompress } = zlib;
  return {
    stream: (source) => stream(zlib.createInflateRaw(options), source),
    ...(createZstdDecompress && {
      zstd: (source: ByteReader) => stream(createZstdDecompress(options), source),
    }),
    crc32: (bytes, seed) => zlib.crc32(bytes, seed),
    block(deflated, size) {
      try {
        return zlib.inflateRawSync(deflated, wholly(size));
      } catch (error) {
        throw damaged(error);
      }
    },
    members: (gzipped, size) =>
      new Promise((resolve, reject) => {
        zlib.gunzip(gzipped, wholly(size), (error, content) => {
          if (error) reject(damaged(error));
          else resolve(content);
        });
      }),
  };
}

/** Room for one byte more, so that all comes out at once and nothing is put together from pieces. */
const wholly = (size: number) => ({ maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size + 1) });

async function* stream(engine: Engine, source: ByteReader): AsyncGenerator<Uint8Array> {
  const closed = new Promise<void>((resolve) => void engine.once('close', resolve));
  let fed = 0;
  let last: Uint8Array = new Uint8Array(0);
  // One chunk at a time: the engine never holds more than the last one, whose unused tail can be given back.
  const feeding = (async () => {
    for (;;) {
      const chunk = await source.read();
      if (chunk === undefined) {
        engine.end();
        return;
      }
      last = chunk;
      fed += chunk.length;
      await Promise.race([new Promise<void>((resolve) => void engine.write(chunk, resolve)), closed]);
      if (engine.destroyed || engine.bytesWritten < fed) return;
    }
  })();
  feeding.catch(() => engine.destroy());
  try {
    for await (const bytes of engine) yield bytes;
  } catch (error) {
    await feeding;
    throw damaged(error);
  } finally {
    engine.destroy();
  }
  await feeding;
  const unused = fed - engine.bytesWritten;
  if (unused > 0) source.unread(last.subarray(last.length - unused));
}

function damaged(error: unknown): DamagedStream {
  const cutShort = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
  return new DamagedStream(cutShort ? 'truncated' : 'corrupt', error instanceof Error ? error.message : String(error));
}
