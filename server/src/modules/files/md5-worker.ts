import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** What the main thread asks for one of several sums under way. */
export type Md5Request =
  | { readonly sum: number; readonly bytes: ArrayBuffer }
  | { readonly sum: number; readonly end: 'digest' | 'drop' };
export type Md5Reply =
  | { readonly sum: number; readonly taken: number }
  | { readonly sum: number; readonly md5: string };

const sums = new Map<number, Hash>();

parentPort?.on('message', (request: Md5Request) => {
  const { sum } = request;
  const hash = sums.get(sum) ?? createHash('md5');
  let reply: Md5Reply | undefined;
  if ('bytes' in request) {
    hash.update(new Uint8Array(request.bytes));
    sums.set(sum, hash);
    reply = { sum, taken: request.bytes.byteLength };
  } else {
    sums.delete(sum);
    if (request.end === 'digest') reply = { sum, md5: hash.digest('hex') };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  if (reply) parentPort?.postMessage(reply);
});
