import { expect, test } from 'vitest';
import { concat } from '../bytes/reader.ts';
import { checkFastq } from '../fastq/check.ts';
import { checkPairing } from '../fastq/pairing.ts';
import { chunked } from '../test/bytes.ts';
import { genomeFasta, reverseComplement, simulateGenome } from './genome.ts';
import { simulateReads } from './reads.ts';

test('the same seed gives the same genome and reads, another seed others', () => {
  const [a, b, c] = [simulateGenome(1, 5000), simulateGenome(1, 5000), simulateGenome(2, 5000)];
  expect(a).toEqual(b);
  expect(a.bases).not.toEqual(c.bases);
  expect([...simulateReads(a, { pairs: 20 })]).toEqual([...simulateReads(b, { pairs: 20 })]);
  expect([...simulateReads(7, { pairs: 3 })]).toEqual([...simulateReads(7, { pairs: 3 })]);
});

test('simulated reads pass the checks and pair', async () => {
  const pairs = [...simulateReads(simulateGenome(3, 20_000), { pairs: 2000, length: 100 })];
  const files = [concat(...pairs.map((pair) => pair.forward)), concat(...pairs.map((pair) => pair.reverse))];
  const reports = await Promise.all(files.map((file) => checkFastq(chunked(file))));
  for (const report of reports) {
    expect(report.findings).toEqual([]);
    expect(report.statistics).toMatchObject({ reads: 2000, bases: 200_000, encoding: 'phred+33' });
    expect(report.statistics.meanQuality).toBeGreaterThan(28);
  }
  expect(checkPairing(reports.map((report) => report.names))).toEqual({
    accepted: true,
    paired: 1,
    exact: true,
    findings: [],
  });
});

test('reads come from the genome', () => {
  const genome = simulateGenome(5, 3000);
  const strands = [genome.bases, reverseComplement(genome.bases)].map((bases) => new TextDecoder().decode(bases));
  const reads = [...simulateReads(genome, { pairs: 200, length: 40 })];
  const bases = reads.map((pair) => new TextDecoder().decode(pair.forward).split('\n')[1] ?? '');
  const exact = bases.filter((read) => strands.some((strand) => strand.includes(read)));
  expect(exact.length).toBeGreaterThan(150);
});

test('the genome has the share of G and C that was asked for', () => {
  const { bases } = simulateGenome(9, 100_000, 0.6);
  const share = bases.filter((base) => base === 67 || base === 71).length / bases.length;
  expect(share).toBeGreaterThan(0.58);
  expect(share).toBeLessThan(0.62);
});

test('FASTA has lines of seventy bases', () => {
  const genome = simulateGenome(1, 150);
  const [head, ...lines] = genomeFasta(genome).trimEnd().split('\n');
  expect(head).toBe('>simulated_1');
  expect(lines.map((line) => line.length)).toEqual([70, 70, 10]);
});
