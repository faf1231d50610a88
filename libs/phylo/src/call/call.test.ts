import { expect, test } from 'vitest';
import { callNucleotides, nameCalls } from './nucleotides.ts';
import { gapCosts } from '../align/gap-costs.ts';
import { readAnnotation } from './annotation.ts';
import { nameAmino, Translator } from './translate.ts';
import { clustersIn, judge } from '../qc/qc.ts';
import { parseGenome } from '../tree/mutation.ts';
import { align, type Aligned } from '../align/align.ts';
import { indexReference } from '../align/reference-index.ts';
import { sequenceRules } from '../rules/sequence.ts';

/** A made-up genome that is the same every time. */
function madeUp(length: number): string {
  let state = 7;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += 'ACGT'.charAt(state >>> 30);
  }
  return text;
}

const text = `${madeUp(600)}ATG${'GCT'.repeat(2)}${madeUp(3000)
  .slice(700, 1294)
  .replaceAll(/T(?=A[AG]|GA)/gu, 'C')}TAA${madeUp(2000).slice(1300)}`;
const reference = parseGenome(text);
const gff = '##gff-version 3\nv\t.\tCDS\t601\t1203\t.\t+\t0\tID=p;Name=P\n';
const annotation = readAnnotation(gff, reference.length);

const index = indexReference(reference);

function aligned(genome: string, side: 'left' | 'right' = 'left'): Aligned {
  const alignment = align(index, gapCosts(reference.length, annotation, side), genome);
  if ('rule' in alignment) throw new Error(alignment.rule.code);
  return alignment;
}

const call = (genome: string, side: 'left' | 'right' = 'left') => {
  const alignment = aligned(genome, side);
  const calls = callNucleotides(alignment, reference);
  const proteins = new Translator(reference, annotation).translate(alignment, calls);
  return { alignment, calls, proteins, names: nameCalls(calls) };
};
const swap = (at: number, to: string, from = text) => from.slice(0, at) + to + from.slice(at + to.length);
const other = (letter: string) => (letter === 'A' ? 'C' : 'A');

test('the reference itself has nothing to tell', () => {
  const { calls, proteins, alignment } = call(text);
  expect([calls.substitutions.length, calls.deletions.length, calls.insertions.length]).toEqual([0, 0, 0]);
  expect(proteins).toEqual({ changes: [], frameShifts: [], stops: [] });
  expect([alignment.start, alignment.end]).toEqual([0, reference.length]);
});

test('a substitution is found at every position that is not close to an end', () => {
  for (let at = 5; at < text.length - 5; at += 7) {
    const to = other(text.charAt(at));
    expect(call(swap(at, to)).names.substitutions).toEqual([`${text.charAt(at)}${at + 1}${to}`]);
  }
});

test('deletions and insertions of any length keep the rest in place', () => {
  for (const length of [1, 2, 3, 9, 40, 200])
    for (const at of [100, 431, 700, 1500]) {
      const cut = call(text.slice(0, at) + text.slice(at + length));
      expect(cut.names.substitutions).toEqual([]);
      expect((cut.calls.deletions[1] ?? 0) - (cut.calls.deletions[0] ?? 0)).toBe(length);
      const grown = call(text.slice(0, at) + madeUp(9000).slice(5000, 5000 + length) + text.slice(at));
      expect(grown.names.substitutions).toEqual([]);
      expect(grown.calls.insertions.map(({ bases }) => bases.length)).toEqual([length]);
    }
});

test('a gap in a repeat goes to the side that the data set names, and into the frame first', () => {
  const at = text.indexOf('AAA');
  const run = /^A+/u.exec(text.slice(at))?.[0].length ?? 0;
  const cut = text.slice(0, at) + text.slice(at + 1);
  expect(call(cut, 'left').names.deletions).toEqual([String(at + 1)]);
  expect(call(cut, 'right').names.deletions).toEqual([String(at + run)]);
  const codon = text.slice(0, 604) + text.slice(607);
  expect(call(codon, 'left').names.deletions).toEqual(['604-606']);
  expect(call(codon, 'right').names.deletions).toEqual(['607-609']);
});

test('amino acids, frame shifts and stops follow from the bases', () => {
  const codon = 20;
  const at = 600 + 3 * codon;
  const stop = call(swap(at, 'TAG')).proteins;
  expect(stop.stops).toEqual([{ cds: 'P', codon }]);
  expect(stop.changes.map(nameAmino)).toEqual([expect.stringMatching(/^P:[A-Z]21\*$/u)]);
  const shift = call(text.slice(0, 700) + text.slice(701)).proteins;
  expect(shift.frameShifts).toHaveLength(1);
  expect(shift.frameShifts[0]?.codons[1]).toBe(201);
  const whole = call(text.slice(0, 700) + text.slice(703)).proteins;
  expect(whole.frameShifts).toEqual([]);
  expect(whole.changes.filter(({ to }) => to === '-')).toHaveLength(1);
});

test('unknown and ambiguous bases and missing ends', () => {
  const genome = swap(1300, 'R', swap(300, 'N'.repeat(80))).slice(30, -40);
  const { names, alignment } = call(genome);
  expect([alignment.start, alignment.end]).toEqual([30, reference.length - 40]);
  expect(names).toMatchObject({ substitutions: [], missing: ['301-380'], deletions: [] });
});

test('an annotation that cannot be read says why', () => {
  expect(() => readAnnotation('a\tb\n', 10)).toThrow(
    expect.objectContaining({ code: sequenceRules.annotationSyntax.code }),
  );
  expect(() => readAnnotation(gff, 100)).toThrow(expect.objectContaining({ code: sequenceRules.annotationRange.code }));
});

test('several parts of a coding sequence are read as one, a slip counts a base twice', () => {
  const [cds] = readAnnotation('v\t.\tCDS\t1\t7\t.\t+\t0\tID=x;Name=X\nv\t.\tCDS\t7\t11\t.\t+\t0\tID=x;Name=X\n', 20);
  expect([...(cds?.positions ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10]);
  const [reverse] = readAnnotation('v\t.\tCDS\t4\t9\t.\t-\t0\tName=Y\n', 20);
  expect([...(reverse?.positions ?? [])]).toEqual([8, 7, 6, 5, 4, 3]);
});

test('the rules of quality give the published scores', () => {
  const { calls, proteins } = call(swap(300, 'N'.repeat(80)));
  const rules = { missingData: { missingDataThreshold: 100, scoreBias: 30 }, mixedSites: { mixedSitesThreshold: 10 } };
  expect(judge(calls, proteins, rules)).toEqual({
    score: 25,
    status: 'good',
    rules: [
      { rule: 'missingData', score: 50, count: 80 },
      { rule: 'mixedSites', score: 0, count: 0 },
    ],
  });
  const own = {
    reversions: [1 << 8],
    labelled: [2 << 8],
    unlabelled: Array.from({ length: 22 }, (_, at) => (200 * at) << 8),
  };
  const judged = judge(calls, proteins, { privateMutations: {} }, own);
  expect(judged).toMatchObject({ score: 100, status: 'bad' });
  expect(clustersIn([1, 2, 3, 4, 5, 6, 7, 8, 500, 501, 502, 503, 504, 505, 506], 100, 6)).toBe(2);
  expect(clustersIn([1, 2, 3, 4, 5, 6], 100, 6)).toBe(0);
});
