import crypto from 'node:crypto';
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
import { expect, it } from 'vitest';

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
