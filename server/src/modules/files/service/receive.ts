import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Context, Principal } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { arriving } from '../arriving.ts';
import { checkBytes, type Checked } from '../check.ts';
import { startMd5 } from '../md5.ts';
import { readTogether } from '../read-together.ts';
import { heard } from '../upload-store.ts';
import { sameSender } from './sender.ts';

/** A file as it comes, with what its sender says of it. */
export interface Upload {
  readonly name: string;
  readonly bytes: Readable;
  /** `Content-Length`, when the sender knows it. */
  readonly length?: bigint;
  /** What the sender computed. */
  readonly declared: {
    readonly sha256?: string | undefined;
    readonly md5?: string | undefined;
    readonly size?: number | undefined;
  };
  readonly acceptDuplicate: boolean;
  /** Who is calling, asked anew. */
  readonly authenticate: () => Promise<Principal>;
}

/** What one pass over the bytes told. */
export interface Arrived {
  readonly sha256: string;
  readonly md5: string;
  readonly size: bigint;
  readonly checked: Checked;
}

/** How often an upload tells that it lives and asks whether its sender may still send. */
const pulseSeconds = 5;
/** Stores the bytes aside, hashes and checks them, all in one pass; asks on the way whether the sender may still send. */
export async function receive(
  context: Context,
  { id, key }: { id: string; key: string },
  upload: Upload,
  parts: Parts,
): Promise<Arrived> {
  const sha256 = createHash('sha256');
  const md5 = startMd5();
  let last = context.now().getTime();
  const source = arriving(upload.bytes, {
    idleSeconds: parts.config.http.uploadIdleSeconds,
    limit: BigInt(parts.config.limits.fileBytes),
    async onBytes(received) {
      const now = context.now();
      if (now.getTime() - last < pulseSeconds * 1000) return;
      last = now.getTime();
      sameSender(await upload.authenticate(), context);
      if (!(await heard(context.db, id, received, now))) throw new Problem('upload_broken');
    },
  });
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      sha256.update(chunk);
      const behind = md5.update(chunk);
      if (behind) await behind;
      parts.metrics.bytesIn.inc(chunk.length);
      yield chunk;
    }
  }
  try {
    const [{ size }, checked] = await readTogether(
      hashed(),
      (bytes) => parts.blobs.put(key, bytes),
      (bytes) => checkBytes(upload.name, bytes),
    );
    return { sha256: sha256.digest('hex'), md5: await md5.digest(), size, checked };
  } catch (error) {
    md5.drop();
    throw error;
  }
}
