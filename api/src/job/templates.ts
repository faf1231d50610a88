import type { JobSpecification } from './specification.ts';

type Template = Pick<JobSpecification, 'analysis' | 'security'> & { readonly inputs: readonly string[] };

/** What a job may compute, each with the files that a party needs for it. */
export const jobTemplates: readonly Template[] = [
  {
    analysis: { kind: 'case-control', status: 'fam' },
    inputs: ['bed, bim, fam (or vcf, bcf)', 'table unless status is fam'],
  },
  { analysis: { kind: 'linear', outcome: 'height', covariates: ['age', 'pc1'] }, inputs: ['genotypes', 'table'] },
  {
    analysis: { kind: 'logistic', status: 'disease', covariates: ['age', 'pc1'], threshold: 0.0001 },
    inputs: ['genotypes', 'table'],
  },
  { analysis: { kind: 'pca', components: 4 }, inputs: ['genotypes'] },
  {
    analysis: { kind: 'survival', time: 'months', event: 'death', group: 'arm', groups: 2, grid: [6, 12, 24, 36, 60] },
    inputs: ['table'],
  },
  { analysis: { kind: 'meta-analysis' }, inputs: ['effects (CHR, BP, SNP, A1, A2, BETA, SE)'] },
  { analysis: { kind: 'describe', columns: [{ column: 'age', edges: [20, 40, 60, 80] }] }, inputs: ['table'] },
  {
    analysis: { kind: 'association', status: 'fam', release: 'statistic' },
    security: 'malicious',
    inputs: ['bed, bim, fam (or vcf, bcf)', 'table unless status is fam'],
  },
  {
    analysis: { kind: 'split-association', status: 'disease', release: 'statistic' },
    security: 'malicious',
    inputs: ['genotypes (one party)', 'table with IID and disease (another party)'],
  },
  {
    analysis: { kind: 'split-regression', model: 'linear', outcome: 'height', covariates: ['age', 'pc1'] },
    security: 'malicious',
    inputs: ['genotypes (one party)', 'table with IID, outcome and covariates (another party)'],
  },
  {
    analysis: { kind: 'kinship', release: 'related', threshold: 0.0884 },
    security: 'malicious',
    inputs: ['bed, bim, fam (or vcf, bcf)'],
  },
  {
    analysis: { kind: 'sequence-distance', release: 'distance' },
    security: 'malicious',
    inputs: ['fasta (aligned to one reference)'],
  },
  { analysis: { kind: 'overlap', reveal: 'cardinality' }, inputs: ['table (IID)'] },
];
