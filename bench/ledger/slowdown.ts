import { createClient, submissionRoutes, type Client } from '@geneward/api';
import pg from 'pg';
import { startServer } from '../../scripts/server.ts';
import { attachEmbedded } from '../../server/src/platform/postgres/embedded.ts';
import { openPool } from '../../server/src/platform/db.ts';
import { person } from '../../server/test/people.ts';

/** Seconds with the ledger, then as many without: two checkpoints fall into each stretch. */
const stretch = 4;

/** What an act costs its caller, in milliseconds on average. */
export interface Slowdown {
  readonly bare: number;
  readonly logged: number;
}

/**
 * One of the smallest acts that there are, the making of a draft over HTTP, one after another, on a server that runs its jobs and
 * its ledger in the same process. In turns, acts go to the ledger as ever, or the trigger that queues them is off.
 */
export async function slowdown(data: string, seconds: number): Promise<Slowdown> {
  const server = await startServer(data, { GENEWARD_LIMITS_REQUESTS_PER_MINUTE: '10000000' });
  try {
    const embedded = await attachEmbedded(data);
    if (!embedded) throw new Error('no database runs on the data directory');
    const pool = openPool(embedded.url, { size: 2, onError: () => undefined });
    const owner = new pg.Client({ connectionString: embedded.ownerUrl });
    await owner.connect();
    try {
      const { token } = await person({ pool, now: () => new Date() } as never, { roles: ['submitter'] });
      const client = createClient({ baseUrl: server.address, token });
      await draft(client, stretch);
      const times = { bare: [] as number[], logged: [] as number[] };
      for (let round = 0; round < Math.max(1, seconds / stretch / 2); round += 1)
        for (const mode of round % 2 === 0 ? (['bare', 'logged'] as const) : (['logged', 'bare'] as const)) {
          const how = mode === 'bare' ? 'disable' : 'enable';
          await owner.query(`alter table audit_event ${how} trigger audit_event_to_ledger`);
          times[mode].push(...(await draft(client, stretch)));
        }
      return { bare: mean(times.bare), logged: mean(times.logged) };
    } finally {
      await owner.end();
      await pool.close();
    }
  } finally {
    await server.stop();
  }
}

/** Milliseconds of each act. */
async function draft(client: Client, seconds: number): Promise<number[]> {
  const times: number[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    const began = performance.now();
    await client.call(submissionRoutes.createSubmission, { body: { title: 'An ordinary act' } });
    times.push(performance.now() - began);
  }
  return times;
}

const mean = (times: readonly number[]): number => times.reduce((sum, one) => sum + one, 0) / times.length;
