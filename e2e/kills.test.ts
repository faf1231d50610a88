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
import { findGateway, startGateway, type Gateway } from './versitygw.ts';

/** `GENEWARD_KILLS=200` for the whole; a run in CI is as long as it can afford. */
const kills = Number(process.env['GENEWARD_KILLS'] ?? 40);
const seed = process.env['GENEWARD_KILLS_SEED'] ?? '1';
const killsOfStudy = 10;
/** Large enough that ten kills find the upload under way, at the rate below. */
const size = 20 * 2 ** 20;
const rate = '4M';

/** Who is killed: each once before anybody is killed again, in an order that is drawn. */
const victims = ['client', 'server', 'worker', 'store'] as const;
type Victim = (typeof victims)[number];

const program = findGateway();

let data: string;
let home: string;
let settings: Record<string, string>;
/** What takes long in a kill is the start after it: programs are compiled once for all of them. */
const compiled = { NODE_COMPILE_CACHE: mkdtempSync(join(tmpdir(), 'geneward-compiled-')) };
let server: RunningServer;
/** It comes back by itself, while the others go on. */
let worker: Promise<RunningServer>;
let gateway: Gateway | undefined;
const killed: Record<Victim, number> = { client: 0, server: 0, worker: 0, store: 0 };
let submitter: Account;
let draws = 0;

/** The next number in [0, 1) of the seed. */
function random(): number {
  draws += 1;
  return createHash('sha256').update(`${seed}/${draws}`).digest().readUInt32BE() / 2 ** 32;
}

beforeAll(async () => {
  data = temporaryData('kills');
  if (program) gateway = await startGateway(program);
  home = mkdtempSync(join(tmpdir(), 'geneward-home-'));
  settings = {
    GENEWARD_HTTP_PORT: String(await freePort()),
    GENEWARD_WORK_INLINE: 'false',
    GENEWARD_HTTP_UPLOAD_IDLE_SECONDS: '1',
    ...compiled,
    ...(gateway && {
      GENEWARD_STORAGE_PLACEMENT: 'files=s3, *=main',
      GENEWARD_STORAGE_S3_BUCKET: 'objects',
      GENEWARD_STORAGE_S3_ENDPOINT: gateway.endpoint,
      GENEWARD_STORAGE_S3_ACCESS_KEY: gateway.account.accessKey,
      GENEWARD_STORAGE_S3_SECRET_KEY: gateway.account.secretKey,
    }),
  };
  server = await startServer(data, settings);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
  worker = startServer(data, settings, 'work');
  await worker;
});
afterAll(async () => {
  await (await worker).stop();
  await server.stop();
  gateway?.close();
  for (const folder of [data, home, compiled.NODE_COMPILE_CACHE]) rmSync(folder, { recursive: true, force: true });
});

const submit = (folder: string): Running =>
  startCommand(['submit', folder, '--draft', '--json', '--no-check', '--limit-rate', rate, '--parallel', '2'], {
    GENEWARD_URL: server.address,
    GENEWARD_TOKEN: submitter.token,
    GENEWARD_HOME: home,
    ...compiled,
  });

async function end({ process: child }: Pick<Running, 'process'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

let lots: Victim[] = [];
function draw(): Victim {
  if (lots.length === 0) lots = victims.filter((one) => one !== 'store' || gateway);
  return lots.splice(Math.floor(random() * lots.length), 1)[0] ?? 'client';
}

/** Kills one process at a random place of an upload under way and brings it back. */
async function kill(folder: string, sending: Running): Promise<Running> {
  const victim = draw();
  killed[victim] += 1;
  if (victim === 'client') {
    await end(sending);
    return submit(folder);
  }
  if (victim === 'server') {
    await end(server);
    server = await startServer(data, settings);
  } else if (victim === 'worker') {
    await end(await worker);
    worker = startServer(data, settings, 'work');
    worker.catch(() => undefined);
  } else if (gateway) {
    await end(gateway);
    await gateway.again();
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
        // Whether the first byte has gone or the last: the place is drawn, not chosen. It counts while the upload is under way.
        await new Promise((wait) => setTimeout(wait, 50 + random() * 700));
        if (sending.process.exitCode !== null) break;
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
      if (process.env['GENEWARD_KILLS']) console.log(`${done} kills, ${study} studies`, killed);
    }
    // No kind was spared.
    const spared = victims.filter((one) => (one !== 'store' || gateway) && killed[one] === 0);
    expect(spared).toEqual([]);
  },
  300_000 + kills * 30_000,
);
