import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { spent } from '@geneward/crypt4gh';
import { Problem } from '../../platform/problem.ts';

export interface Arrival {
  /** Longest silence in seconds. */
  readonly idleSeconds: number;
  /** Most bytes of a file. */
  readonly limit: bigint;
  /** Called for every chunk with the bytes so far; awaited, so it may also stop the upload by throwing. */
  readonly onBytes: (received: bigint) => Promise<void> | void;
}

/**
 * The bytes of a request as they come. A silence, too many bytes and a broken connection end it with a Problem; the connection
 * itself is left alone, so that the refusal can still be told.
 */
export async function* arriving(body: Readable, { idleSeconds, limit, onBytes }: Arrival): AsyncGenerator<Uint8Array> {
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  let giveUp: (reason: Problem) => void = () => undefined;
  const timer = setTimeout(
    () => giveUp(new Problem('upload_stalled', { params: { seconds: idleSeconds } })),
    idleSeconds * 1000,
  );
  let received = 0n;
  try {
    for (;;) {
      timer.refresh();
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        giveUp = reject;
        chunks.next().then(resolve, (cause: unknown) => reject(new Problem('upload_broken', { cause })));
      });
      giveUp = () => undefined;
      if (next.done) return;
      received += BigInt(next.value.length);
      if (received > limit) throw new Problem('file_too_large', { params: { limit: String(limit) } });
      await onBytes(received);
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Gives the memory of what came back: the parser of a request makes a copy for whoever reads it, and nobody else has that. */
export function spentOf(body: Readable, chunk: Uint8Array): void {
  if (body instanceof IncomingMessage) spent(chunk);
}
