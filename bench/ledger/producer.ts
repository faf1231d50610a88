import { parentPort, workerData } from 'node:worker_threads';
import { recordAll } from '../../server/src/platform/audit.ts';
import { systemContext } from '../../server/src/platform/context.ts';
import { openPool } from '../../server/src/platform/db.ts';
import { createLog } from '../../server/src/platform/log.ts';

/** How acts are offered: so many a second, so many in one transaction, and no more while `limit` wait. */
export interface Offer {
  readonly url: string;
  readonly rate: number;
  readonly atOnce: number;
  readonly connections: number;
  readonly limit: number;
}

/** What the producer tells of itself: a commit, or at the end its processor time in microseconds. */
export type Told = { readonly at: number; readonly acts: number } | { readonly cpu: number };

/** Milliseconds since 1970, the same in all threads. */
export const clock = (): number => performance.timeOrigin + performance.now();

if (parentPort) await produce(parentPort, workerData as Offer);

/** Records acts through the platform's own `recordAll`, as an archive that takes a large submission does. */
async function produce(port: NonNullable<typeof parentPort>, offer: Offer): Promise<void> {
  const { url, rate, atOnce, connections, limit } = offer;
  const pool = openPool(url, { size: connections, onError: () => undefined });
  const log = createLog({ level: 'error' });
  const now = () => new Date();
  const context = systemContext({ db: pool.db, log, now, name: 'bench', requestId: 'bench' });
  const events = Array.from({ length: atOnce }, (_, n) => ({
    type: 'platform.stopped',
    object: { kind: 'thing', id: String(n) },
    content: { role: 'bench' },
  }));
  let placed = 0;
  let recorded = 0;
  const stopping = new AbortController();
  port.on('message', (message: { placed: number } | 'stop') => {
    if (message === 'stop') stopping.abort();
    else placed += message.placed;
  });
  const began = clock();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (!stopping.signal.aborted) {
        if (recorded - placed >= limit || recorded >= ((clock() - began) / 1000) * rate) {
          await new Promise((done) => setTimeout(done, 1));
          continue;
        }
        recorded += atOnce;
        await recordAll(pool.db, context, events);
        port.postMessage({ at: clock(), acts: atOnce } satisfies Told);
      }
    }),
  );
  await pool.close();
  const { user, system } = process.threadCpuUsage();
  port.postMessage({ cpu: user + system } satisfies Told);
  port.close();
}
