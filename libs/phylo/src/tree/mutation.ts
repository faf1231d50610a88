import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/**
 * A base is a set of four bits, A 1, C 2, G 4, T 8, so that an ambiguous base is the union of what it may be;
 * 15 is unknown (N), 0 a gap. A mutation packs its 0-based position (24 bits), the base before and the base after.
 */
export const unknown = 15;
export const gap = 0;

/** The largest genome that a packed mutation can address. */
export const longestGenome = 2 ** 24;

const letters = '-ACMGRSVTWYHKDBN';
const sets = new Int8Array(128).fill(-1);
for (let set = 0; set < 16; set++) {
  sets[letters.charCodeAt(set)] = set;
  sets[letters.toLowerCase().charCodeAt(set)] = set;
}
sets['U'.charCodeAt(0)] = 8;
sets['u'.charCodeAt(0)] = 8;

/** The letter of a set of bases (IUPAC). */
export const letterOf = (set: number): string => letters[set & 15] ?? 'N';

/** The set of a letter's character code; -1 when it is no base. */
export const setOf = (character: number): number => (character < 128 ? (sets[character] ?? -1) : -1);

/** Whether a set holds exactly one base. */
export const isBase = (set: number): boolean => set === 1 || set === 2 || set === 4 || set === 8;

export const pack = (position: number, before: number, after: number): number =>
  ((position << 8) | (before << 4) | after) >>> 0;
export const positionOf = (mutation: number): number => mutation >>> 8;
export const beforeOf = (mutation: number): number => (mutation >>> 4) & 15;
export const afterOf = (mutation: number): number => mutation & 15;

/** Writes a packed mutation as the field does: `C241T`, 1-based. */
export const nameMutation = (mutation: number): string =>
  `${letterOf(beforeOf(mutation))}${positionOf(mutation) + 1}${letterOf(afterOf(mutation))}`;

/** Reads `C241T`. Throws `treeRules.syntax`. */
export function parseMutation(text: string, place?: string): number {
  const before = setOf(text.charCodeAt(0));
  const after = setOf(text.charCodeAt(text.length - 1));
  const digits = text.slice(1, -1);
  const position = Number(digits);
  if (before < 0 || after < 0 || !/^[1-9]\d{0,7}$/u.test(digits) || position > longestGenome)
    throw new VirusProblem(treeRules.syntax, { reason: `“${text.slice(0, 40)}” is no mutation` }, place);
  return pack(position - 1, before, after);
}

/** Reads a genome into one set a byte. Throws `treeRules.syntax` at a letter that is no base, `treeRules.size` when too long. */
export function parseGenome(text: string): Uint8Array {
  if (text.length > longestGenome) throw new VirusProblem(treeRules.size, { what: 'reference', limit: longestGenome });
  const genome = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const set = setOf(text.charCodeAt(at));
    if (set < 0)
      throw new VirusProblem(treeRules.syntax, { reason: `“${text.charAt(at)}” is no base` }, `base ${at + 1}`);
    genome[at] = set;
  }
  return genome;
}

/** Writes one set a byte as letters. */
export function writeGenome(genome: Uint8Array): string {
  const codes = new Uint8Array(genome.length);
  for (let at = 0; at < genome.length; at++) codes[at] = letters.charCodeAt(genome[at] ?? unknown);
  return new TextDecoder().decode(codes);
}
