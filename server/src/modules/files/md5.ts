import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Md5Reply, Md5Request } from './md5-worker.ts';

/** Short files are summed where they are; a message to another thread would cost more. */
const short = 1024 * 1024;
/** Bytes that may wait for the thread: an upload is never further ahead. */
const ahead = 8 * 1024 * 1024;

export interface Md5 {
  /** A promise when the sum is behind: await it before the next chunk. */
  update(chunk: Uint8Array): Promise<void> | undefined;
  digest(): Promise<string>;
  /** Forgets a sum that nobody wants any more. */
  drop(): void;
}

/**
 * MD5 of a stream in a thread of its own: the one checksum of an archive that no processor helps with, and half of what a receiving
 * thread would otherwise do.
 */
export function startMd5(): Md5 {
  let gathered: Uint8Array[] = [];
  let waiting = 0;
  let far: ReturnType<typeof begin> | undefined;
  const flush = () => {
    const bytes = new Uint8Array(waiting);
    let at = 0;
    for (const chunk of gathered) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    gathered = [];
    waiting = 0;
    return bytes;
  };
  return {
    update(chunk) {
      gathered.push(chunk);
      waiting += chunk.length;
      if (waiting < short) return undefined;
      far ??= begin();
      return far.send(flush());
    },
    async digest() {
      if (!far) return createHash('md5').update(flush()).digest('hex');
      await far.send(flush());
      return far.digest();
    },
    drop: () => far?.drop(),
  };
}

let worker: Worker | undefined;
const open = new Map<number, { onReply: (reply: Md5Reply) => void; onError: (error: Error) => void }>();
let sums = 0;

/** The thread is made for the first long file, serves all of them, and does not keep the process alive while nothing is under way. */
function thread(): Worker {
  if (worker) return worker;
  const made = new Worker(new URL('md5-worker.ts', import.meta.url));
  const fail = (error: Error) => {
    worker = undefined;
    for (const { onError } of open.values()) onError(error);
    open.clear();
  };
  made.on('message', (reply: Md5Reply) => open.get(reply.sum)?.onReply(reply));
  made.on('error', fail);
  made.on('exit', () => fail(new Error('the thread of checksums ended')));
  made.unref();
  worker = made;
  return made;
}

function begin() {
  const sum = (sums += 1);
  const made = thread();
  let behind = 0;
  let failed: Error | undefined;
  let wake: () => void = () => undefined;
  let md5: string | undefined;
  open.set(sum, {
    onReply(reply) {
      if ('md5' in reply) md5 = reply.md5;
      else behind -= reply.taken;
      wake();
    },
    onError(error) {
      failed = error;
      wake();
    },
  });
  const post = (request: Md5Request, transfer: ArrayBuffer[] = []) => made.postMessage(request, transfer);
  const until = async (holds: () => boolean) => {
    for (;;) {
      if (failed) throw failed;
      if (holds()) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    send(bytes: Uint8Array<ArrayBuffer>): Promise<void> | undefined {
      behind += bytes.length;
      post({ sum, bytes: bytes.buffer }, [bytes.buffer]);
      return behind > ahead || failed ? until(() => behind <= ahead) : undefined;
    },
    async digest(): Promise<string> {
      post({ sum, end: 'digest' });
      await until(() => md5 !== undefined);
      open.delete(sum);
      return md5 ?? '';
    },
    drop() {
      open.delete(sum);
      post({ sum, end: 'drop' });
    },
  };
}
