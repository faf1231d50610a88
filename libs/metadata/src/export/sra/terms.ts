import { librarySelection } from '../../data/vocabularies/library-selection.ts';
import { librarySource } from '../../data/vocabularies/library-source.ts';
import { libraryStrategy } from '../../data/vocabularies/library-strategy.ts';
import { runFileType, readType } from '../../data/vocabularies/files.ts';
import { platform } from '../../data/vocabularies/platform.ts';
import { instrumentForInsdc, readInstrument } from '../../vocabulary/instrument.ts';
import type { Vocabulary } from '../../vocabulary/vocabulary.ts';
import { termFor, termReader } from '../../vocabulary/vocabulary.ts';
import type { RecordSource } from './source.ts';

/** Spells a submitter's term as ENA does; undefined when ENA cannot say it. */
export type Speller = (value: string) => string | undefined;

function speller(vocabulary: Vocabulary): Speller {
  const read = termReader(vocabulary.terms);
  return (value) => {
    const match = read(value);
    return match.kind === 'none' ? undefined : (termFor(match.term, 'ena') ?? undefined);
  };
}

export const spellStrategy = speller(libraryStrategy);
export const spellSource = speller(librarySource);
export const spellSelection = speller(librarySelection);
export const spellFileType = speller(runFileType);
export const spellReadType = speller(readType);
const spellPlatform = speller(platform);

/** The platform element and model that INSDC accepts for a record's instrument; undefined when there is none. */
export function platformOf(source: RecordSource): { platform: string; model: string } | undefined {
  const platformText = source.take('platform') ?? '';
  const modelText = source.take('instrument_model') ?? 'unspecified';
  const match = readInstrument(modelText);
  const written = match.kind === 'none' ? undefined : instrumentForInsdc(match.term, spellPlatform(platformText) ?? '');
  if (!written || written.platform === '') {
    source.lose('instrument_model', 'unknown_term', `${platformText} ${modelText}`.trim());
    return undefined;
  }
  if (written.instrument !== modelText) source.lose('instrument_model', 'substituted', modelText);
  return { platform: written.platform, model: written.instrument };
}
