import type { JobSpecification } from '@geneward/api';
import {
  associationBlock,
  associationOf,
  chiSquareTail,
  cohortOf,
  countedRows,
  fieldP61,
  givePhenotypes,
  giveStatus,
  loadPanel,
  mostAlleles,
  mostSplitIndividuals,
  shiftedRows,
  splitBlock,
  splitCounts,
  splitPhenotypes,
  splitSums,
  studentTwoSided,
  unpack,
  type AssociationColumns,
  type Crypto,
  type Seat,
  type Shares,
  type Split,
  type Variant,
  type Vector,
} from '@geneward/mpc';
import type { Inputs } from '../inputs.ts';
import type { Peer } from '../mesh.ts';
import { commonPanel } from '../panel.ts';
import type { Policy } from '../policy.ts';
import { PartyProblem } from '../problem.ts';
import { variantTable, type Result } from '../result.ts';
import { alignIndividuals, tellAligned } from './align.ts';
import { associationTable } from './association.ts';

interface Together {
  readonly seat: Seat;
  readonly peers: readonly Peer[];
  readonly policy: Policy;
  readonly hash: string;
  readonly crypto: Crypto;
  /** Which party of the job each party of the net is. */
  readonly order: readonly number[];
}

/** Copies of the counted allele of the aligned individuals. */
type Copies = (variant: number) => Uint8Array;

/** Studies whose genotypes lie with one institution and whose phenotypes with another (layer B, individuals found by layer C). */
export async function splitKind(job: JobSpecification, inputs: Inputs, together: Together): Promise<Result> {
  const { seat, peers, policy, order } = together;
  const { analysis, thresholds } = job;
  if (analysis.kind !== 'split-association' && analysis.kind !== 'split-regression')
    throw new PartyProblem('bad-specification');
  const role = job.parties.find(({ name }) => name === policy.name)?.role;
  const columns = role === 'phenotypes' ? phenotypeColumns(job, inputs) : [];
  const whole = inputs.samples.flatMap((_, i) => (columns.some((values) => Number.isNaN(values[i])) ? [] : [i]));
  const ids = whole.map((i) => inputs.samples[i]?.id ?? '');
  const aligned = (await alignIndividuals(job, ids, together)).map((at) => whole[at] ?? 0);
  const [outcome = new Float64Array(0), ...covariates] = columns.map((values) =>
    Float64Array.from(aligned, (i) => values[i] as number),
  );
  const enough = aligned.length > 1 && aligned.length >= thresholds.individuals;
  const phenotypes =
    role === 'phenotypes' && enough && analysis.kind === 'split-regression'
      ? await splitPhenotypes(analysis.model, outcome, covariates)
      : undefined;
  const told = await tellAligned(job, { individuals: aligned.length, deviation: phenotypes?.deviation ?? 1 }, together);
  const { individuals, deviation } = told;
  if (individuals < Math.max(2, thresholds.individuals)) throw new PartyProblem('too-few-individuals');
  if (role === 'phenotypes' && analysis.kind === 'split-regression' && !phenotypes)
    throw new PartyProblem('input-unusable', 'covariates depend on each other, or explain the outcome wholly');
  const dealer = (wanted: string) => order.findIndex((party) => job.parties[party]?.role === wanted);
  const split = { genotypes: dealer('genotypes'), phenotypes: dealer('phenotypes'), individuals };
  const panel = await commonPanel(job, policy.name, inputs.variants, peers);
  const copies = inputs.genotypes ? await copiesOf(job, inputs, panel, aligned) : undefined;
  if (analysis.kind === 'split-association') {
    if (2 * individuals > mostAlleles) throw new PartyProblem('too-many-individuals');
    const status = await giveStatus(seat, split, role === 'phenotypes' ? outcome : undefined);
    const counts = await allCounts(seat, split, { status, copies, variants: panel.length });
    const parts: AssociationColumns[] = [];
    const release = { release: analysis.release, minimum: thresholds.cell };
    const block = associationBlock(release, seat.security);
    for (let from = 0; from < panel.length; from += block) {
      const variants = Math.min(block, panel.length - from);
      parts.push(await associationOf(seat, counts && cut(counts, from, variants), variants, release));
    }
    return associationTable(analysis.kind, individuals, panel, parts, block);
  }
  if (individuals > mostSplitIndividuals) throw new PartyProblem('too-many-individuals');
  const width = analysis.covariates.length + 1;
  const secret = await givePhenotypes(seat, split, width, phenotypes);
  const rows = await allSums(seat, split, { secret, width, copies, panel });
  return regressionTable(analysis.model, { individuals, deviation, width, panel, rows });
}

const phenotypeColumns = ({ analysis }: JobSpecification, inputs: Inputs): Float64Array[] => {
  if (analysis.kind === 'split-association') return [binary(inputs.values(analysis.status))];
  if (analysis.kind !== 'split-regression') return [];
  const outcome =
    analysis.model === 'linear' ? inputs.values(analysis.outcome) : binary(inputs.values(analysis.status));
  return [outcome, ...analysis.covariates.map(inputs.values)];
};

/** Who is neither case nor control takes no part. */
const binary = (values: Float64Array): Float64Array =>
  values.map((value) => (value === 0 || value === 1 ? value : Number.NaN));

async function copiesOf(
  job: JobSpecification,
  { genotypes, individuals }: Inputs,
  panel: readonly Variant[],
  aligned: readonly number[],
): Promise<Copies | undefined> {
  if (!genotypes) return undefined;
  const { packed, rowBytes } = await loadPanel(cohortOf(genotypes, panel, job.ambiguous));
  const all = new Uint8Array(individuals);
  return (variant) => {
    unpack(packed.subarray(variant * rowBytes, (variant + 1) * rowBytes), individuals, all);
    return Uint8Array.from(aligned, (i) => all[i] as number);
  };
}

/** Secret counts of all variants: four a variant, each kind one after the other. */
async function allCounts(
  seat: Seat,
  split: Split,
  { status, copies, variants }: { status: Shares | undefined; copies: Copies | undefined; variants: number },
): Promise<{ readonly counts: Shares; readonly variants: number } | undefined> {
  const counts = { mine: new BigUint64Array(4 * variants), next: new BigUint64Array(4 * variants) };
  const block = splitBlock(split, 2);
  for (let from = 0; from < variants; from += block) {
    const size = Math.min(block, variants - from);
    const own = copies && countedRows((at) => copies(from + at), size, split.individuals);
    const part = await splitCounts(seat, split, status, own, size);
    if (!part) continue;
    for (let kind = 0; kind < 4; kind += 1) {
      counts.mine.set(part.mine.subarray(kind * size, (kind + 1) * size), kind * variants + from);
      counts.next.set(part.next.subarray(kind * size, (kind + 1) * size), kind * variants + from);
    }
  }
  return seat.node && { counts, variants };
}

function cut({ counts, variants }: { counts: Shares; variants: number }, from: number, size: number): Shares {
  const of = (vector: Vector): Vector => {
    const out = new BigUint64Array(4 * size);
    for (let kind = 0; kind < 4; kind += 1)
      out.set(vector.subarray(kind * variants + from, kind * variants + from + size), kind * size);
    return out;
  };
  return { mine: of(counts.mine), next: of(counts.next) };
}

async function allSums(
  seat: Seat,
  split: Split,
  {
    secret,
    width,
    copies,
    panel,
  }: { secret: Shares | undefined; width: number; copies: Copies | undefined; panel: readonly Variant[] },
): Promise<[score: number, information: number][]> {
  const rows: [number, number][] = [];
  const block = splitBlock(split, 2);
  for (let from = 0; from < panel.length; from += block) {
    const size = Math.min(block, panel.length - from);
    const own = copies && shiftedRows((at) => copies(from + at), size, split.individuals, fieldP61);
    const { score, information } = await splitSums(seat, split, secret, width, own, size);
    for (const [at, one] of score.entries()) rows.push([one, information[at] as number]);
  }
  return rows;
}

interface Fitted {
  readonly individuals: number;
  readonly deviation: number;
  readonly width: number;
  readonly panel: readonly Variant[];
  readonly rows: readonly (readonly [score: number, information: number])[];
}

function regressionTable(model: 'linear' | 'logistic', { individuals, deviation, width, panel, rows }: Fitted): Result {
  const of = (at: number) => rows[at] ?? ([Number.NaN, 0] as const);
  if (model === 'logistic')
    return variantTable('split-regression', individuals, ['CHISQ', 'P'], panel, (at) => {
      const [score, information] = of(at);
      const chiSquare = score ** 2 / (information === 0 ? Number.NaN : information);
      return [chiSquare, chiSquareTail(chiSquare)];
    });
  const df = individuals - width - 1;
  return variantTable('split-regression', individuals, ['BETA', 'SE', 'STAT', 'P'], panel, (at) => {
    const [score, size] = of(at);
    const information = size === 0 || df < 1 ? Number.NaN : size;
    const beta = score / information;
    const left = Math.max(0, individuals - score * beta);
    const error = Math.sqrt(left / df / information);
    return [beta * deviation, error * deviation, beta / error, studentTwoSided(beta / error, df)];
  });
}
