export { align, type Aligned, type AlignOptions } from './align/align.ts';
export { gapCosts, type GapCosts } from './align/gap-costs.ts';
export { alignProblems, type AlignCode, type AlignProblem } from './align/problem.ts';
export { indexReference, type ReferenceIndex } from './align/reference-index.ts';
export * from './sequence/index.ts';
export * from './tree/index.ts';
/** What this room is built on. */
export const standard = 'Auspice v2';
