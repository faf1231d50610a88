import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a store does wrong with one request. */
export type StoreFault =
  /** Answers with an error of its own, as S3 words it. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** Does what it was asked, and answers with an error all the same. */
  | { readonly kind: 'lost-answer'; readonly status: number; readonly code: string }
  /** Takes the request and says nothing, ever. */
  | { readonly kind: 'silent' }
  /** Falls silent after so many bytes of its answer. */
  | { readonly kind: 'stalls'; readonly after: number }
  /** Breaks the connection after so many bytes of its answer. */
  | { readonly kind: 'breaks'; readonly after: number }
  /** Answers with other bytes than lie there: those of an earlier object, or fewer. */
  | { readonly kind: 'other-bytes'; readonly of: (bytes: Buffer) => Buffer }
  /** Says that the object is not there, as a replica does that has not heard of it yet. */
  | { readonly kind: 'absent' };

/** One request as the store sees it. */
export interface StoreRequest {
  readonly method: string;
  /** Path and query: `/bucket/key?partNumber=2&uploadId=…`. */
  readonly path: string;
}

/** Stands in front of a real S3-compatible store and does what stores do in bad hours; signatures stay right. */
export async function startFaultyStore(target: string) {
  let choose: (asked: StoreRequest) => StoreFault | undefined = () => undefined;
  const seen: (StoreRequest & { readonly fault: StoreFault['kind'] | undefined })[] = [];
  const server = createServer((incoming, reply) => {
    const asked = { method: incoming.method ?? 'GET', path: incoming.url ?? '/' };
    const fault = choose(asked);
    seen.push({ ...asked, fault: fault?.kind });
    if (fault?.kind === 'silent') incoming.resume();
    else if (fault?.kind === 'error') {
      incoming.resume();
      incoming.once('end', () => refuse(reply, fault));
    } else if (fault?.kind === 'absent') {
      incoming.resume();
      incoming.once('end', () => refuse(reply, { status: 404, code: 'NoSuchKey' }));
    } else pass(target, incoming, reply, fault);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on: which fault a request meets, if any. */
    fault: (next: typeof choose) => void (choose = next),
    heal: () => void (choose = () => undefined),
    /** Requests since the last look. */
    seen: () => seen.splice(0),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(target: string, incoming: IncomingMessage, reply: ServerResponse, fault: StoreFault | undefined): void {
  const { method = 'GET', headers, url = '/' } = incoming;
  const going = request(new URL(url, target), { method, headers }, (answer) => {
    const status = answer.statusCode ?? 502;
    if (!fault) {
      reply.writeHead(status, answer.headers);
      answer.pipe(reply);
      answer.once('error', () => reply.destroy());
      return;
    }
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.once('end', () => spoil(reply, { status, headers: answer.headers, body: Buffer.concat(chunks) }, fault));
  });
  going.once('error', () => reply.destroy());
  reply.once('close', () => going.destroy());
  incoming.pipe(going);
}

function spoil(
  reply: ServerResponse,
  answer: { status: number; headers: IncomingMessage['headers']; body: Buffer },
  fault: StoreFault,
): void {
  const { status, headers, body } = answer;
  if (fault.kind === 'lost-answer') return refuse(reply, fault);
  if (fault.kind === 'other-bytes') {
    const bytes = fault.of(body);
    reply.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes);
    return;
  }
  reply.writeHead(status, headers);
  if (fault.kind === 'stalls') reply.write(body.subarray(0, fault.after));
  if (fault.kind === 'breaks') reply.write(body.subarray(0, fault.after), () => reply.destroy());
}

function refuse(reply: ServerResponse, { status, code }: { status: number; code: string }): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  reply.writeHead(status, { 'content-type': 'application/xml', 'content-length': body.length }).end(body);
}
