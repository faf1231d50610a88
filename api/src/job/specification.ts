import { z } from 'zod';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const column = z.string().min(1).max(200);
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** KING-robust between individuals of different institutions, over shares. */
const kinship = z.discriminatedUnion('release', [
  z.strictObject({ kind: z.literal('kinship'), release: z.literal('coefficient') }),
  /** Only which pairs are above the threshold. */
  z.strictObject({ kind: z.literal('kinship'), release: z.literal('related'), threshold: z.number().min(0).max(0.45) }),
]);

/** Numbers of different places between aligned genomes of different institutions, over shares. */
const sequenceDistance = z.discriminatedUnion('release', [
  z.strictObject({ kind: z.literal('sequence-distance'), release: z.literal('distance') }),
  /** Only which pairs are at most so many places apart. */
  z.strictObject({
    kind: z.literal('sequence-distance'),
    release: z.literal('close'),
    most: z.int().min(0).max(1_000_000),
  }),
]);

/** Genotypes at one institution, phenotypes of the same individuals at another, over shares. */
const splitAssociation = z.strictObject({
  kind: z.literal('split-association'),
  status: column,
  release: z.enum(['statistic', 'counts']),
});
const splitRegression = z.discriminatedUnion('model', [
  z.strictObject({
    kind: z.literal('split-regression'),
    model: z.literal('linear'),
    outcome: column,
    covariates: z.array(column).max(50),
  }),
  /** The score test; a full logistic model takes exponentials of secrets. */
  z.strictObject({
    kind: z.literal('split-regression'),
    model: z.literal('logistic'),
    status: column,
    covariates: z.array(column).max(50),
  }),
]);

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
  /** Effects that each institution has estimated by itself. */
  z.strictObject({ kind: z.literal('meta-analysis') }),
  z.strictObject({
    kind: z.literal('describe'),
    columns: z
      .array(
        z.strictObject({
          column,
          /** Bounds of the bins of a histogram, ascending. */
          edges: z.array(z.number()).min(2).max(1000).optional(),
        }),
      )
      .min(1)
      .max(100),
  }),
  /** The allelic test over secret counts: nothing of an institution's part is seen by anybody. */
  z.strictObject({
    kind: z.literal('association'),
    status: column,
    /** `statistic` opens chi-square only, `counts` the tables; either without variants that have a cell below the threshold. */
    release: z.enum(['statistic', 'counts']),
  }),
  splitAssociation,
  splitRegression,
  kinship,
  sequenceDistance,
  /** What two institutions have in common, by identifiers. */
  z.strictObject({
    kind: z.literal('overlap'),
    /** `items`: each learns which of its own the other has; `cardinality`: both learn how many. */
    reveal: z.enum(['items', 'cardinality']),
  }),
]);

/** How each kind is computed: sums of everybody's vectors, secret sharing among three nodes, or a private intersection of two sets. */
export const jobLayer = {
  'case-control': 'sum',
  linear: 'sum',
  logistic: 'sum',
  pca: 'sum',
  survival: 'sum',
  'meta-analysis': 'sum',
  describe: 'sum',
  association: 'replicated',
  'split-association': 'replicated',
  'split-regression': 'replicated',
  kinship: 'replicated',
  'sequence-distance': 'replicated',
  overlap: 'intersection',
} as const satisfies Record<JobKind, 'sum' | 'replicated' | 'intersection'>;

/** A joint analysis as every party approves it. Its canonical JSON (RFC 8785) is what is hashed and signed. */
export const jobSpecification = z
  .strictObject({
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
          /**
           * A helper computes but has no data; it commits to nothing. Of a split study one party holds the genotypes and one the
           * phenotypes, the others help. Data where absent.
           */
          role: z.enum(['data', 'helper', 'genotypes', 'phenotypes']).optional(),
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
    /**
     * Against whom a job over shares is protected: `malicious` also against one node that deviates, which is caught before anything is
     * opened. Jobs over sums and intersections are semi-honest whether they say so or not.
     */
    security: z.enum(['semi-honest', 'malicious']).optional(),
    /** The three parties that compute a job over shares, by name; the first three where absent. */
    nodes: z.tuple([name, name, name]).optional(),
    ambiguous: z.enum(['exclude', 'trust']),
    purpose: z.string().min(1).max(2000),
    /** Whom the platform keeps the result for beside the parties, by codes of organisations; absent: it never gets the result. */
    outputs: z.strictObject({ recipients: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/)).max(64) }).optional(),
    /** References of consents and of the ethics decisions that allow this purpose. */
    references: z.array(z.string().min(1).max(500)).max(50),
    /** 32 random bytes: two jobs with the same content are not the same job. */
    nonce: hex32,
  })
  .superRefine((job, context) => {
    for (const [path, message] of faults(job)) context.addIssue({ code: 'custom', path: [path], message });
  });

export type PartyRole = 'data' | 'helper' | 'genotypes' | 'phenotypes';

export type JobKind = z.infer<typeof analysis>['kind'];
export type JobSpecification = z.infer<typeof jobSpecification>;

/** Whether genotypes lie with one party and phenotypes with another. */
export const isSplit = (kind: JobKind): kind is 'split-association' | 'split-regression' =>
  kind === 'split-association' || kind === 'split-regression';

/** The parties that compute a job over shares, by name. */
export const nodesOf = ({ nodes, parties }: JobSpecification): [string, string, string] => {
  const [a = '', b = '', c = ''] = nodes ?? parties.map((party) => party.name);
  return [a, b, c];
};

/** What the layer of a job asks of its parties. */
function faults(job: {
  readonly analysis: { readonly kind: JobKind };
  readonly parties: readonly { readonly name: string; readonly role?: PartyRole | undefined }[];
  readonly security?: 'semi-honest' | 'malicious' | undefined;
  readonly nodes?: readonly string[] | undefined;
}): [path: string, message: string][] {
  const layer = jobLayer[job.analysis.kind];
  const found: [string, string][] = [];
  const names = job.parties.map((party) => party.name);
  const giving = job.parties.filter(({ role }) => role !== 'helper').length;
  const holders = (which: PartyRole) => job.parties.filter(({ role }) => role === which).length;
  if (isSplit(job.analysis.kind)) {
    if (holders('genotypes') !== 1 || holders('phenotypes') !== 1 || giving !== 2)
      found.push(['parties', 'one party holds genotypes, one phenotypes, the others help']);
  } else if (holders('genotypes') + holders('phenotypes') > 0)
    found.push(['parties', 'only of a split study one party holds genotypes and one phenotypes']);
  if (layer === 'replicated') {
    if (job.parties.length < 3) found.push(['parties', 'a job over shares has three parties at least']);
    if (giving < (job.analysis.kind === 'association' ? 1 : 2)) found.push(['parties', 'too few parties give data']);
    if (!job.security) found.push(['security', 'a job over shares says semi-honest or malicious']);
    if (job.nodes && (new Set(job.nodes).size < 3 || job.nodes.some((node) => !names.includes(node))))
      found.push(['nodes', 'three different parties of the job']);
  } else {
    if (job.security === 'malicious') found.push(['security', 'only a job over shares can be malicious']);
    if (job.nodes) found.push(['nodes', 'only a job over shares has nodes']);
    if (giving < job.parties.length) found.push(['parties', 'only a job over shares has helpers']);
  }
  if (layer === 'intersection' && job.parties.length !== 2) found.push(['parties', 'an overlap has two parties']);
  return found;
}
