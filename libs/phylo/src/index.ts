export { align, alignBases, type Aligned, type AlignOptions, type NotAligned } from './align/align.ts';
export { gapCosts, type GapCosts } from './align/gap-costs.ts';
export { virusRules } from './rules/index.ts';
export { sequenceRules } from './rules/sequence.ts';
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
export { reportColumns, reportRow } from './run/row.ts';
