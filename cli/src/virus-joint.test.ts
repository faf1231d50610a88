import crypto from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analysisSum, fieldP61, memoryNets, nodeCrypto, secureSum } from '@geneward/mpc';
import {
  advantages,
  dayNumber,
  designOf,
  fitGrowth,
  forecaster,
  madeUpDataset,
  pooledCounts,
  sharesOver,
  tabulate,
  watch,
  type CountRow,
} from '@geneward/phylo';
import { describe, expect, it } from 'vitest';
import { commitFiles, consortium, studyOf } from './testing/consortium.ts';
import { emptyFolder, geneward } from './testing/run.ts';

it('three institutions that add securely get the growth, forecast and warnings of their pooled data, to the last digit', async () => {
  const [, ...lines] = new TextDecoder().decode(madeUpDataset().get('counts.tsv')).trimEnd().split('\n');
  const rows = lines.map((line): CountRow => {
    const [date = '', place = '', lineage = '', count = ''] = line.split('\t');
    return { place, day: dayNumber(date) ?? 0, lineage, count: Number(count) };
  });
  const design = designOf(rows);
  const parties = 3;
  // Genomes of one place and day lie with all three.
  const shareOf = (party: number): CountRow[] =>
    rows.map((row, at) => ({ ...row, count: Math.floor((row.count + ((at + party) % parties)) / parties) }));
  const told = await Promise.all(
    memoryNets(parties).map(async (net) => {
      const sum = analysisSum(await secureSum(net, nodeCrypto(crypto), fieldP61));
      const own = tabulate(shareOf(net.me), design);
      return pooledCounts(own, (counts) => sum('counts', counts, 0));
    }),
  );
  const pooled = tabulate(rows, design);
  for (const table of told) {
    expect(table.counts).toEqual(pooled.counts);
    const [growth, all] = [fitGrowth(table), fitGrowth(pooled)];
    expect(advantages(growth, 'A')).toEqual(advantages(all, 'A'));
    expect(sharesOver(forecaster(growth), design.to + 1, design.to + 30)).toEqual(
      sharesOver(forecaster(all), design.to + 1, design.to + 30),
    );
    expect(watch(table)).toEqual(watch(pooled));
  }
});

describe('genomes of three institutions', () => {
  const names = ['alpha', 'beta', 'gamma'];
  const records = new TextDecoder().decode(madeUpDataset().get('sequences.fasta')).split(/(?=>)/).slice(0, 6);

  /** Places at which two aligned genomes are known and differ. */
  const apart = (a: string, b: string): number => {
    return Array.from(a).filter((base, at) => 'ACGT'.includes(base) && 'ACGT'.includes(b[at] ?? '') && base !== b[at])
      .length;
  };

  async function told(folder: string, fasta: string) {
    const given = join(folder, 'genomes.fasta');
    writeFileSync(given, fasta);
    const ended = await geneward([
      'virus',
      'run',
      given,
      '--dataset',
      'made-up-virus',
      '--out',
      folder,
      '--aligned',
      join(folder, 'aligned.fasta'),
    ]);
    if (ended.code !== 0) throw new Error(ended.err);
    const reports = readFileSync(join(folder, 'genomes.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; clade: string; nearest: object });
    const aligned = readFileSync(join(folder, 'aligned.fasta'), 'utf8')
      .split(/(?=>)/)
      .map((record) => record.split('\n')[1] ?? '');
    return { reports, aligned };
  }

  it('have the places on the tree, distances and neighbours of their pooled data, and no sequence leaves a house', async () => {
    const pooled = await told(emptyFolder(), records.join(''));
    const places = await consortium(names);
    const own: Awaited<ReturnType<typeof told>>[] = [];
    for (const [at, place] of places.entries())
      own.push(await told(place.folder, records.filter((_, record) => record % 3 === at).join('')));
    // A place on the tree of reference depends on no other genome: everybody finds it alone.
    for (const [at, { reports }] of own.entries())
      expect(reports.map(({ name, clade, nearest }) => [name, clade, nearest])).toEqual(
        pooled.reports
          .filter((_, record) => record % 3 === at)
          .map(({ name, clade, nearest }) => [name, clade, nearest]),
      );
    const commitments = await Promise.all(
      places.map((place) => commitFiles(place, { fasta: readFileSync(join(place.folder, 'aligned.fasta')) })),
    );
    const { rows } = await studyOf(
      places,
      commitments,
      { kind: 'sequence-distance', release: 'distance' },
      { security: 'malicious' },
    );
    expect(rows).toHaveLength(3 * 2 * 2);
    const numberOf = (party: unknown, number: unknown) => 3 * (Number(number) - 1) + names.indexOf(String(party));
    for (const [one, i, other, j, distance] of rows)
      expect(distance).toBe(apart(pooled.aligned[numberOf(one, i)] ?? '', pooled.aligned[numberOf(other, j)] ?? ''));
    for (const [at, place] of places.entries()) {
      const ended = await geneward([
        'virus',
        'neighbours',
        join(place.folder, 'out'),
        '--as',
        place.name,
        '--most',
        '1',
        '--json',
      ]);
      const found = JSON.parse(ended.out) as { name: string; nearest: { distance: number }[] }[];
      expect(found.map(({ name, nearest }) => [name, nearest[0]?.distance])).toEqual(
        (own[at]?.reports ?? []).map(({ name }, index) => {
          const others = pooled.aligned.filter((_, record) => record % 3 !== at);
          return [name, Math.min(...others.map((other) => apart(own[at]?.aligned[index] ?? '', other)))];
        }),
      );
    }
  }, 240_000);
});
