import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { madeUpDataset, virusRules } from '@geneward/phylo';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyFolder, geneward, type Ended } from './testing/run.ts';

const folder = emptyFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const virus = (...args: string[]): Promise<Ended> => geneward(['virus', ...args], { GENEWARD_HOME: at('home') });
const files = madeUpDataset();
const text = (name: string): string => new TextDecoder().decode(files.get(name));
const records = text('sequences.fasta').split(/(?=>)/);
const own = at('own');
const mendOf = (code: string): string => virusRules.find((rule) => rule.code === code)?.mend.en ?? '';
/** A sequence that is of no virus here, from one seed. */
const letters = (length: number, seed: number): string => {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 'ACGT'.charAt(state >>> 30);
  }).join('');
};
const other = letters(5000, 7);

beforeAll(async () => {
  for (const name of ['own', 'other']) mkdirSync(at(name));
  for (const [name, bytes] of files) writeFileSync(join(own, name), bytes);
  writeFileSync(at('other', 'reference.fasta'), `>OTHER.1\n${other}\n`);
  writeFileSync(
    at('other', 'pathogen.json'),
    '{"files":{"reference":"reference.fasta"},"attributes":{"name":"Other virus"}}',
  );
  await virus('dataset', 'add', at('other'), '--license', 'CC0-1.0');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('every bad genome of a batch has its code, line, name and mend, and the good ones and files go on', async () => {
  const bad: readonly (readonly [name: string, bases: string, code: string])[] = [
    ['empty', '', 'GW7005'],
    ['unknown', 'N'.repeat(900), 'GW7005'],
    ['protein', 'MEFLPQ', 'GW7007'],
    ['letter', 'ACG1T', 'GW7006'],
    ['nobody', letters(4000, 3), 'GW7010'],
    ['elsewhere', other, 'GW7014'],
    ['base', 'A', 'GW7009'],
    ['EXAMPLE/1', letters(90, 1), 'GW7004'],
    ['long', 'A'.repeat(4_100_000), 'GW7008'],
  ];
  writeFileSync(at('a.fasta'), records.slice(0, 6).join(''));
  writeFileSync(
    at('mixed.fasta'),
    `${records[0]}${bad.map(([name, bases]) => `>${name}\n${bases}\n`).join('')}>\nACGT\n${records.slice(1).join('')}`,
  );
  writeFileSync(at('none.fasta'), '');
  writeFileSync(at('prose.fasta'), 'Dear colleague,\n');
  writeFileSync(at('last.fasta'), records[11] ?? '');
  const given = ['mixed.fasta', 'none.fasta', 'prose.fasta', 'last.fasta'].map((name) => at(name));
  const run = await virus('run', ...given, '--dataset', own, '--out', at('run'), '--threads', '1', '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.out)).toMatchObject({
    counts: { genomes: 23, accepted: 13, refused: 10 },
    inputs: [{}, {}, {}, { name: 'last.fasta' }],
  });
  const rows = readFileSync(at('run', 'refused.tsv'), 'utf8').trimEnd().split('\n').slice(1);
  const expected = [
    ...bad.map(([name, , code], index) => ['mixed.fasta', String(3 + 2 * index), name, code]),
    ['mixed.fasta', '21', '', 'GW7003'],
    ['none.fasta', '', '', 'GW7001'],
    ['prose.fasta', '1', '', 'GW7002'],
  ];
  expect(rows.map((row) => row.split('\t').slice(0, 4))).toEqual(expected);
  for (const row of rows) {
    const [, , , code = '', message = '', mend = ''] = row.split('\t');
    expect([code, message === '' || message === code]).toEqual([code, false]);
    expect(mend.slice(0, 12)).toBe(mendOf(code).slice(0, 12));
  }
  const told = readFileSync(at('run', 'genomes.tsv'), 'utf8');
  expect(told).toMatch(/^EXAMPLE\/5\tyes\tGW7012\t/m);
  expect(told).toMatch(/^EXAMPLE\/9\tyes\tGW7013\t/m);
});

it('dates and places that are unknown or impossible are told with their line, and the batch is placed all the same', async () => {
  const rows = text('metadata.tsv').trimEnd().split('\n');
  const cells = (line: number, date: string, place: string): string => `EXAMPLE/${line}\t${date}\t${place}`;
  rows.splice(1, 3, cells(1, '2025-XX', 'Aria'), cells(2, '2025-02-30', 'Aria'), cells(3, '2025-03', 'Atlantis'));
  writeFileSync(at('metadata.tsv'), `${rows.join('\n')}\n`);
  const batch = ['place', at('a.fasta'), '--dataset', own, '--metadata', at('metadata.tsv'), '--threads', '1'];
  const placed = await virus(...batch, '--state', at('state'));
  expect(placed.code).toBe(1);
  expect(placed.out.match(/^added\t/gm)).toHaveLength(6);
  expect(placed.err).toMatch(/GW7110[^]*2025-02-30[^]*3/);
  expect(placed.err).toMatch(/GW7303[^]*Atlantis/);
  expect(placed.err).not.toContain('2025-XX');
  for (const code of ['GW7110', 'GW7303']) expect(placed.err).toContain(mendOf(code).slice(0, 20));
});

it('a tree with a loop, of another reference, or that contradicts itself is refused with file, node and mend', async () => {
  const taxonium = (nodes: readonly object[], mutations: readonly object[] = []): string =>
    [{ mutations }, ...nodes].map((line) => `${JSON.stringify(line)}\n`).join('');
  const node = (id: number, parent: number, name: string, mutations: readonly number[] = []) => ({
    node_id: id,
    parent_id: parent,
    name,
    mutations,
  });
  writeFileSync(at('loop.jsonl'), taxonium([node(0, 0, 'r'), node(1, 2, 'a'), node(2, 1, 'b')]));
  const first = text('reference.fasta').split('\n')[1]?.charAt(99) ?? '';
  const [one = '', two = ''] = ['A', 'C', 'G', 'T'].filter((base) => base !== first);
  const change = (id: number, from: string, to: string) => ({
    mutation_id: id,
    gene: 'nt',
    type: 'nt',
    residue_pos: 100,
    previous_residue: from,
    new_residue: to,
  });
  writeFileSync(
    at('contradiction.jsonl'),
    taxonium(
      [node(0, 0, 'r'), node(1, 0, 'a', [0]), node(2, 1, 'b', [1]), node(3, 1, 'c')],
      [change(0, first, one), change(1, two, first)],
    ),
  );
  await virus('tree', join(own, 'tree.json'), at('a.pb'), '--dataset', own);
  const elsewhere = at('elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'reference.fasta'), `>MADEUP.1\n${letters(4200, 5)}\n`);
  writeFileSync(join(elsewhere, 'pathogen.json'), '{"files":{"reference":"reference.fasta"}}');
  for (const [file, dataset, code, place] of [
    ['loop.jsonl', own, 'GW7102', 'node '],
    ['contradiction.jsonl', own, 'GW7107', 'node b'],
    ['a.pb', elsewhere, 'GW7106', 'node '],
  ] as const) {
    const told = await virus('tree', at(file), at('out.nwk'), '--dataset', dataset);
    expect(told.code).toBe(1);
    expect(told.err).toContain(`[${code}] (${file}, ${place}`);
    expect(told.err).toContain(mendOf(code).slice(0, 20));
  }
});

it('a data set of another hash is refused', async () => {
  const wrong = await virus('dataset', 'add', own, '--hash', 'f'.repeat(64));
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('[GW7203]')]);
  expect(wrong.err).toContain(mendOf('GW7203').slice(0, 20));
});
