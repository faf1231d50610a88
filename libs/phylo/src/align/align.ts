import { gap, isBase, setOf, unknown } from '../tree/mutation.ts';
import { chain, findAnchors, looseAtGaps, type Anchor } from './anchors.ts';
import type { GapCosts } from './gap-costs.ts';
import { alignStretch, both, queryOnly, type Path } from './pairwise.ts';
import type { Rule } from '@geneward/metadata';
import { sequenceRules } from '../rules/sequence.ts';
import type { ReferenceIndex } from './reference-index.ts';

/** A genome in the coordinates of its reference. */
export interface Aligned {
  /** One set of bases for each position of the reference; 0 where it is deleted, 15 where nothing is known. */
  readonly genome: Uint8Array;
  /** Bases that the reference has not, before a 0-based position of it. */
  readonly insertions: readonly { readonly position: number; readonly bases: Uint8Array }[];
  /** First and last (exclusive) position that the sequence reaches. */
  readonly start: number;
  readonly end: number;
  /** It was given the other way round. */
  readonly reversed: boolean;
}

export interface AlignOptions {
  /** Share of the known bases that must be found in the reference, 0 to 1. Default 0.1. */
  readonly minSeedCover?: number;
  /** How far a way between two anchors may leave the diagonal. Default 9. */
  readonly excessBandwidth?: number;
  /** The same at the ends. Default 100. */
  readonly terminalBandwidth?: number;
}

/** What stands in the way of one genome, with the values for its text. */
export interface NotAligned {
  readonly rule: Rule;
  readonly params: Readonly<Record<string, string | number>>;
}

const leastKnown = 100;
const longest = 2 ** 24;

/**
 * Aligns a genome to its reference: stretches that both have are taken as they are, and only what lies between is aligned letter
 * by letter, so that the time goes with the differences. A genome given the other way round is turned.
 * @param text letters of one sequence, without blanks
 */
export function align(
  index: ReferenceIndex,
  costs: GapCosts,
  text: string,
  options: AlignOptions = {},
): Aligned | NotAligned {
  const query = readLetters(text);
  return 'rule' in query ? query : alignBases(index, costs, query, options);
}

/** The same for a sequence that was read already: one set of bases a byte, without gaps. */
export function alignBases(
  index: ReferenceIndex,
  costs: GapCosts,
  query: Uint8Array,
  options: AlignOptions = {},
): Aligned | NotAligned {
  const known = query.reduce((count, set) => count + (isBase(set) ? 1 : 0), 0);
  if (known === 0) return problem(sequenceRules.empty);
  if (known < leastKnown) return problem(sequenceRules.short, { known, least: leastKnown });
  let way = chain(findAnchors(index, query));
  let turned = query;
  const least = options.minSeedCover ?? 0.1;
  if (covered(way) < Math.max(least, 0.5) * known) {
    const other = reverseComplement(query);
    const back = chain(findAnchors(index, other));
    if (covered(back) > covered(way)) [way, turned] = [back, other];
  }
  const share = covered(way) / known;
  if (share < least) return problem(sequenceRules.other, { percent: Math.round(share * 1000) / 10 });
  return fill(index.genome, costs, turned, looseAtGaps(way), turned !== query, options);
}

const covered = (anchors: readonly Anchor[]): number => anchors.reduce((sum, { length }) => sum + length, 0);

function readLetters(text: string): Uint8Array | NotAligned {
  if (text.length > longest) return problem(sequenceRules.size, { limit: longest });
  const sets = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const set = setOf(code);
    if (set < 0) return problem(sequenceRules.letter, { letter: text.charAt(at), position: at + 1 });
    // Gaps of an earlier alignment say nothing.
    if (set !== gap) sets[length++] = set;
  }
  return sets.subarray(0, length);
}

/** A ↔ T and C ↔ G of a set: its four bits from behind. */
const complement = Uint8Array.from(
  { length: 16 },
  (_, set) => ((set & 1) << 3) | ((set & 2) << 1) | ((set & 4) >> 1) | ((set & 8) >> 3),
);

function reverseComplement(genome: Uint8Array): Uint8Array {
  return genome.map((_, at) => complement[genome[genome.length - 1 - at] as number] as number);
}

const problem = (rule: Rule, params: NotAligned['params'] = {}): NotAligned => ({ rule, params });

function fill(
  reference: Uint8Array,
  costs: GapCosts,
  query: Uint8Array,
  way: readonly Anchor[],
  reversed: boolean,
  { excessBandwidth = 9, terminalBandwidth = 100 }: AlignOptions,
): Aligned | NotAligned {
  const genome = new Uint8Array(reference.length).fill(unknown);
  const insertions: { position: number; bases: Uint8Array }[] = [];
  let [start, end] = [reference.length, 0];
  const put = (position: number, set: number) => {
    genome[position] = set;
    if (position < start) start = position;
    if (position >= end) end = position + 1;
  };
  let [q, r] = [0, 0];
  const ends: readonly Anchor[] = [...way, { query: query.length, reference: reference.length, length: 0 }];
  for (const [at, anchor] of ends.entries()) {
    const [first, last] = [at === 0, at === ends.length - 1];
    const part = query.subarray(q, anchor.query);
    // An end that is open needs no more of the reference than it can reach.
    const reach = part.length + terminalBandwidth;
    const from = first ? Math.max(r, anchor.reference - reach) : r;
    const to = last ? Math.min(anchor.reference, r + reach) : anchor.reference;
    const against = reference.subarray(from, to);
    const path = wayThrough(
      part,
      against,
      from,
      { first, last },
      costs,
      first || last ? terminalBandwidth : excessBandwidth,
    );
    if (!path) return problem(sequenceRules.diverged, { query: part.length, reference: against.length });
    walk(path, part, from, first, last, put, insertions);
    for (let n = 0; n < anchor.length; n += 1) put(anchor.reference + n, query[anchor.query + n] as number);
    q = anchor.query + anchor.length;
    r = anchor.reference + anchor.length;
  }
  return { genome, insertions, start, end, reversed };
}

/** Mismatches in a stretch of equal lengths that no pair of gaps can better. */
const fewMismatches = 3;

function wayThrough(
  query: Uint8Array,
  reference: Uint8Array,
  at: number,
  { first, last }: { first: boolean; last: boolean },
  costs: GapCosts,
  band: number,
): Path | undefined {
  if (!first && !last && query.length === reference.length) {
    let mismatches = 0;
    for (let n = 0; n < query.length; n += 1)
      if (((query[n] as number) & (reference[n] as number)) === 0) mismatches += 1;
    // Two gaps cost 12 at least, a mismatch is worth four less than a match.
    if (mismatches <= fewMismatches) return new Uint8Array(query.length);
  }
  if (query.length === 0 && !first && !last) return new Uint8Array(reference.length).fill(2);
  return alignStretch({ query, reference, at, openStart: first, openEnd: last }, costs, band);
}

function walk(
  path: Path,
  query: Uint8Array,
  from: number,
  first: boolean,
  last: boolean,
  put: (position: number, set: number) => void,
  insertions: { position: number; bases: Uint8Array }[],
): void {
  // What hangs over at an open end is outside: unknown in the reference, no insertion in the query.
  let begin = 0;
  let stop = path.length;
  if (first) while (begin < stop && path[begin] !== both) begin += 1;
  if (last) while (stop > begin && path[stop - 1] !== both) stop -= 1;
  let [q, r] = [0, from];
  for (let at = 0; at < path.length; at += 1) {
    const step = path[at];
    const inside = at >= begin && at < stop;
    if (step === both) put(r++, query[q++] as number);
    else if (step === queryOnly) {
      const before = insertions.at(-1);
      if (inside && path[at - 1] === queryOnly && before && at > begin)
        insertions[insertions.length - 1] = { position: r, bases: Uint8Array.of(...before.bases, query[q] as number) };
      else if (inside) insertions.push({ position: r, bases: Uint8Array.of(query[q] as number) });
      q += 1;
    } else {
      if (inside) put(r, gap);
      r += 1;
    }
  }
}
