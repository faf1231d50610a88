import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What somebody on the way may do to a reply. */
export interface Meddler {
  /** The address to ask instead. */
  readonly path?: (path: string) => string;
  /** Other bytes instead of those that came for a range that begins at `from`. */
  readonly body?: (bytes: Buffer, from: number, path: string) => Buffer;
}

/** Stands between the command line and a server, and meddles with what files are delivered. */
export async function startProxy(target: () => string) {
  let meddler: Meddler = {};
  const ranges: { readonly path: string; readonly from: number; readonly to: number }[] = [];
  const server = createServer((incoming, reply) => {
    const path = meddler.path?.(incoming.url ?? '/') ?? incoming.url ?? '/';
    const delivers = /\/(?:content|encrypted)(?:\?|$)/.test(path);
    const { method = 'GET', headers } = incoming;
    const going = request(new URL(path, target()), { method, headers }, (answer) => {
      const [, from = 0, to = 0] = (/^bytes (\d+)-(\d+)/.exec(answer.headers['content-range'] ?? '') ?? []).map(Number);
      if (!delivers || !meddler.body) {
        if (delivers) ranges.push({ path, from, to: to + 1 });
        reply.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(reply);
        answer.once('error', () => reply.destroy());
        return;
      }
      ranges.push({ path, from, to: to + 1 });
      const parts: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => parts.push(chunk));
      answer.once('end', () => {
        const bytes = Buffer.concat(parts);
        const body = meddler.body?.(bytes, from, path) ?? bytes;
        reply.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'content-length': body.length });
        reply.end(body);
      });
    });
    going.once('error', () => reply.destroy());
    reply.once('close', () => going.destroy());
    incoming.pipe(going);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Ranges that were delivered since the last look. */
    taken: () => ranges.splice(0),
    meddle: (next: Meddler) => void (meddler = next),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
