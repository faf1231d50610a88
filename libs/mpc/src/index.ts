/** What this room is built on. */
export const standard = 'Chida et al. 2018';
export { InputProblem, type InputCode, type Place } from './inputs/problem.ts';
export { lines, type Bytes } from './inputs/lines.ts';
export {
  pack,
  rowBytesOf,
  unpack,
  type GenotypeBlock,
  type Genotypes,
  type Sample,
  type Variant,
} from './inputs/genotypes.ts';
export { isAutosome, readBim, readFam } from './inputs/plink/text.ts';
export { plinkGenotypes } from './inputs/plink/bed.ts';
export { openVcf, type CallReader } from './inputs/vcf/vcf.ts';
export { openBcf } from './inputs/vcf/bcf.ts';
export { align, checkSurvival, readTable, type Table } from './inputs/table/table.ts';
export { intersectVariants, sampleOverlap, type AmbiguousPolicy, type Exclusion } from './inputs/harmonise.ts';
export { readEffects, type Effects } from './inputs/table/effects.ts';
export { describeVariables } from './analyses/describe.ts';
export { jointMetaAnalysis } from './analyses/meta-analysis.ts';
export { cohortOf, loadPanel, type Cohort, type Exclusions } from './analyses/cohort.ts';
export { fromIntegers, sumChunk, toIntegers, type Sum } from './analyses/sum.ts';
export { caseControl, caseControlCounts, type CaseControlRow } from './analyses/case-control.ts';
export { linearRegression } from './analyses/linear.ts';
export { logisticRegression, type LogisticRow } from './analyses/logistic.ts';
export { principalComponents, type PrincipalComponents } from './analyses/pca.ts';
export { survivalAnalysis } from './analyses/survival.ts';
export { indicatorsOf, kinship, pairCounts, type Indicators } from './analyses/kinship.ts';
export { degree, kingRobust, type PairCounts } from './statistics/king.ts';
export { metaAnalysis, type Effect, type MetaAnalysis } from './statistics/meta-analysis.ts';
export { contingencyTest, type AllelicTest, type GenotypeCounts } from './statistics/association.ts';
export {
  describe,
  histogram,
  powerSums,
  quantile,
  type Description,
  type PowerSums,
} from './statistics/descriptive.ts';
export { medianSurvival, type LogRank, type SurvivalPoint } from './statistics/survival.ts';
export { chiSquareTail, normalQuantile, normalTwoSided, studentTwoSided } from './statistics/tails.ts';
export { type Coefficient } from './statistics/regression.ts';

export { analysisSum } from './aggregate/analysis-sum.ts';
export { secureSum, type SecureSum } from './aggregate/secure-sum.ts';
export { Abort, type AbortCode } from './error.ts';
export { fromSigned, plainField, residue, signed, toSigned, type Field, type Vector } from './field/field.ts';
export { fieldP61, p61 } from './field/p61.ts';
export { memoryNets, type Tamper } from './link/memory-net.ts';
export { exchange, others, type Net } from './link/net.ts';
export { recorded, type Transcript } from './link/transcript.ts';
export { type Authenticated, type Machine, type Matrix, type Security } from './mac/machine.ts';
export { unchecked } from './mac/unchecked.ts';
export { verified } from './mac/verified.ts';
export { tossCoins } from './prg/coins.ts';
export { nodeCrypto, type Crypto, type NodeCrypto, type Sha256 } from './prg/crypto.ts';
export { derive, prg, seedLength, type Prg } from './prg/prg.ts';
export {
  allelicChiSquare,
  chiSquareOf,
  mostAlleles,
  type AllelicSums,
  type Margins,
  type SecretCounts,
} from './programs/allelic-chi-square.ts';
export {
  associationBlock,
  associationOf,
  associationStudy,
  type AlleleCounts,
  type AssociationColumns,
} from './programs/association.ts';
export { splitPhenotypes, type SplitPhenotypes } from './analyses/split-phenotypes.ts';
export { splitBlock, type Split } from './programs/split.ts';
export { countedRows, giveStatus, splitCounts } from './programs/split-association.ts';
export {
  givePhenotypes,
  mostSplitIndividuals,
  shiftedRows,
  splitSums,
  type SplitSums,
} from './programs/split-regression.ts';
export { dealInput, ownInput, takeInput } from './rep3/input.ts';
export { takeSeat, type Seat } from './rep3/seat.ts';
export { rep3, type Rep3, type Shares } from './rep3/rep3.ts';
export {
  releasedCounts,
  suppressedChiSquare,
  type ReleasedCounts,
  type SuppressedSums,
} from './programs/suppressed-chi-square.ts';
export { comparableBits, lessThan, negative } from './compare/negative.ts';
export { enough } from './disclosure/small-cells.ts';
export { differencing, type Differencing, type Release } from './disclosure/differencing.ts';
export { explain, type JobShape, type Learnt, type Text } from './disclosure/explain.ts';
export {
  discreteLaplace,
  spend,
  uniformFrom,
  type Budget,
  type LaplaceScale,
  type Uniform,
} from './disclosure/noise.ts';
export { ristretto255, type Group } from './psi/group.ts';
export { intersect, mostIdentifiers, type Intersection, type IntersectionJob } from './psi/intersect.ts';
export { closePairs, encodeSequence, sequenceDistances } from './programs/sequence-distance.ts';
export { sequenceStudy, type SequencePair } from './programs/sequence-pairs.ts';
export { kinshipStudy, mostKinshipVariants, type KinshipRelease, type RelatedPair } from './programs/secret-kinship.ts';
export { readAlignment, type Alignment } from './inputs/alignment.ts';
