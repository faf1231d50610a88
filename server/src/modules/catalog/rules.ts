import { facetNames } from '@geneward/api';

/** Counts are exact up to here; a word that occurs more often is common, and what it finds is not gathered whole. */
export const countCap = 10_000;

/** One entry in this many is in the fixed random sample that common searches are counted on. */
export const sampleShare = 64;

/**
 * Hits in the sample from which a total above the cap is certain: with 10,000 or fewer matches, so many hits have a chance below
 * 10^-7 (Poisson, mean 156).
 */
export const certainHits = 225;

/** Entries that a common search ranks at a time, newest first. */
export const rankWindow = 60;

/** Of what is gathered, the newest so many are ranked; the rest follows by date. */
export const rankLimit = 1000;

/** Entries that a ranked search for common words looks through before it gathers instead. */
export const walkReach = 30_000;

export const mostTerms = 16;
export const facetValuesShown = 20;

/** Fields that `field:value` may name, beside the facets; each is a namespace of exact words. */
const exactFields = [...facetNames, 'taxon', 'instrument', 'alias', 'accession', 'checksum'] as const;
export type ExactField = (typeof exactFields)[number];

/** Fields whose single words can be asked for as well: `organism:sapiens`. */
export const wordFields: readonly ExactField[] = ['organism', 'country', 'platform', 'instrument', 'strategy'];

export const isExactField = (name: string): name is ExactField => (exactFields as readonly string[]).includes(name);

/** Weights of D, C, B, A in a rank: attributes, names, facets, title. */
export const rankWeights = '{0.05, 0.2, 0.5, 1.0}';
