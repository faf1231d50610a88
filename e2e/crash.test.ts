import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogRoutes, filesRoutes, objectRoutes, submissionRoutes, type Client } from '@geneward/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { writeStudy, type StudyFolder } from '../scripts/study.ts';
import { wayOf, type Way } from '../scripts/submit.ts';

type Victim = 'server' | 'database' | 'worker';

let data: string;
let server: RunningServer;
let worker: RunningServer | undefined;
let settings: Record<string, string>;
let submitter: Account;
let curator: Account;
/** The database that was killed last. */
let killed: number | undefined;

beforeAll(async () => {
  data = temporaryData('crash');
  settings = { GENEWARD_HTTP_PORT: String(await freePort()), GENEWARD_WORK_INLINE: 'false' };
  server = await startServer(data, settings);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
  curator = await people.invite({ email: 'curator@example.org', name: '王审核', roles: ['curator'] });
  worker = await startServer(data, settings, 'work');
});
afterAll(async () => {
  await worker?.stop();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Kills one process without warning and brings back what does not come back by itself. */
async function kill(victim: Victim): Promise<void> {
  if (victim === 'database') {
    // One that was killed a moment ago may not be back yet.
    await insist(async () => {
      const pid = databasePid();
      process.kill(pid, 'SIGKILL');
      killed = pid;
    });
  } else if (victim === 'server') {
    await end(server);
    server = await startServer(data, settings);
  } else if (worker) {
    await end(worker);
    worker = await startServer(data, settings, 'work');
  }
}

function databasePid(): number {
  const { cluster } = JSON.parse(readFileSync(join(data, 'postgres.json'), 'utf8')) as { cluster: string };
  return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Sessions of a killed database may answer a moment longer: waits until the next one does. */
async function settled(): Promise<void> {
  await insist(async () => {
    if (databasePid() === killed) throw new Error('the killed database is not back yet');
    await submitter.client.call(catalogRoutes.statistics, {});
  });
}

async function end(running: RunningServer): Promise<void> {
  const ended = new Promise((done) => running.process.once('exit', done));
  running.process.kill('SIGKILL');
  await ended;
}

/** Does a step again and again until it succeeds, as a client does that lost the answer. */
async function insist<T>(step: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await step();
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((done) => setTimeout(done, 500));
    }
  }
}

/** Takes a study through, killing at a random moment within every step. */
async function throughCrashes(way: Way, victim: Victim, seed: number): Promise<string> {
  let id = '';
  const steps: (() => Promise<unknown>)[] = [
    async () => (id = await way.open()),
    () => way.sheets(id),
    () => way.uploads(),
    () => way.submit(id),
    () => way.accept(id),
  ];
  for (const [index, step] of steps.entries()) {
    const cut = step().catch(() => undefined);
    await new Promise((done) => setTimeout(done, (seed * 37 + index * 53) % 120));
    await kill(victim);
    await cut;
    await insist(step);
  }
  await settled();
  return id;
}

async function verify(client: Client, study: StudyFolder, id: string): Promise<string[]> {
  const entries = await client.call(submissionRoutes.listEntries, {
    params: { submission: id },
    query: { limit: 200 },
  });
  expect(entries.items).toHaveLength(1 + study.samples * 3);
  expect(entries.items.every((entry) => entry.accession)).toBe(true);
  for (const entry of entries.items.filter((it) => it.type === 'run')) {
    const object = await client.call(objectRoutes.getObject, { params: { object: entry.object }, query: {} });
    expect(object.status).toBe('released');
    for (const file of object.content?.files ?? []) {
      const bytes = await client.raw(filesRoutes.downloadFile, { params: { id: file.id } });
      const sent = createHash('sha256')
        .update(readFileSync(join(study.folder, file.name)))
        .digest('hex');
      expect(
        createHash('sha256')
          .update(Buffer.from(await bytes.arrayBuffer()))
          .digest('hex'),
      ).toBe(sent);
    }
  }
  return entries.items.map((entry) => entry.accession ?? '');
}

it.each(['server', 'database', 'worker', 'server', 'database'] as const)(
  'loses and doubles nothing when the %s is killed in every step',
  async (victim) => {
    crashes += 1;
    const folder = mkdtempSync(join(tmpdir(), 'geneward-study-'));
    const study = writeStudy(folder, { name: `crash${crashes}`, samples: 3, pairs: 200, seed: crashes });
    const way = wayOf(
      study,
      `Crash ${crashes}`,
      () => submitter.client,
      () => curator.client,
    );
    const id = await throughCrashes(way, victim, crashes);
    accessions.push(...(await verify(submitter.client, study, id)));
    const mine = await submitter.client.call(submissionRoutes.listSubmissions, { query: { limit: 200 } });
    expect(mine.items.filter((it) => it.title === `Crash ${crashes}`)).toHaveLength(1);
    // The catalogue follows by a job, which may have been killed as well.
    const found = await insist(async () => {
      const { total } = await submitter.client.call(catalogRoutes.search, {
        query: { q: `crash${crashes}`, type: 'run' },
      });
      if (total.value < 3) throw new Error(`the catalogue shows ${total.value} runs`);
      return total.value;
    });
    expect(found).toBe(3);
    rmSync(folder, { recursive: true });
  },
);

it('gave every accession once and left no gap', () => {
  expect(new Set(accessions).size).toBe(accessions.length);
  for (const letter of ['P', 'S', 'X', 'R']) {
    const numbers = accessions
      .filter((it) => it.startsWith(`GW${letter}`))
      .map((it) => Number(it.slice(3)))
      .toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
});

let crashes = 0;
const accessions: string[] = [];

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}
