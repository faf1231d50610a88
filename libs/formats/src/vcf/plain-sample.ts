import type { FieldDefinition } from './reserved.ts';
import { expectedCount } from './values.ts';

/** One key of FORMAT as the quick look reads it. */
export interface PlainField {
  readonly kind: 'genotype' | 'Integer' | 'Float' | 'text' | 'any' | 'slow';
  readonly number: string;
}

const [zero, nine, dot, comma, colon, minus, slash, bar] = [48, 57, 46, 44, 58, 45, 47, 124];

/** What a quick look needs to know of the keys of a FORMAT column. */
export function plainFields(
  keys: readonly string[],
  definitions: readonly (FieldDefinition | undefined)[],
): PlainField[] {
  return keys.map((key, at) => {
    const definition = definitions[at];
    if (key === 'GT') return { kind: 'genotype', number: '1' };
    if (definition === undefined) return { kind: 'any', number: '.' };
    const { type, number } = definition;
    if (type === 'Integer' || type === 'Float') return { kind: type, number };
    return { kind: type === 'String' && number === '1' ? 'text' : 'slow', number };
  });
}

/** How many values each key has in a diploid sample: -1 for any number. */
export function diploidCounts(fields: readonly PlainField[], alternates: number | undefined): Int32Array {
  return Int32Array.from(fields, ({ number }) => {
    const count = expectedCount({ number, type: 'Integer' }, { alternates, ploidy: 2 });
    return count ?? -1;
  });
}

/**
 * A quick look at a sample, letter by letter: true when it is surely in order, as almost all are. False says nothing: then the
 * rules themselves look. It knows diploid calls of one-digit alleles, whole numbers, and plain decimals.
 * @param text the whole line; the sample stands in [start, end)
 * @param alleles highest allele that a genotype may name
 */
export function isPlainSample(
  text: string,
  start: number,
  end: number,
  fields: readonly PlainField[],
  counts: Int32Array,
  alleles: number,
): boolean {
  let at = start;
  for (let index = 0; index < fields.length; index += 1) {
    const kind = (fields[index] as PlainField).kind;
    const next = valueEnd(text, at, end, kind, counts[index] as number, alleles);
    if (next < 0) return false;
    if (next === end) return true;
    at = next + 1;
  }
  return false;
}

/** Where a value that is in order ends; -1 when it is not, or not surely. */
function valueEnd(
  text: string,
  at: number,
  end: number,
  kind: PlainField['kind'],
  count: number,
  alleles: number,
): number {
  if (kind === 'genotype') return genotypeEnd(text, at, end, alleles);
  if (kind === 'Integer' || kind === 'Float') return numbersEnd(text, at, end, kind === 'Float', count);
  return kind === 'slow' ? -1 : textEnd(text, at, end, kind === 'text');
}

function textEnd(text: string, at: number, end: number, single: boolean): number {
  let to = at;
  for (; to < end; to += 1) {
    const code = text.charCodeAt(to);
    if (code === colon) break;
    if (single && code === comma) return -1;
  }
  return to > at ? to : -1;
}

function genotypeEnd(text: string, at: number, end: number, alleles: number): number {
  const to = at + 3;
  if (to > end || (to < end && text.charCodeAt(to) !== colon)) return -1;
  const [a, between, b] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
  if (between !== slash && between !== bar) return -1;
  return isAllele(a, alleles) && isAllele(b, alleles) ? to : -1;
}

const isAllele = (code: number, alleles: number): boolean =>
  code === dot || (code >= zero && code <= nine && code - zero <= alleles);

function numbersEnd(text: string, at: number, end: number, float: boolean, count: number): number {
  let values = 1;
  let digits = 0;
  let points = 0;
  let to = at;
  for (; to < end; to += 1) {
    const code = text.charCodeAt(to);
    if (code >= zero && code <= nine) digits += 1;
    else if (code === dot && digits > 0 && float && points === 0) points = 1;
    else if (code === minus && digits === 0 && (to === at || text.charCodeAt(to - 1) === comma)) continue;
    else if (code === comma) {
      if (digits === 0) return -1;
      values += 1;
      digits = 0;
      points = 0;
    } else break;
  }
  if (to < end && text.charCodeAt(to) !== colon) {
    // A value that is missing as a whole.
    return to === at && text.charCodeAt(at) === dot && (at + 1 === end || text.charCodeAt(at + 1) === colon)
      ? at + 1
      : -1;
  }
  return digits > 0 && (count < 0 || values === count) ? to : -1;
}
