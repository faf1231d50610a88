import type { TakenAt } from '../tables.ts';

/** A batch that a source has for us. */
export interface Arrival {
  readonly kind: 'arrival';
  /** What it is called at its source: it is taken once. */
  readonly external: string;
  readonly title: string;
  readonly records: Readonly<Record<string, TakenAt>>;
  readonly fasta: AsyncIterable<Uint8Array>;
}

/** Genomes that a source has taken back. */
export interface Gone {
  readonly kind: 'gone';
  /** Of this batch; of all without it. */
  readonly external?: string;
  /** These; all of the batch without them. */
  readonly names?: readonly string[];
  readonly reason: string;
}

/** How far the look is: kept at once, so that a look that is cut off goes on from there. */
export interface Reached {
  readonly kind: 'reached';
  readonly position: Readonly<Record<string, unknown>>;
}

/** One look at a source: what is new, what was taken back, and how far it is. Throws VirusProblem when it does not answer. */
export type Look = AsyncGenerator<Arrival | Gone | Reached>;
