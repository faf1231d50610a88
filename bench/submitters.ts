import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createClient, submissionRoutes, type Client } from '@geneward/api';
import { sql } from 'kysely';
import { startServer, temporaryData } from '../scripts/server.ts';
import { openPool, type Pool } from '../server/src/platform/db.ts';
import { attachEmbedded } from '../server/src/platform/postgres/embedded.ts';
import { person } from '../server/test/people.ts';
import { studyTables } from '../server/test/sheets.ts';
import type { Figure } from './figure.ts';

/** Fewer for a quick try: `GENEWARD_BENCH_SUBMITTERS=20`. */
const submitters = Number(process.env['GENEWARD_BENCH_SUBMITTERS'] ?? 200);
const samples = 50;
/** What a submitter takes between two requests, in milliseconds: half to one and a half of this. */
const pause = Number(process.env['GENEWARD_BENCH_PAUSE'] ?? 6000);

/**
 * 200 submitters at work at the same time, each with a study of one project, 50 samples and 50 experiments: open a draft, send
 * three sheets, send it in, ask until it is before the curators. Every creation and every sheet is sent twice now and then, as
 * after a lost answer. Requests and jobs are served by a process each, as in production. In the end the database is asked
 * whether anything is missing or there twice.
 */
export async function run(): Promise<Figure[]> {
  const data = temporaryData('bench');
  const server = await startServer(data, { GENEWARD_WORK_INLINE: 'false' });
  const worker = await startServer(data, {}, 'work');
  try {
    const pool = await poolOf(data);
    try {
      const clients = await clientsOf(pool, server.address);
      const times: number[] = [];
      const began = performance.now();
      await Promise.all(clients.map((client, n) => submitStudy(client, `study${n}`, times)));
      const seconds = (performance.now() - began) / 1000;
      const { lost, doubled } = await compare(pool);
      times.sort((a, b) => a - b);
      const at = (share: number) =>
        Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
      console.log(`${times.length} requests in ${Math.round(seconds)} s`);
      return [
        { name: 'submitters.p50', value: at(0.5), unit: 'ms', better: 'lower' },
        { name: 'submitters.p95', value: at(0.95), unit: 'ms', better: 'lower', target: 500 },
        { name: 'submitters.lost', value: lost, unit: 'objects', better: 'lower', target: 0 },
        { name: 'submitters.doubled', value: doubled, unit: 'objects', better: 'lower', target: 0 },
      ];
    } finally {
      await pool.close();
    }
  } finally {
    await worker.stop();
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function poolOf(data: string): Promise<Pool> {
  const embedded = await attachEmbedded(data);
  if (!embedded) throw new Error('no database runs on the data directory');
  return openPool(embedded.url, { size: 4, onError: () => undefined });
}

async function clientsOf(pool: Pool, baseUrl: string): Promise<Client[]> {
  const clients: Client[] = [];
  for (let n = 0; n < submitters; n += 1) {
    const { token } = await person({ pool, now: () => new Date() } as never, { roles: ['submitter'] });
    clients.push(createClient({ baseUrl, token }));
  }
  return clients;
}

async function submitStudy(client: Client, name: string, times: number[]): Promise<void> {
  const { sheets } = studyTables(name, samples);
  const timed = async <T>(act: () => Promise<T>): Promise<T> => {
    await rest();
    const began = performance.now();
    const result = await act();
    times.push(performance.now() - began);
    return result;
  };
  /** One request in ten is repeated, as after an answer that was lost. */
  const perhapsAgain = async <T>(act: () => Promise<T>): Promise<T> => {
    const first = await timed(act);
    return Math.random() < 0.1 ? timed(act) : first;
  };
  const idempotencyKey = randomUUID();
  const { id } = await perhapsAgain(() =>
    client.call(submissionRoutes.createSubmission, { body: { title: name }, idempotencyKey }),
  );
  for (const sheet of ['project.tsv', 'sample.tsv', 'experiment.tsv'] as const)
    await perhapsAgain(() =>
      client.raw(submissionRoutes.putSheet, {
        params: { submission: id, sheet },
        body: sheets[sheet],
        headers: { 'content-type': 'text/tab-separated-values' },
      }),
    );
  const params = { submission: id };
  await timed(() => client.call(submissionRoutes.submitSubmission, { params }));
  for (;;) {
    const now = await timed(() => client.call(submissionRoutes.getSubmission, { params }));
    if (now.status === 'in_review') return;
    if (now.status !== 'checking') throw new Error(`${name} went to ${now.status}: ${JSON.stringify(now.counts)}`);
  }
}

const rest = () => new Promise((done) => setTimeout(done, pause * (0.5 + Math.random())));

/** Objects that should be there and are not, and such that are there more than once. */
async function compare({ db }: Pool): Promise<{ lost: number; doubled: number }> {
  const { rows } = await sql<{ alias: string; submissions: number; objects: number }>`
    select s.title as alias, count(distinct s.id)::int as submissions, count(v.object_id)::int as objects
    from submission s left join object_version v on v.submission_id = s.id group by s.title`.execute(db);
  const expected = 1 + 2 * samples;
  const lost = rows.reduce(
    (sum, row) => sum + Math.max(0, expected - row.objects),
    (submitters - rows.length) * expected,
  );
  const doubled = rows.reduce((sum, row) => sum + Math.max(0, row.objects - expected) + (row.submissions - 1), 0);
  return { lost, doubled };
}
