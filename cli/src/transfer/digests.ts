import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** What the whole file is compared by. */
export interface Digests {
  readonly sha256: string;
  readonly md5: string;
}

// Text, because the packed command line is one file and has none beside it to start a thread from.
const follower = `
const { createHash } = require('node:crypto');
const { openSync, readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const sha256 = createHash('sha256');
const md5 = createHash('md5');
const file = openSync(workerData, 'r');
const block = Buffer.allocUnsafe(1 << 20);
let at = 0;
parentPort.on('message', ({ to, end }) => {
  while (at < to) {
    const read = readSync(file, block, 0, Math.min(block.length, to - at), at);
    if (read === 0) throw new Error('the file is shorter than what was written');
    const part = block.subarray(0, read);
    sha256.update(part);
    md5.update(part);
    at += read;
  }
  if (end) parentPort.postMessage({ sha256: sha256.digest('hex'), md5: md5.digest('hex') });
});
`;

/** Hashes a file that is being written, in a thread of its own, as far as it is whole from its start. */
export function followFile(path: string) {
  const worker = new Worker(follower, { eval: true, workerData: path });
  const ended = new Promise<Digests>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  ended.catch(() => undefined);
  const post = (request: { to: number; end?: true }) => worker.postMessage(request, []);
  let asked = 0;
  const step = 8 * 2 ** 20;
  return {
    /** All bytes before `to` are there. */
    reach(to: number): void {
      if (to - asked < step) return;
      asked = to;
      post({ to });
    },
    async end(size: number): Promise<Digests> {
      post({ to: size, end: true });
      return ended;
    },
    close: () => worker.terminate(),
  };
}

/** Of a file that lies there. */
export async function digestsOf(path: string): Promise<Digests> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    md5.update(chunk);
  }
  return { sha256: sha256.digest('hex'), md5: md5.digest('hex') };
}
