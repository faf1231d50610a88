import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAnnotation } from '../call/annotation.ts';
import { valueAt } from '../placement/nearest.ts';
import { sharedVirus } from '../test/shared-virus.ts';
import { readAuspice } from '../tree-formats/auspice.ts';
import { parseGenome, parseMutation } from '../tree/mutation.ts';
import { TreeBuilder } from '../tree/tree.ts';
import { mutationFitness, ranksAbove } from './fitness.ts';

it('compares how often a change came about with how often it does where it changes nothing', () => {
  // ATG, then GCA (alanine, fourfold degenerate at its third base) and CAA (glutamine).
  const genome = parseGenome('ATGGCAGCACAATAA');
  const annotation = readAnnotation('v\t.\tCDS\t1\t15\t.\t+\t0\tName=P\n', genome.length);
  const builder = new TreeBuilder();
  builder.add(-1, 'root');
  for (const [at, mutations] of [['A6C', 'A9C'], ['A11C'], ['A11C'], ['A11C'], ['A6C']].entries()) {
    builder.add(0, `s${at}`);
    for (const mutation of mutations) builder.mutate(parseMutation(mutation));
  }
  const found = mutationFitness(builder.done({ name: 'r', genome }), annotation);
  const changed = found.find(({ codon, from, to }) => codon === 3 && from === 'Q' && to === 'P');
  // A to C: three times at two neutral sites.
  expect(changed).toMatchObject({ observed: 3, expected: 1.5 });
  expect(changed?.effect).toBeCloseTo(Math.log(3.5 / 2), 10);
  expect(ranksAbove([3, 1, 2, 2], [true, false, true, false])).toBe(0.875);
});

const shared = sharedVirus('sars-cov-2/tree.json');
describe.skipIf(shared === undefined)('held out in time', () => {
  it('what the first years favoured comes again later, better than by the rate of mutation alone', () => {
    const { tree } = readAuspice(readFileSync(shared ?? '', 'utf8'));
    const annotation = readAnnotation(
      readFileSync(sharedVirus('sars-cov-2/genome_annotation.gff3') ?? '', 'utf8'),
      tree.reference.genome.length,
    );
    const early = (node: number): boolean => /^(?:19|20|21)/u.test(valueAt(tree, 'clade_membership', node) ?? '');
    const before = mutationFitness(tree, annotation, { among: early });
    const after = mutationFitness(tree, annotation, { among: (node) => !early(node) });
    // Recombinants hang from the root by all their mutations at once; that is not the same change coming about a hundred times.
    const all = mutationFitness(tree, annotation);
    expect(Math.max(...all.map(({ observed }) => observed))).toBeLessThan(100);
    const happened = after.map(({ observed }) => observed > 0);
    const byRate = ranksAbove(
      before.map(({ expected }) => expected),
      happened,
    );
    const byBoth = ranksAbove(
      before.map(({ next }) => next),
      happened,
    );
    console.log(`held out: ${byRate.toFixed(3)} by rate, ${byBoth.toFixed(3)} with fitness`);
    expect(byBoth).toBeGreaterThan(byRate);
  });
});
