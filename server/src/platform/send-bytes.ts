import type { ServerResponse } from 'node:http';
import { spent } from '@geneward/crypt4gh';
import type { FastifyReply } from 'fastify';
import type { Log } from './log.ts';

/**
 * Sends bytes as the body of a reply, whose headers are set, and gives the memory of each chunk back as soon as it is on its way. The
 * first chunk is asked for before it returns: what goes wrong until then is thrown and can be told; later the connection is cut, which no
 * client can take for the end.
 */
export async function sendBytes(
  reply: FastifyReply,
  bytes: AsyncIterable<Uint8Array>,
  log: Log,
): Promise<FastifyReply> {
  const chunks = bytes[Symbol.asyncIterator]();
  const first = await chunks.next();
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  pump(raw, first, chunks).catch((error: unknown) => {
    if (raw.destroyed) return;
    log.warn({ err: error }, 'a reply was cut');
    raw.destroy();
  });
  return reply;
}

async function pump(
  raw: ServerResponse,
  first: IteratorResult<Uint8Array>,
  chunks: AsyncIterator<Uint8Array>,
): Promise<void> {
  let giveUp: (reason: Error) => void = () => undefined;
  const gone = () => giveUp(new Error('the connection was closed'));
  raw.once('close', gone);
  try {
    for (let next = first; !next.done; next = await chunks.next()) {
      const { value } = next;
      await new Promise<void>((resolve, reject) => {
        giveUp = reject;
        if (raw.destroyed) gone();
        else raw.write(value, (error) => (error ? reject(error) : resolve()));
      });
      spent(value);
    }
    raw.end();
  } finally {
    raw.off('close', gone);
    await chunks.return?.();
  }
}
