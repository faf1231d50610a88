import type { Aligned } from '../align/align.ts';
import { isBase } from '../tree/mutation.ts';
import type { Cds } from './annotation.ts';
import type { Calls } from './nucleotides.ts';

/** An amino acid that differs; `codon` is 0-based, `-` a deletion, `*` a stop. */
export interface AminoChange {
  readonly cds: string;
  readonly codon: number;
  readonly from: string;
  readonly to: string;
}

/** Codons that are read in another frame; 0-based, end exclusive. */
export interface FrameShift {
  readonly cds: string;
  readonly codons: readonly [from: number, to: number];
}

export interface Proteins {
  readonly changes: readonly AminoChange[];
  readonly frameShifts: readonly FrameShift[];
  /** Stops before the end that the reference does not have; also among the changes. */
  readonly stops: readonly { readonly cds: string; readonly codon: number }[];
}

// The standard genetic code by bases in the order T, C, A, G (NCBI translation table 1).
const aminoAcids = 'FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG';
const bitsToOrder = new Int8Array(16).fill(-1);
bitsToOrder[8] = 0;
bitsToOrder[2] = 1;
bitsToOrder[1] = 2;
bitsToOrder[4] = 3;

/** The amino acid of three sets of bases; `X` when it is open, `-` when all three are gaps. */
export function aminoAcidOf(a: number, b: number, c: number): string {
  if ((a | b | c) === 0) return '-';
  if (isBase(a) && isBase(b) && isBase(c))
    return (
      aminoAcids[16 * (bitsToOrder[a] as number) + 4 * (bitsToOrder[b] as number) + (bitsToOrder[c] as number)] ?? 'X'
    );
  if (a === 0 || b === 0 || c === 0) return 'X';
  let found = '';
  for (const x of basesOf(a))
    for (const y of basesOf(b))
      for (const z of basesOf(c)) {
        const acid = aminoAcidOf(x, y, z);
        if (found === '') found = acid;
        else if (found !== acid) return 'X';
      }
  return found;
}

const basesOf = (set: number): number[] => [1, 2, 4, 8].filter((bit) => (set & bit) !== 0);

/** Complement of a set: A and T, C and G change places. */
const otherStrand = (set: number): number => ((set & 1) << 3) | ((set & 8) >> 3) | ((set & 2) << 1) | ((set & 4) >> 1);

/** Translates what changed; made once for a reference, so that a genome costs only its own differences. */
export class Translator {
  readonly #annotation: readonly Cds[];
  readonly #reference: Uint8Array;

  constructor(reference: Uint8Array, annotation: readonly Cds[]) {
    this.#reference = reference;
    this.#annotation = annotation;
  }

  translate({ genome: aligned, start, end }: Aligned, calls: Calls): Proteins {
    const changes: AminoChange[] = [];
    const frameShifts: FrameShift[] = [];
    const stops: { cds: string; codon: number }[] = [];
    const touched = new Uint8Array(aligned.length);
    for (const mutation of calls.substitutions) touched[mutation >>> 8] = 1;
    for (const mutation of calls.ambiguous) touched[mutation >>> 8] = 1;
    for (let at = 0; at < calls.deletions.length; at += 2)
      touched.fill(1, calls.deletions[at], calls.deletions[at + 1]);
    const inserted = new Map<number, number>();
    for (const { position, bases } of calls.insertions) inserted.set(position, bases.length);

    for (const cds of this.#annotation) {
      const { name, positions, reverse } = cds;
      const shifted = shiftsOf(cds, aligned, inserted, calls, start, end);
      for (const codons of shifted) frameShifts.push({ cds: name, codons });
      const count = positions.length / 3;
      const read = readingOf(cds, aligned, calls.deletions.length > 0);
      const baseOf = (genome: Uint8Array, at: number): number => {
        const set = genome[positions[at] as number] as number;
        return reverse ? otherStrand(set) : set;
      };
      for (let codon = 0; codon < count; codon++) {
        const at = 3 * codon;
        const [x, y, z] = [positions[at] as number, positions[at + 1] as number, positions[at + 2] as number];
        if (((touched[x] as number) | (touched[y] as number) | (touched[z] as number)) === 0) continue;
        if (Math.min(x, z) < start || Math.max(x, z) >= end) continue;
        if (shifted.some(([from, to]) => codon >= from && codon < to)) continue;
        const from = aminoAcidOf(
          baseOf(this.#reference, at),
          baseOf(this.#reference, at + 1),
          baseOf(this.#reference, at + 2),
        );
        const to = read
          ? aminoAcidOf(read[at] as number, read[at + 1] as number, read[at + 2] as number)
          : aminoAcidOf(baseOf(aligned, at), baseOf(aligned, at + 1), baseOf(aligned, at + 2));
        if (to === from || to === 'X') continue;
        changes.push({ cds: name, codon, from, to });
        if (to === '*' && codon < count - 1) stops.push({ cds: name, codon });
      }
    }
    return { changes, frameShifts, stops };
  }
}

/**
 * The bases in reading order where a deletion of whole codons stands inside a codon: what is left of the codon on both sides is read as one,
 * and the codons after it are the deleted ones. Undefined where that does not occur.
 */
function readingOf({ positions, reverse }: Cds, aligned: Uint8Array, deletions: boolean): Uint8Array | undefined {
  if (!deletions) return undefined;
  let read: Uint8Array | undefined;
  for (let at = 0; at < positions.length; at++) {
    if (aligned[positions[at] as number] !== 0) continue;
    const from = at;
    while (at < positions.length && aligned[positions[at] as number] === 0) at++;
    const left = (3 - (from % 3)) % 3;
    if ((at - from) % 3 !== 0 || left === 0 || at + left > positions.length) continue;
    read ??= Uint8Array.from(positions, (position) => {
      const set = aligned[position] as number;
      return reverse ? otherStrand(set) : set;
    });
    read.copyWithin(from, at, at + left);
    read.fill(0, from + left, at + left);
  }
  return read;
}

/** Stretches of codons in which bases lost and gained do not add up to whole codons. */
function shiftsOf(
  { positions, reverse }: Cds,
  aligned: Uint8Array,
  inserted: ReadonlyMap<number, number>,
  calls: Calls,
  start: number,
  end: number,
): [number, number][] {
  if (calls.deletions.length === 0 && inserted.size === 0) return [];
  const found: [number, number][] = [];
  let frame = 0;
  let since = -1;
  for (let at = 0; at < positions.length; at++) {
    const position = positions[at] as number;
    if (position < start || position >= end) continue;
    if (at > 0) frame += inserted.get(reverse ? position + 1 : position) ?? 0;
    if (aligned[position] === 0) frame--;
    const off = frame % 3 !== 0;
    if (off && since < 0) since = at;
    // A gap is whole only where it ends: wait until the run of gaps is over.
    if (!off && since >= 0) {
      const pure = runIsGap(positions, aligned, since, at);
      if (!pure) found.push([Math.floor(since / 3), Math.floor(at / 3) + 1]);
      since = -1;
    }
  }
  if (since >= 0) found.push([Math.floor(since / 3), positions.length / 3]);
  return found;
}

const runIsGap = (positions: Int32Array, aligned: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at <= to; at++) if (aligned[positions[at] as number] !== 0) return false;
  return true;
};

/** `S:N501Y`, `ORF1a:S3675-`; the codon is 1-based. */
export const nameAmino = ({ cds, codon, from, to }: AminoChange): string => `${cds}:${from}${codon + 1}${to}`;

/** Reads `S:N501Y`; undefined when it is none. */
export function parseAmino(text: string): AminoChange | undefined {
  const parts = /^([\w.-]{1,40}):([A-Z*-])([1-9]\d{0,5})([A-Z*-])$/u.exec(text);
  if (!parts) return undefined;
  const [, cds = '', from = '', codon = '', to = ''] = parts;
  return { cds, codon: Number(codon) - 1, from, to };
}
