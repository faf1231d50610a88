import { z } from 'zod';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const column = z.string().min(1).max(200);
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

const analysis = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('case-control'), status: column }),
  z.strictObject({ kind: z.literal('linear'), outcome: column, covariates: z.array(column).max(50) }),
  z.strictObject({
    kind: z.literal('logistic'),
    status: column,
    covariates: z.array(column).max(50),
    /** The full model is fitted where the score test's P is at or below it. */
    threshold: z.number().min(0).max(1),
  }),
  z.strictObject({ kind: z.literal('pca'), components: z.int().min(1).max(20) }),
  z.strictObject({
    kind: z.literal('survival'),
    time: column,
    event: column,
    group: column,
    groups: z.int().min(1).max(20),
    /** Upper bounds of the intervals of time, ascending. */
    grid: z.array(z.number()).min(1).max(1000),
  }),
]);

/** A joint analysis as every party approves it. Its canonical JSON (RFC 8785) is what is hashed and signed. */
export const jobSpecification = z.strictObject({
  version: z.literal(1),
  analysis,
  /** At least two; the order decides who listens and whose alleles name the panel. */
  parties: z
    .array(
      z.strictObject({
        name,
        /** SHA-256 of the party's certificate. */
        fingerprint: hex32,
        /** Salted hash of the party's input files. */
        commitment: hex32,
      }),
    )
    .min(2)
    .max(64)
    .refine((parties) => new Set(parties.map((party) => party.name)).size === parties.length, 'a party stands twice')
    .refine(
      (parties) => new Set(parties.map((party) => party.fingerprint)).size === parties.length,
      'a certificate stands twice',
    ),
  thresholds: z.strictObject({
    /** Fewest individuals of all parties together. */
    individuals: z.int().min(1),
    /** Smallest count that is released; what lies between 0 and it is suppressed in the results. */
    cell: z.int().min(0),
  }),
  ambiguous: z.enum(['exclude', 'trust']),
  purpose: z.string().min(1).max(2000),
  /** Whom the platform keeps the result for beside the parties, by codes of organisations; absent: it never gets the result. */
  outputs: z.strictObject({ recipients: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/)).max(64) }).optional(),
  /** References of consents and of the ethics decisions that allow this purpose. */
  references: z.array(z.string().min(1).max(500)).max(50),
  /** 32 random bytes: two jobs with the same content are not the same job. */
  nonce: hex32,
});

export type JobSpecification = z.infer<typeof jobSpecification>;
export type JobKind = JobSpecification['analysis']['kind'];
