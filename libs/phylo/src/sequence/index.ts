export { readFasta, type FastaOptions, type Genome } from './fasta.ts';
export { readAnnotation, type Cds } from '../call/annotation.ts';
export { callNucleotides, nameCalls, sampleOfCalls, type Calls } from '../call/nucleotides.ts';
export { nameAmino, parseAmino, Translator } from '../call/translate.ts';
export type { AminoChange, FrameShift, Proteins } from '../call/translate.ts';
export { judge, privateMutations } from '../qc/qc.ts';
export type { PrivateMutations, Qc, QcRule, QcRules, QcStatus } from '../qc/qc.ts';
