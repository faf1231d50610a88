import {
  analysisType,
  assemblyLevel,
  assemblyType,
  chromosomeLocation,
  chromosomeTopology,
  chromosomeType,
  moleculeType,
  variationExperiment,
  variationKind,
} from '../data/vocabularies/analysis.ts';
import { countries, countriesVersion } from '../data/vocabularies/countries.ts';
import { analysisFileType, readType, runFileType } from '../data/vocabularies/files.ts';
import { instrument } from '../data/vocabularies/instrument.ts';
import { libraryLayout } from '../data/vocabularies/library-layout.ts';
import { librarySelection } from '../data/vocabularies/library-selection.ts';
import { librarySource } from '../data/vocabularies/library-source.ts';
import { libraryStrategy } from '../data/vocabularies/library-strategy.ts';
import { nullTerms } from '../data/vocabularies/null-terms.ts';
import { platform } from '../data/vocabularies/platform.ts';
import { projectDataType, relevance, sampleScope, studyType, umbrella } from '../data/vocabularies/project.ts';
import * as sample from '../data/vocabularies/sample.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Every controlled list that comes with the platform, for whoever wants to see or offer them. */
export const vocabularies: readonly Vocabulary[] = [
  libraryStrategy,
  librarySource,
  librarySelection,
  libraryLayout,
  platform,
  instrument,
  readType,
  runFileType,
  analysisFileType,
  analysisType,
  assemblyType,
  assemblyLevel,
  moleculeType,
  chromosomeType,
  chromosomeTopology,
  chromosomeLocation,
  variationKind,
  variationExperiment,
  projectDataType,
  sampleScope,
  relevance,
  studyType,
  umbrella,
  nullTerms,
  { name: 'country', version: countriesVersion, source: 'INSDC country list', terms: countries },
  ...Object.values(sample),
];
