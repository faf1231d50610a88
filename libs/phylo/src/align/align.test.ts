import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gap, parseGenome, unknown, writeGenome } from '../tree/mutation.ts';
import { align, type Aligned } from './align.ts';
import { gapCosts } from './gap-costs.ts';
import { indexReference } from './reference-index.ts';
import { sequenceRules } from '../rules/sequence.ts';

/** A made-up genome of a length, the same each time. */
function genomeOf(length: number, seed = 1): string {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0);
  return Array.from({ length }, () => 'ACGT'[(next() >>> 16) & 3] ?? 'A').join('');
}

const text = genomeOf(5000);
const reference = parseGenome(text);
const index = indexReference(reference);
const gene = { positions: Int32Array.from({ length: 3000 }, (_, at) => 300 + at), reverse: false };
const costs = gapCosts(reference.length, [gene]);

function aligned(given: string): Aligned {
  const result = align(index, costs, given);
  if ('rule' in result) throw new Error(result.rule.code);
  return result;
}

/** The sequence that an alignment tells of. */
function told({ genome, insertions, start, end }: Aligned): string {
  let made = '';
  for (let at = start; at <= end; at += 1) {
    for (const { position, bases } of insertions) if (position === at) made += writeGenome(bases);
    if (at < end && genome[at] !== gap) made += writeGenome(genome.subarray(at, at + 1));
  }
  return made;
}

type Change = readonly [kind: 'put' | 'cut' | 'add', at: number, what: string];
const changes = fc.array(
  fc.tuple(
    fc.constantFrom<Change[0]>('put', 'put', 'put', 'cut', 'add'),
    fc.integer({ min: 60, max: 4900 }),
    fc.string({ unit: fc.constantFrom('A', 'C', 'G', 'T'), minLength: 1, maxLength: 30 }),
  ),
  { maxLength: 12 },
);

function changed(list: readonly Change[]): string {
  let made = text;
  for (const [kind, at, what] of list.toSorted((a, b) => b[1] - a[1]))
    made =
      kind === 'add'
        ? made.slice(0, at) + what + made.slice(at)
        : kind === 'cut'
          ? made.slice(0, at) + made.slice(at + what.length)
          : made.slice(0, at) + what.charAt(0) + made.slice(at + 1);
  return made;
}

describe('an alignment', () => {
  it('tells the whole sequence, whatever was changed, cut out and put in', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const given = changed(list);
        const result = aligned(given);
        expect(told(result)).toBe(given);
        const differences = result.genome.reduce((count, set, at) => count + (set !== reference[at] ? 1 : 0), 0);
        // No more than what was done to it.
        expect(differences).toBeLessThanOrEqual(list.reduce((sum, [, , what]) => sum + what.length, 0));
      }),
      { numRuns: 150 },
    );
  });

  it('puts a gap where a codon begins, and on the side asked for', () => {
    const cut = text.slice(0, 1500) + text.slice(1503);
    const { genome } = aligned(cut);
    const gaps = [...genome.keys()].filter((at) => genome[at] === gap);
    expect(gaps).toHaveLength(3);
    expect(told(aligned(cut))).toBe(cut);
    const run = `${text.slice(0, 4000)}AAAAAAAA${text.slice(4000)}`;
    const two = indexReference(parseGenome(run));
    const short = `${text.slice(0, 4000)}AAAAA${text.slice(4000)}`;
    const where = (side: 'left' | 'right') => {
      const result = align(two, gapCosts(run.length, [], side), short);
      return 'rule' in result ? -1 : result.genome.indexOf(gap);
    };
    expect(where('left')).toBeLessThan(where('right'));
  });

  it('leaves unknown what a part of a genome does not reach, and what is N', () => {
    const result = aligned(`${text.slice(1000, 1400)}${'N'.repeat(300)}${text.slice(1700, 3000)}`);
    expect([result.start, result.end]).toEqual([1000, 3000]);
    expect(result.genome[999]).toBe(unknown);
    expect(result.genome[1500]).toBe(unknown);
    expect(result.insertions).toEqual([]);
    expect(writeGenome(result.genome.subarray(1700, 3000))).toBe(text.slice(1700, 3000));
  });

  it('turns a genome that was given the other way round', () => {
    const pairs: Readonly<Record<string, string>> = { A: 'T', C: 'G', G: 'C', T: 'A' };
    const back = text
      .split('')
      .reverse()
      .map((base) => pairs[base])
      .join('');
    expect(aligned(back)).toMatchObject({ reversed: true, start: 0, end: 5000 });
    expect(writeGenome(aligned(back).genome)).toBe(text);
  });

  it('bears ambiguous letters, small letters, U and gaps of an earlier alignment', () => {
    const given = `${text.slice(0, 2000).toLowerCase()}R-${text.slice(2001).replaceAll('T', 'U')}`;
    const { genome } = aligned(given);
    expect(writeGenome(genome.subarray(2000, 2001))).toBe('R');
    expect(genome.filter((set, at) => set !== reference[at])).toHaveLength(1);
  });
});

describe('what cannot be aligned', () => {
  it.each([
    ['nothing', '', sequenceRules.empty.code],
    ['N only', 'N'.repeat(500), sequenceRules.empty.code],
    ['one base', 'A', sequenceRules.short.code],
    ['a protein', 'MFVFLVLLPLVSSQ', sequenceRules.letter.code],
    ['another virus', genomeOf(4000, 99), sequenceRules.other.code],
  ])('%s is refused with a code', (_what, given, code) => {
    expect(align(index, costs, given)).toMatchObject({ rule: { code } });
  });
});
