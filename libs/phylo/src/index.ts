export { align, alignBases, type Aligned, type AlignOptions, type NotAligned } from './align/align.ts';
export { gapCosts, type GapCosts } from './align/gap-costs.ts';
export { virusRules } from './rules/index.ts';
export { sequenceRules } from './rules/sequence.ts';
export { sourceRules } from './rules/source.ts';
export { tableRules } from './rules/table.ts';
export { findingOf, VirusProblem } from './rules/problem.ts';
export { indexReference, type ReferenceIndex } from './align/reference-index.ts';
export * from './sequence/index.ts';
export * from './tree/index.ts';
/** What this room is built on. */
export const standard = 'Auspice v2';
export { contentHash, type DatasetFiles, type Sha256 } from './dataset/files.ts';
export { datasetLimit, unpackDataset } from './dataset/archive.ts';
export { readDataset, readReference, type Dataset, type DatasetName } from './dataset/read.ts';
export { expectHash, findInstalled, installedAs, type Installed, type Terms } from './dataset/installed.ts';
export { identify, sketchOf, type Likeness, type Sketch } from './dataset/identify.ts';
export { madeUpDataset, madeUpHash, madeUpName } from './dataset/made-up.ts';
export { assessor, type Assessed, type AssessOptions, type GenomeReport, type Neighbour } from './run/assess.ts';
export { alignedGenome } from './run/aligned.ts';
export { nearestOfOthers, type FarApart } from './run/joint.ts';
export { reportColumns, reportRow } from './run/row.ts';
export { datasetRules } from './rules/dataset.ts';
export { treeRules } from './rules/tree.ts';
export { addBatch, treeOf, type Taken } from './growing/batch.ts';
export { checkpointPieces, readCheckpoint } from './growing/checkpoint.ts';
export { readSnapshot, stateLines, writeSnapshot } from './growing/snapshot.ts';
export { countsOf, termsOf, type Hashed, type TermsOf, type UpdateRecord } from './growing/record.ts';
export {
  dateOfDay,
  dayNumber,
  designOf,
  tabulate,
  type CountRow,
  type CountTable,
  type Design,
} from './forecast/counts.ts';
export { defaultPriors, fitGrowth, type Growth, type Priors } from './forecast/growth.ts';
export { pooledCounts, type SumOfAll } from './forecast/pool.ts';
export {
  advantages,
  forecaster,
  sharesOver,
  type Advantage,
  type Forecaster,
  type Share,
} from './forecast/forecast.ts';
export { noChange } from './forecast/naive.ts';
export { outcomesOf, paired, scoreOf, type Paired, type Score } from './forecast/score.ts';
export { watch, type Warning, type Watch } from './forecast/warning.ts';
export {
  defaultForecast,
  lockForecast,
  scoreBoth,
  scoreLocked,
  type ForecastParameters,
  type LockedForecast,
  type Scored,
} from './forecast/lock.ts';
export { mutationFitness, ranksAbove, type Fitness } from './fitness/fitness.ts';
