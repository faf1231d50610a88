import type { Readable } from 'node:stream';
import type { Context, Principal } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { arriving, spentOf } from '../arriving.ts';
import { startPass, type Arrived } from '../pass.ts';
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

/** How often an upload tells that it lives and asks whether its sender may still send. */
const pulseSeconds = 5;
/** Stores the bytes aside, hashes and checks them, all in one pass; asks on the way whether the sender may still send. */
export async function receive(
  context: Context,
  { id, key }: { id: string | undefined; key: string },
  upload: Upload,
  parts: Parts,
): Promise<Arrived> {
  let last = context.now().getTime();
  const source = arriving(upload.bytes, {
    idleSeconds: parts.config.http.uploadIdleSeconds,
    limit: BigInt(parts.config.limits.fileBytes),
    async onBytes(received) {
      const now = context.now();
      if (now.getTime() - last < pulseSeconds * 1000) return;
      last = now.getTime();
      sameSender(await upload.authenticate(), context);
      if (id && !(await heard(context.db, id, received, now))) throw new Problem('upload_broken');
    },
  });
  const { name, length } = upload;
  const expect = length === undefined ? undefined : Number(length);
  const pass = await startPass({ key, name, expect, alone: true }, parts);
  try {
    for await (const chunk of source) {
      parts.metrics.bytesIn.inc(chunk.length);
      await pass.push(chunk);
      spentOf(upload.bytes, chunk);
    }
    return await pass.end();
  } catch (error) {
    await pass.drop();
    throw error;
  }
}
