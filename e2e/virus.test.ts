import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { madeUpDataset, madeUpName } from '@geneward/phylo';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { genomesOf, turnover } from '../server/test/virus.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { startCommand } from './transfer/command.ts';

let data: string;
let server: RunningServer;
let submitter: Account;

beforeAll(async () => {
  data = temporaryData('virus');
  server = await startServer(data);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
  mkdirSync(join(data, 'files'));
  for (const name of ['sequences.fasta', 'metadata.tsv'])
    writeFileSync(at(name), madeUpDataset().get(name) ?? new Uint8Array());
});
afterAll(async () => {
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});

const at = (name: string) => join(data, 'files', name);
const virus = (...args: string[]) =>
  startCommand(['virus', ...args], {
    GENEWARD_URL: server.address,
    GENEWARD_TOKEN: submitter.token,
    GENEWARD_HOME: join(data, 'home'),
  }).ended;
/** Runs a verb that must succeed and gives what it answers to programs. */
async function answer<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await virus(...args, '--json');
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

it('takes genomes with their terms from the command line, answers questions, and takes one back', async () => {
  const [head = '', ...rows] = readFileSync(at('metadata.tsv'), 'utf8').trimEnd().split('\n');
  const own = rows.map((row, index) => `${row}\t${index === 2 ? 'CC0-1.0' : ''}`);
  writeFileSync(at('metadata.tsv'), [`${head}\tlicense`, ...own].join('\n'));
  const given = ['--dataset', madeUpName, '--source', '湖边实验室', '--license', 'CC-BY-4.0', '--terms', 'Cite us'];
  const batch = await answer<{ id: string; state: string; accepted: number; records: number }>(
    'send',
    at('sequences.fasta'),
    '--metadata',
    at('metadata.tsv'),
    ...given,
  );
  expect(batch).toMatchObject({ state: 'done', accepted: 12, records: 12 });
  const genomes = await answer<{ id: string; name: string; use: { license: string; source: string } }[]>(
    'genomes',
    '--batch',
    batch.id,
  );
  expect(genomes.map(({ use }) => use.license)).toEqual(own.map((_, at) => (at === 2 ? 'CC0-1.0' : 'CC-BY-4.0')));
  expect((await answer<unknown[]>('batches'))[0]).toMatchObject({ id: batch.id });
  expect((await virus('report', batch.id, '--format', 'html', '--out', at('report.html'))).code).toBe(0);
  expect(readFileSync(at('report.html'), 'utf8')).toMatch(/CC-BY-4\.0 \(11\)[^]*CC0-1\.0 \(1\)/);
  const gone = genomes[0]?.id ?? '';
  await answer('withdraw', gone, '--reason', 'Consent was taken back');
  const { citation } = await answer<{ citation: object }>('mutations', '--batch', batch.id);
  expect(citation).toMatchObject({ withdrawn: 1, uses: [{ genomes: 10 }, { license: 'CC0-1.0', genomes: 1 }] });
  for (const verb of ['frequencies', 'lineages']) {
    const { code, out } = await virus(verb, '--batch', batch.id);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/湖边实验室 · CC-BY-4\.0 · Cite us[^]*1 genomes were withdrawn/),
    ]);
  }
});

it('tells what is wrong with a batch, and ends with the code for it', async () => {
  writeFileSync(at('none.fasta'), 'nothing of the kind');
  const given = ['--dataset', madeUpName, '--source', 'x', '--license', 'CC0-1.0'];
  const { code, err } = await virus('send', at('none.fasta'), ...given);
  expect([code, err]).toEqual([1, expect.stringContaining('[GW7002]')]);
  expect((await virus('send', at('no.fasta'), ...given)).code).toBe(2);
  expect((await virus('send', at('none.fasta'), ...given.with(1, 'flu'))).err).toContain('[virus_dataset_unknown]');
});

it('locks forecasts on the server, shows those that could not be made, and can make the others again', async () => {
  const lock = async () => {
    const { id } = await answer<{ id: string }>('rounds', 'lock', '--dataset', madeUpName);
    for (;;) {
      const found = (await answer<{ id: string; state: string }[]>('rounds', 'list')).find((one) => one.id === id);
      if (found && found.state !== 'waiting') return found;
    }
  };
  expect(await lock()).toMatchObject({ state: 'failed' });
  expect((await virus('rounds', 'scores')).out).toContain('1 could not be made');
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const { records, fasta } = genomesOf(turnover(day(61), [0, 60], 2));
  writeFileSync(at('many.tsv'), records);
  writeFileSync(at('many.fasta'), fasta);
  const given = ['--dataset', madeUpName, '--source', 'x', '--license', 'CC0-1.0', '--metadata', at('many.tsv')];
  await answer('send', at('many.fasta'), ...given);
  const { id, state } = await lock();
  expect(state).toBe('locked');
  const checks = await answer<{ what: string; verdict: string }[]>('verify', 'forecast', id);
  expect(checks.map(({ verdict }) => verdict)).toEqual(['same', 'same', 'same', 'same']);
  const folder = join(data, 'round');
  await answer('rounds', 'fetch', id, '--out', folder);
  const scored = await virus('score', folder, '--truth', join(folder, 'counts.tsv'));
  expect([scored.code, scored.out]).toEqual([0, expect.stringContaining('no change')]);
});

it('makes conclusions of the server again from their records, and sees when one is another', async () => {
  const given = ['--dataset', madeUpName, '--source', 'x', '--license', 'CC0-1.0', '--metadata', at('metadata.tsv')];
  const { id } = await answer<{ id: string }>('send', at('sequences.fasta'), '--shared', ...given);
  const verdicts = async (...args: string[]) =>
    (await answer<{ what: string; verdict: string }[]>('verify', ...args)).map(
      ({ what, verdict }) => `${verdict} ${what}`,
    );
  expect(await verdicts('batch', id)).toEqual([`same genomes ${id}`, 'same reports']);
  for (let looks = 0; (await virus('verify', 'tree', madeUpName)).code === 3 && looks < 100; looks++);
  const tree = ['same program', `same genomes ${id}`, 'same inputs', 'same tree'];
  expect(await verdicts('tree', madeUpName)).toEqual(tree);
  const receipts = startCommand(['receipt', id, '--list', '--json'], {
    GENEWARD_URL: server.address,
    GENEWARD_HOME: join(data, 'home'),
  });
  expect(
    (JSON.parse((await receipts.ended).out) as { items: { type: string }[] }).items.map(({ type }) => type),
  ).toEqual(['virus.batch_opened', 'virus.genomes_received', 'virus.batch_done']);
  const [first] = await answer<{ id: string }[]>('genomes', '--batch', id);
  await answer('withdraw', first?.id ?? '', '--reason', 'Consent was taken back');
  expect(await verdicts('batch', id)).toEqual([`unknown genomes ${id}`, 'same reports']);
  expect((await verdicts('tree', madeUpName, '--state', '1')).at(-1)).toBe('unknown tree');
  for (let looks = 0; (await verdicts('tree', madeUpName)).at(-1) === 'unknown tree' && looks < 100; looks++);
  expect((await verdicts('tree', madeUpName)).at(-1)).toBe('same tree');
});
