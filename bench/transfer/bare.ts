import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** The least that could be done: a Node server that hashes (SHA-256, MD5) and writes, and one that reads a file and sends it. */
const file = process.argv[2] ?? '';

const server = createServer((incoming, reply) => {
  if (incoming.method !== 'PUT') {
    createReadStream(file, { highWaterMark: 1 << 20 }).pipe(reply);
    return;
  }
  const hashes = [createHash('sha256'), createHash('md5')];
  pipeline(
    incoming,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        for (const hash of hashes) hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file, { flush: true }),
  ).then(
    () => reply.end(JSON.stringify({ sha256: hashes[0]?.digest('hex') })),
    (error: unknown) => reply.destroy(error instanceof Error ? error : undefined),
  );
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
