import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesRoutes } from '@geneward/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { startCommand, type Running } from './transfer/command.ts';
import { freePort } from './transfer/port.ts';
import { writeLongStudy } from './transfer/reads.ts';

/** `GENEWARD_KILLS=200` for the whole; a run in CI is short. */
const kills = Number(process.env['GENEWARD_KILLS'] ?? 5);
const seed = process.env['GENEWARD_KILLS_SEED'] ?? '1';
const killsOfStudy = 5;
const size = 9 * 2 ** 20;

let data: string;
let home: string;
let settings: Record<string, string>;
let server: RunningServer;
let worker: RunningServer;
let submitter: Account;
let draws = 0;

/** The next number in [0, 1) of the seed. */
function random(): number {
  draws += 1;
  return createHash('sha256').update(`${seed}/${draws}`).digest().readUInt32BE() / 2 ** 32;
}

beforeAll(async () => {
  data = temporaryData('kills');
  home = mkdtempSync(join(tmpdir(), 'geneward-home-'));
  settings = {
    GENEWARD_HTTP_PORT: String(await freePort()),
    GENEWARD_WORK_INLINE: 'false',
    GENEWARD_HTTP_UPLOAD_IDLE_SECONDS: '1',
  };
  server = await startServer(data, settings);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
  worker = await startServer(data, settings, 'work');
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
  for (const folder of [data, home]) rmSync(folder, { recursive: true, force: true });
});

const submit = (folder: string): Running =>
  startCommand(['submit', folder, '--draft', '--json', '--no-check', '--limit-rate', '6M', '--parallel', '2'], {
    GENEWARD_URL: server.address,
    GENEWARD_TOKEN: submitter.token,
    GENEWARD_HOME: home,
  });

async function end({ process: child }: Pick<Running, 'process'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

/** Kills one process at a random place of an upload under way and brings it back. */
async function kill(folder: string, sending: Running): Promise<Running> {
  const victim = (['client', 'server', 'worker'] as const)[Math.floor(random() * 3)];
  if (victim === 'client') {
    await end(sending);
    return submit(folder);
  }
  if (victim === 'server') {
    await end(server);
    server = await startServer(data, settings);
  } else {
    await end(worker);
    worker = await startServer(data, settings, 'work');
  }
  return sending;
}

it(
  `sends every file whole, whoever is killed at random places (${kills} times, seed ${seed})`,
  async () => {
    for (let done = 0, study = 1; done < kills; study += 1) {
      const folder = join(data, `study${study}`);
      const { files } = writeLongStudy(folder, `s${seed}x${study}`, Math.ceil(size * (0.5 + random())));
      let sending = submit(folder);
      for (let nth = 0; nth < killsOfStudy && done < kills; nth += 1, done += 1) {
        // Whether the first byte has gone or the last: the place is drawn, not chosen.
        await new Promise((wait) => setTimeout(wait, 300 + random() * 2500));
        sending = await kill(folder, sending);
      }
      let ended = await sending.ended;
      // A server that is away when the command begins is told as that: whoever called it calls it again.
      for (let tries = 0; ended.code === 4 && tries < 5; tries += 1) ended = await submit(folder).ended;
      expect([ended.code, ended.code === 0 ? '' : ended.out + ended.err]).toEqual([0, '']);
      for (const name of files) {
        const sha256 = createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex');
        const { items } = await submitter.client.call(filesRoutes.listFiles, { query: { name, limit: 10 } });
        expect(items.map((file) => file.sha256)).toEqual([sha256]);
        const back = await submitter.client.raw(filesRoutes.downloadFile, { params: { id: items[0]?.id ?? '' } });
        const bytes = Buffer.from(await back.arrayBuffer());
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      }
      rmSync(folder, { recursive: true });
      if (process.env['GENEWARD_KILLS']) console.log(`${done} kills, ${study} studies`);
    }
  },
  300_000 + kills * 60_000,
);
