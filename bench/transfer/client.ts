import { createHash } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** Sends bytes; gives the answer and the MiB per second from the first byte to it. */
export async function send(
  address: string,
  headers: Record<string, string>,
  chunks: Iterable<Uint8Array>,
  method: 'PUT' | 'PATCH' = 'PUT',
): Promise<{ body: string; rate: number }> {
  const began = performance.now();
  let bytes = 0;
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const sending = request(address, { method, headers }, resolve);
    sending.on('error', reject);
    async function* counted() {
      for (const chunk of chunks) {
        bytes += chunk.length;
        yield chunk;
      }
    }
    Readable.from(counted(), { objectMode: false, highWaterMark: 1 << 20 }).pipe(sending);
  });
  let body = '';
  for await (const text of reply.setEncoding('utf8')) body += String(text);
  if (reply.statusCode !== 200 && reply.statusCode !== 204) throw new Error(`${reply.statusCode}: ${body}`);
  return { body, rate: bytes / 2 ** 20 / ((performance.now() - began) / 1000) };
}

/** Sends bytes to a tus server as one upload in one request. */
export async function sendByTus(address: string, chunks: Iterable<Uint8Array>, length: number): Promise<number> {
  const tus = { 'tus-resumable': '1.0.0' };
  const made = await fetch(address, { method: 'POST', headers: { ...tus, 'upload-length': String(length) } });
  const place = made.headers.get('location');
  if (!place) throw new Error(`${made.status}: ${await made.text()}`);
  const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  return (await send(new URL(place, address).href, headers, chunks, 'PATCH')).rate;
}

/** Fetches bytes and verifies their SHA-256; gives the MiB per second. */
export async function fetchVerified(address: string, headers: Record<string, string>, sha256: string): Promise<number> {
  const began = performance.now();
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request(address, { headers }, resolve).on('error', reject).end();
  });
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (hash.digest('hex') !== sha256) throw new Error(`other bytes came back from ${address}`);
  return bytes / 2 ** 20 / ((performance.now() - began) / 1000);
}
