import { instrument } from '../data/vocabularies/instrument.ts';
import type { Term } from './vocabulary.ts';
import { termReader } from './vocabulary.ts';

/** A sequencing instrument with its platform. */
export interface Instrument extends Term {
  /** Absent only for `unspecified`, which needs an explicit platform beside it. */
  readonly platform?: string;
  /** What INSDC is told where it lacks the model; `null` where it lacks the platform too; absent where it knows the model. */
  readonly insdc?: { readonly platform: string; readonly instrument: string } | null;
}

/** Reads an instrument as people write it. */
export const readInstrument = termReader(instrument.terms);

/** Platform and model as INSDC accepts them, or `null` when the data cannot be described there. */
export function instrumentForInsdc(
  model: Instrument,
  platform: string,
): { platform: string; instrument: string } | null {
  if (model.insdc !== undefined) return model.insdc;
  return { platform: model.platform ?? platform, instrument: model.value };
}
