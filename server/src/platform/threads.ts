import { parentPort, Worker } from 'node:worker_threads';

/** What goes to a thread: a request of one of the streams that it serves, or that the stream is over. */
interface Post<Request> {
  readonly lane: number;
  readonly request?: Request;
}
type Answer<Reply> = { readonly lane: number } & ({ readonly reply: Reply } | { readonly failure: unknown });

/** One stream's way to the thread that serves it. Answers come in the order of what was asked. */
export interface Lane<Request> {
  post(request: Request): void;
  /** Lets the thread forget the stream. */
  close(): void;
}

interface Listener<Reply> {
  onReply(reply: Reply): void;
  onFailure(failure: unknown): void;
}

interface Thread<Reply> {
  readonly worker: Worker;
  readonly lanes: Map<number, Listener<Reply>>;
}

/**
 * A few threads that serve many streams. A stream stays with the thread that had the fewest when it began, and what the streams of
 * a thread ask is done in the order in which it came, so that they share it. Threads are made when streams need them and do not
 * keep the process alive.
 */
export function threadPool<Request, Reply>(script: URL, most: number) {
  const threads = new Set<Thread<Reply>>();
  let lanes = 0;
  const make = (): Thread<Reply> => {
    const thread = { worker: new Worker(script), lanes: new Map<number, Listener<Reply>>() };
    const fail = (failure: unknown) => {
      threads.delete(thread);
      for (const listener of thread.lanes.values()) listener.onFailure(failure);
      thread.lanes.clear();
    };
    thread.worker.on('message', (answer: Answer<Reply>) => {
      const listener = thread.lanes.get(answer.lane);
      if ('reply' in answer) listener?.onReply(answer.reply);
      else listener?.onFailure(answer.failure);
    });
    thread.worker.on('error', fail);
    thread.worker.on('exit', () => fail(new Error(`the thread of ${script.pathname} ended`)));
    thread.worker.unref();
    threads.add(thread);
    return thread;
  };
  return (listener: Listener<Reply>): Lane<Request> => {
    const [least] = [...threads].toSorted((a, b) => a.lanes.size - b.lanes.size);
    const thread = least && (least.lanes.size === 0 || threads.size >= most) ? least : make();
    const lane = (lanes += 1);
    thread.lanes.set(lane, listener);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    const post = (message: Post<Request>) => thread.worker.postMessage(message);
    return {
      post: (request) => post({ lane, request }),
      close() {
        if (thread.lanes.delete(lane)) post({ lane });
      },
    };
  };
}

/** What serves one stream inside a thread. */
export interface Served<Request> {
  take(request: Request): void;
  close?(): void;
}

/** The other side: a thread's script calls it once. What `take` throws is told to the stream that asked. */
export function serveLanes<Request>(
  begin: (answer: (reply: unknown) => void, fail: (failure: unknown) => void) => Served<Request>,
): void {
  const served = new Map<number, Served<Request>>();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const send = (answer: Answer<unknown>) => parentPort?.postMessage(answer);
  parentPort?.on('message', ({ lane, request }: Post<Request>) => {
    const fail = (failure: unknown) => send({ lane, failure });
    try {
      const one = served.get(lane) ?? begin((reply) => send({ lane, reply }), fail);
      if (request === undefined) {
        one.close?.();
        served.delete(lane);
        return;
      }
      served.set(lane, one);
      one.take(request);
    } catch (failure) {
      fail(failure);
    }
  });
}
