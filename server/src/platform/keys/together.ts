import { KeyProblem } from './suite.ts';

interface Waiting<A, B> {
  readonly item: A;
  readonly resolve: (result: B) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Calls that come while one is under way go out together after it: many small requests become few large ones. When one of a
 * batch is at fault the others are asked for singly, so that it harms only itself.
 */
export function together<A, B>(
  work: (items: readonly A[]) => Promise<readonly B[]>,
  most: number,
): (item: A) => Promise<B> {
  const waiting: Waiting<A, B>[] = [];
  let running = false;
  const one = async ({ item, resolve, reject }: Waiting<A, B>) => {
    try {
      const [result] = await work([item]);
      if (result === undefined) throw new Error('nothing was answered');
      resolve(result);
    } catch (error) {
      reject(error);
    }
  };
  const all = async (batch: readonly Waiting<A, B>[]) => {
    try {
      const results = await work(batch.map(({ item }) => item));
      for (const [nth, { resolve }] of batch.entries()) resolve(results[nth] as B);
    } catch (error) {
      const passing = error instanceof KeyProblem && (error.code === 'keys_away' || error.code === 'keys_refused');
      if (passing) for (const { reject } of batch) reject(error);
      else await Promise.all(batch.map(one));
    }
  };
  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      const [first] = batch;
      if (batch.length === 1 && first) await one(first);
      else await all(batch);
    }
    running = false;
  };
  return (item) =>
    new Promise<B>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!running) void run();
    });
}
