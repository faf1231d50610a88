import { kingRobust, type PairCounts } from '../statistics/king.ts';

/** Four 0/1 vectors of one individual, whose products with a partner's give the counts of KING-robust. */
export interface Indicators {
  readonly het: Uint8Array;
  readonly two: Uint8Array;
  readonly none: Uint8Array;
  readonly called: Uint8Array;
}

/** Splits one individual's copies (3 = missing) into indicators over the variants. */
export function indicatorsOf(copies: Uint8Array): Indicators {
  return {
    het: copies.map((value) => (value === 1 ? 1 : 0)),
    two: copies.map((value) => (value === 2 ? 1 : 0)),
    none: copies.map((value) => (value === 0 ? 1 : 0)),
    called: copies.map((value) => (value === 3 ? 0 : 1)),
  };
}

/**
 * The counts of a pair as five dot products: what a protocol computes on shares, with one opened element each however
 * many variants there are.
 */
export function pairCounts(a: Indicators, b: Indicators): PairCounts {
  return {
    hetHet: dot(a.het, b.het),
    ibs0: dot(a.two, b.none) + dot(a.none, b.two),
    het1: dot(a.het, b.called),
    het2: dot(a.called, b.het),
  };
}

/** KING-robust of a pair. */
export const kinship = (a: Indicators, b: Indicators): number => kingRobust(pairCounts(a, b));

function dot(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
