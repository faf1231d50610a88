import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { madeUpDataset, madeUpHash } from '@geneward/phylo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, geneward, type Ended } from './testing/run.ts';

const folder = emptyFolder();
const home = join(folder, 'home');
const own = join(folder, 'own');
const at = (...parts: string[]): string => join(folder, ...parts);
const virus = (...args: string[]): Promise<Ended> => geneward(['virus', ...args], { GENEWARD_HOME: home });
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names the shape at each use
const json = <T>({ out }: Ended): T => JSON.parse(out) as T;
const files = madeUpDataset();
const text = (name: string): string => new TextDecoder().decode(files.get(name));
const records = text('sequences.fasta').split(/(?=>)/);

beforeAll(() => {
  mkdirSync(own);
  for (const [name, bytes] of files) writeFileSync(join(own, name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('data sets', () => {
  it('come with a made-up one, are installed with terms, and are found to be changed', async () => {
    expect(json<{ id: string }[]>(await virus('dataset', 'list', '--json')).map(({ id }) => id)).toEqual([
      'made-up-virus',
    ]);
    const pathogen = text('pathogen.json')
      .replaceAll('made-up-virus', 'other-virus')
      .replace('Made-up virus', 'Other virus');
    const other = at('other');
    mkdirSync(other);
    for (const [name, bytes] of files) writeFileSync(join(other, name), name === 'pathogen.json' ? pathogen : bytes);
    const wrong = await virus('dataset', 'add', other, '--hash', madeUpHash);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('[GW7203]')]);
    const untold = await virus('dataset', 'add', other);
    expect([untold.code, untold.err]).toEqual([0, expect.stringContaining('GW7208')]);
    const added = await virus(
      'dataset',
      'add',
      other,
      '--license',
      'CC-BY-4.0',
      '--terms',
      'Cite us',
      '--source',
      'Somebody',
      '--json',
    );
    expect(json(added)).toMatchObject({
      id: 'other-virus',
      license: 'CC-BY-4.0',
      terms: 'Cite us',
      source: 'Somebody',
    });
    expect((await virus('dataset', 'verify')).code).toBe(0);
    const { version } = json<{ version: string }>(added);
    appendFileSync(join(home, 'virus', `other-virus@${version}`, 'reference.fasta'), '\n');
    const changed = await virus('dataset', 'verify', 'other-virus', '--lang', 'zh');
    expect([changed.code, changed.err]).toEqual([1, expect.stringMatching(/\[GW7203\][^]*请重新获取数据集/)]);
    expect((await virus('dataset', 'verify', 'flu')).err).toContain('[GW7207]');
    rmSync(join(home, 'virus'), { recursive: true });
  });

  it('are fetched from an address, packed as they come', async () => {
    const head = (name: string, size: number): Uint8Array => {
      const block = Buffer.alloc(512);
      block.write(name, 0);
      block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
      block.write('        0', 148);
      block.write(
        `${block
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, '0')}\0 `,
        148,
      );
      return block;
    };
    const tar = Buffer.concat([
      ...[...files].flatMap(([name, bytes]) => [
        head(`set/${name}`, bytes.length),
        bytes,
        Buffer.alloc((512 - (bytes.length % 512)) % 512),
      ]),
      Buffer.alloc(1024),
    ]);
    const server = createServer((_, answer) => answer.end(gzipSync(tar))).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const added = await virus(
      'dataset',
      'add',
      `http://127.0.0.1:${port}/set.tar.gz`,
      '--license',
      'CC0-1.0',
      '--json',
    );
    await new Promise((resolve) => server.close(resolve));
    expect(json(added)).toMatchObject({ id: 'made-up-virus', hash: madeUpHash });
  });
});

describe('a run', () => {
  it('tells each genome, lists the bad ones, and is the same for any number of threads', async () => {
    const fasta = at('mixed.fasta');
    writeFileSync(
      fasta,
      `${records.slice(0, 6).join('')}>empty\n>protein\nMEFLPQ\n${records[0]}${records.slice(6).join('')}`,
    );
    const run = (threads: string) =>
      virus('run', fasta, '--dataset', 'made-up-virus', '--out', at(`run${threads}`), '--threads', threads, '--json');
    const [one, three] = [await run('1'), await run('3')];
    expect(one.code).toBe(1);
    expect(json(one)).toEqual(json(three));
    expect(json(one)).toMatchObject({
      counts: { genomes: 15, accepted: 12, refused: 3 },
      dataset: { hash: madeUpHash },
      inputs: [{ name: 'mixed.fasta' }],
    });
    const refused = readFileSync(at('run3', 'refused.tsv'), 'utf8').split('\n');
    expect(refused.map((row) => row.split('\t').slice(2, 4).join(' '))).toEqual([
      'name code',
      'empty GW7005',
      'protein GW7007',
      'EXAMPLE/1 GW7004',
      '',
    ]);
    expect(readFileSync(at('run1', 'genomes.jsonl'), 'utf8')).toBe(readFileSync(at('run3', 'genomes.jsonl'), 'utf8'));
  });

  it('says what it cannot read', async () => {
    writeFileSync(at('none.fasta'), '');
    const none = await virus('run', at('none.fasta'), '--dataset', 'made-up-virus');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('[GW7001]')]);
    expect((await virus('run', at('missing.fasta'), '--dataset', 'made-up-virus')).code).toBe(2);
    expect((await virus('run', at('none.fasta'), '--dataset', 'flu')).err).toContain('made-up-virus@');
    const told = await virus('identify', join(own, 'sequences.fasta'), '--json');
    expect(json<{ virus: string }[]>(told).every(({ virus: id }) => id === 'made-up-virus')).toBe(true);
  });
});

describe('a growing tree', () => {
  it('keeps what each batch did, shows earlier states, and finds a changed record', async () => {
    const state = at('state');
    const place = (fasta: string, asOf: string) =>
      virus(
        'place',
        fasta,
        '--dataset',
        own,
        '--state',
        state,
        '--metadata',
        join(own, 'metadata.tsv'),
        '--as-of',
        asOf,
        '--license',
        'CC0-1.0',
        '--threads',
        '1',
        '--json',
      );
    writeFileSync(at('first.fasta'), records.slice(0, 6).join(''));
    writeFileSync(at('second.fasta'), records.slice(6).join(''));
    interface Told {
      record: { number: number; before: string; after: string; counts: object; parameters: object };
      diff: { added: { name: string; clade: string }[] };
    }
    const first = json<Told>(await place(at('first.fasta'), '2026-01-01'));
    const second = json<Told>(await place(at('second.fasta'), '2026-02-01'));
    expect(first.record).toMatchObject({ terms: { license: 'CC0-1.0', source: 'first.fasta' } });
    expect(first.record).toMatchObject({ number: 1, counts: { added: 6, refused: 0 }, parameters: { dated: true } });
    expect(second.record).toMatchObject({ number: 2, before: first.record.after, counts: { added: 6 } });
    expect(second.diff.added.every(({ clade }) => clade.startsWith('A'))).toBe(true);
    const again = await place(at('second.fasta'), '2026-03-01');
    expect([again.code, json<Told>(again).record.counts]).toEqual([1, { added: 0, moved: 0, refused: 6, renamed: 0 }]);
    const verified = await virus('history', state, '--dataset', own, '--verify', '--json');
    expect(json(verified)).toMatchObject({ verified: true, records: [{ number: 1 }, { number: 2 }, { number: 3 }] });
    const samplesAt = async (number: string): Promise<number> => {
      await virus('history', state, '--dataset', own, '--at', number, '--out', at('then.nwk'));
      return readFileSync(at('then.nwk'), 'utf8').match(/EXAMPLE/g)?.length ?? 0;
    };
    expect([await samplesAt('0'), await samplesAt('1'), await samplesAt('3')]).toEqual([0, 6, 12]);
    expect((await virus('history', state, '--dataset', own, '--at', '9', '--out', at('then.nwk'))).err).toContain(
      '[GW7112]',
    );
    const kept = join(state, 'updates', '000001.json');
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('"cost":0', '"cost":1').replace('2026-01-01', '2026-01-02'));
    expect((await virus('history', state, '--dataset', own, '--verify')).err).toContain('[GW7308]');
  });

  it('comes in every format, or a part of it, and is dated', async () => {
    const tree = join(own, 'tree.json');
    for (const name of ['a.pb', 'a.jsonl', 'a.nwk'])
      expect(json(await virus('tree', tree, at(name), '--dataset', own, '--json'))).toMatchObject({ samples: 90 });
    expect(json(await virus('tree', at('a.pb'), at('c.json'), '--dataset', own, '--json'))).toMatchObject({
      samples: 90,
    });
    const names = [...readFileSync(at('a.nwk'), 'utf8').matchAll(/MADE\/[^:',)]+/g)].map(([name]) => name);
    writeFileSync(at('keep'), names.slice(0, 20).join('\n'));
    expect(
      json(await virus('tree', tree, at('d.nwk'), '--dataset', own, '--keep', at('keep'), '--json')),
    ).toMatchObject({ samples: 20 });
    writeFileSync(at('keep'), 'nobody\n');
    expect((await virus('tree', tree, at('d.nwk'), '--dataset', own, '--keep', at('keep'))).err).toContain('[GW7104]');
    writeFileSync(
      at('loop.jsonl'),
      '{"mutations":[]}\n{"node_id":0,"parent_id":1,"name":"a","mutations":[]}\n{"node_id":1,"parent_id":0,"name":"b","mutations":[]}\n',
    );
    expect((await virus('tree', at('loop.jsonl'), at('d.nwk'), '--dataset', own)).err).toMatch(/\[GW710[12]\]/);
    const elsewhere = at('elsewhere');
    mkdirSync(elsewhere);
    const bases = text('reference.fasta');
    writeFileSync(join(elsewhere, 'reference.fasta'), bases.replaceAll('A', 'C').replace('MCDEUP', 'MADEUP'));
    writeFileSync(join(elsewhere, 'pathogen.json'), '{"files":{"reference":"reference.fasta"}}');
    expect((await virus('tree', at('a.pb'), at('d.nwk'), '--dataset', elsewhere)).err).toContain('[GW7106]');
    const auspice = JSON.parse(readFileSync(tree, 'utf8')) as Node;
    const rows = leaves(auspice.tree).map(
      ({ name, node_attrs }) => `${name}\t${node_attrs.date.value}\t${node_attrs.country.value}`,
    );
    writeFileSync(at('dates.tsv'), `strain\tdate\tcountry\n${rows.join('\n')}\n`);
    const told = await virus(
      'date',
      at('a.pb'),
      '--dataset',
      own,
      '--metadata',
      at('dates.tsv'),
      '--out',
      at('dated.json'),
      '--place-column',
      'country',
      '--json',
    );
    const { tree: root } = JSON.parse(readFileSync(at('dated.json'), 'utf8')) as Node;
    const { value, confidence = {} } = root.node_attrs.country;
    expect(Object.values(confidence).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0.9);
    expect(confidence[value]).toBe(Math.max(...Object.values(confidence)));
    expect(json<{ moves: number }>(told).moves).toBeGreaterThan(0);
    expect(json<{ root: number }>(told).root).toBeGreaterThan(2023.5);
    expect(json<{ root: number }>(told).root).toBeLessThan(2024.3);
    writeFileSync(at('dates.tsv'), `strain\tdate\n${rows.slice(1).join('\n')}\nx\t2024-02-30\ny\t2024-XX\n`);
    const bad = await virus(
      'date',
      at('a.pb'),
      '--dataset',
      own,
      '--metadata',
      at('dates.tsv'),
      '--out',
      at('dated.json'),
    );
    expect([bad.code, bad.err]).toEqual([1, expect.stringMatching(/GW7110[^]*2024-02-30/)]);
  });
});

interface Leaf {
  name: string;
  node_attrs: { date: { value: string }; country: { value: string; confidence?: Record<string, number> } };
  children?: Leaf[];
}
interface Node {
  tree: Leaf;
}
const leaves = (node: Leaf): Leaf[] => (node.children ? node.children.flatMap(leaves) : [node]);

it('tells which changes are likely next, and how well it would have known in time', async () => {
  const told = await virus('fitness', '--dataset', own, '--out', at('fitness.tsv'), '--first', '5', '--json');
  const { changes } = json<{ changes: { mutation: string; observed: number; next: number }[] }>(told);
  expect(changes).toHaveLength(5);
  expect(changes[0]?.mutation).toMatch(/^[PSN]:[A-Z*]\d+[A-Z*]$/);
  expect(changes.map(({ next }) => next)).toEqual(changes.map(({ next }) => next).toSorted((a, b) => b - a));
  expect(readFileSync(at('fitness.tsv'), 'utf8').split('\n').length).toBeGreaterThan(1000);
  const held = await virus('fitness', '--dataset', own, '--hold-out', '2024-12-31', '--json');
  const { heldOut } = json<{ heldOut: Record<'happened' | 'area' | 'areaByRate', number> }>(held);
  expect(heldOut.happened).toBeGreaterThan(20);
  expect(heldOut.area).toBeGreaterThan(0);
  await virus('tree', join(own, 'tree.json'), at('undated.nwk'), '--dataset', own);
  const undated = await virus('fitness', at('undated.nwk'), '--dataset', own, '--hold-out', '2024-12-31');
  expect([undated.code, undated.err]).toEqual([1, expect.stringContaining('[GW7111]')]);
  expect((await virus('fitness', '--dataset', own, '--hold-out', '2024-13-01')).err).toContain('[GW7110]');
});

describe('a forecast', () => {
  const counts = join(own, 'counts.tsv');

  it('is locked with what it was made from, the same each time, and scored from that', async () => {
    const rows = text('counts.tsv').trimEnd().split('\n');
    const known = rows.filter((row, line) => line === 0 || row < '2025-12-01');
    writeFileSync(at('known.tsv'), `${known.join('\n')}\n`);
    const made = await virus(
      'forecast',
      at('known.tsv'),
      '--as-of',
      '2025-11-30',
      '--out',
      at('forecast.json'),
      '--json',
    );
    expect(made.code).toBe(0);
    expect(await virus('forecast', at('known.tsv'), '--as-of', '2025-11-30', '--json')).toEqual(made);
    const { advantages } = json<{ advantages: { lineage: string; place?: string; low: number; middle: number }[] }>(
      made,
    );
    expect(advantages.find(({ lineage, place }) => lineage === 'A.2' && place === undefined)?.low).toBeGreaterThan(1);
    const scored = await virus('score', at('forecast.json'), '--counts', at('known.tsv'), '--truth', counts, '--json');
    const { forecast, naive } = json<Record<'forecast' | 'naive', { brier: number; outcomes: number }>>(scored);
    expect(forecast.outcomes).toBeGreaterThan(100);
    expect(forecast.brier).toBeLessThan(naive.brier);
    const folders = ['2025-10-31', '2025-11-15'].map((asOf) => at(`round-${asOf}`));
    for (const [round, folder] of folders.entries()) {
      mkdirSync(folder);
      const asOf = ['2025-10-31', '2025-11-15'][round] ?? '';
      const before = rows.filter((row, line) => line === 0 || row.slice(0, 10) <= asOf);
      writeFileSync(join(folder, 'counts.tsv'), `${before.join('\n')}\n`);
      writeFileSync(join(folder, 'truth.tsv'), `${rows.join('\n')}\n`);
      await virus('forecast', join(folder, 'counts.tsv'), '--as-of', asOf, '--out', join(folder, 'forecast.json'));
    }
    const rounds = json<{ rounds: { scored: Record<'forecast' | 'naive', { brier: number }> }[]; together: unknown }>(
      await virus('score', ...folders, '--json'),
    );
    const differences = rounds.rounds.map(({ scored: one }) => one.forecast.brier - one.naive.brier);
    expect(rounds.together).toMatchObject({ brier: { mean: (differences[0]! + differences[1]!) / 2 } });
    expect((await virus('score', ...folders)).out).toContain('95 %:');
    expect((await virus('score', at('forecast.json'))).code).toBe(2);
    writeFileSync(at('forecast.json'), readFileSync(at('forecast.json'), 'utf8').replace(/"mean":0\.\d/, '"mean":0.0'));
    expect((await virus('score', at('forecast.json'), '--counts', at('known.tsv'), '--truth', counts)).err).toContain(
      '[GW7308]',
    );
  });

  it.each([
    ['of later', text('counts.tsv'), ['--as-of', '2025-11-30'], 'GW7307'],
    ['without a column', 'date\tplace\tcount\n2025-01-01\tx\t1\n', [], 'GW7301'],
    ['that are none', 'date\tplace\tlineage\tcount\n2025-01-01\tx\ta\t1.5\n', [], 'GW7302'],
    ['of a month', 'date\tplace\tlineage\tcount\n2020-XX\tx\ta\t1\n', [], 'GW7309'],
    ['of one day', 'date\tplace\tlineage\tcount\n2025-01-01\tx\ta\t1\n2025-01-01\tx\tb\t1\n', [], 'GW7306'],
  ])('of counts %s is refused', async (_what, table, options, code) => {
    writeFileSync(at('bad.tsv'), table);
    const { code: ended, err } = await virus('forecast', at('bad.tsv'), ...options);
    expect([ended, err]).toEqual([1, expect.stringContaining(`[${code}]`)]);
  });
});
