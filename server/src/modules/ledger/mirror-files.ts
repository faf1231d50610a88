import { createHash } from 'node:crypto';
import type { BlobStore } from '../../platform/blobs.ts';
import { Problem } from '../../platform/problem.ts';

/** What is read of a log's files, wherever they lie. */
export type LogFiles = Pick<BlobStore, 'open' | 'size'>;

const patience = 30_000;
/** A bundle of 256 entries of the largest kind. */
const sizeLimit = 17 * 1024 * 1024;

/** The copy of a log that a mirror keeps (C2SP tlog-mirror, monitoring interface). Nothing it says is believed by itself. */
export function mirrorFiles(address: string, origin: string): LogFiles & { checkpoint(): Promise<string> } {
  const base = `${address.replace(/\/$/, '')}/${createHash('sha256').update(origin).digest('hex')}`;
  let last: { readonly path: string; readonly bytes: Buffer | undefined } | undefined;
  const get = async (path: string): Promise<Buffer | undefined> => {
    if (last?.path === path) return last.bytes;
    const response = await fetch(`${base}/${path}`, { signal: AbortSignal.timeout(patience), redirect: 'error' });
    if (response.status !== 200 && response.status !== 404) throw new Error(`${path}: HTTP ${response.status}`);
    const bytes = response.status === 200 ? await limited(response) : undefined;
    last = { path, bytes };
    return bytes;
  };
  return {
    async size(path) {
      const bytes = await get(path);
      return bytes && BigInt(bytes.length);
    },
    async open(path) {
      const bytes = await get(path);
      if (!bytes) throw new Problem('not_found');
      return once(bytes);
    },
    async checkpoint() {
      const bytes = await get('checkpoint');
      if (!bytes) throw new Problem('not_found');
      return bytes.toString('utf8');
    },
  };
}

async function limited(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    length += (part as Uint8Array).length;
    if (length > sizeLimit) throw new Error('a file of the mirror is too large');
  }
  return Buffer.concat(parts);
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
