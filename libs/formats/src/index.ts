export type { Bytes } from './bytes/reader.ts';
export { ByteReader } from './bytes/reader.ts';
export { collectFindings, type Findings } from './findings.ts';
export { checkFastq, startFastq, type FastqCheck, type FastqNames, type FastqReport } from './fastq/check.ts';
export { checkPairing, type PairingReport } from './fastq/pairing.ts';
export type { FastqStatistics, QualityEncoding } from './fastq/statistics.ts';
export { DamagedStream, type Inflate } from './layers/inflate.ts';
export { openLayers, type Opened } from './layers/open.ts';
export { portableInflate } from './layers/portable-inflate.ts';
export { zlibInflate } from './layers/zlib-inflate.ts';
export { rule } from './rule.ts';
export { fileRules } from './rules.ts';
export type { CheckOptions, FileReport } from './report.ts';
export { isArchive, isCompression, sniff, sniffLength, type Kind } from './sniff.ts';
export { genomeFasta, simulateGenome, type Genome } from './simulate/genome.ts';
export { random, type Random } from './simulate/random.ts';
export { simulateReads, type ReadOptions, type ReadPair } from './simulate/reads.ts';
export { checkVcf, type VcfOptions, type VcfReport } from './vcf/check.ts';
export { heldReference, indexedReference, ReferenceProblem, type Reference } from './vcf/reference.ts';
export { checkSam, type AlignmentOptions, type AlignmentStatistics, type SamReport } from './sam/check.ts';
export { checkBam, type BamReport } from './bam/check.ts';
export { checkAgp, type AgpOptions, type AgpReport } from './assembly/agp.ts';
export { checkFasta, type FastaOptions, type FastaReport } from './assembly/fasta.ts';
export { assemblyLevel, type AssemblyLevel } from './assembly/level.ts';
export {
  checkChromosomeList,
  checkUnlocalisedList,
  type ChromosomeListReport,
  type ListOptions,
} from './assembly/lists.ts';
export { checkGff3, type Gff3Report } from './gff3/check.ts';
export { checkCram, type CramReport } from './cram/check.ts';
export { checkBai, checkCsi, checkTabix, type IndexOptions, type IndexReport } from './indexes/check.ts';
export { checkCrai, type CraiReport } from './indexes/crai.ts';
export { checkFile, type CheckFileOptions } from './check-file.ts';
