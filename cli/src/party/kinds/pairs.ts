import type { JobSpecification } from '@geneward/api';
import {
  cohortOf,
  degree,
  kinshipStudy,
  mostKinshipVariants,
  sequenceStudy,
  unpack,
  type Cohort,
  type Seat,
} from '@geneward/mpc';
import type { Inputs } from '../inputs.ts';
import type { Peer } from '../mesh.ts';
import { exchange } from '../net.ts';
import { commonPanel } from '../panel.ts';
import type { Policy } from '../policy.ts';
import { PartyProblem } from '../problem.ts';
import { finite, type Own, type Result } from '../result.ts';

interface Together {
  readonly seat: Seat;
  readonly dealers: readonly number[];
  /** Names of the parties of the net. */
  readonly names: readonly string[];
  readonly peers: readonly Peer[];
  readonly policy: Policy;
  readonly individuals: number;
}

/** Most pairs of one job: what is opened and written. */
const mostPairs = 4_000_000;

/** Kinship between individuals of different institutions (layer B); individuals are named by their place in their own list. */
export async function kinshipKind(
  job: JobSpecification,
  inputs: Inputs,
  { seat, dealers, names, peers, policy, individuals }: Together,
): Promise<{ result: Result; own?: Own }> {
  const { analysis } = job;
  if (analysis.kind !== 'kinship') throw new PartyProblem('bad-specification');
  const panel = await commonPanel(job, policy.name, inputs.variants, peers);
  if (panel.length > mostKinshipVariants) throw new PartyProblem('too-many-variants');
  const rows = await sizes(seat, dealers, inputs.helper ? undefined : inputs.individuals);
  if (inputs.individuals * panel.length > policy.limits.memoryBytes) throw new PartyProblem('too-large-for-memory');
  const own = inputs.genotypes && (await byIndividual(cohortOf(inputs.genotypes, panel, job.ambiguous)));
  const release =
    analysis.release === 'related'
      ? { release: analysis.release, threshold: analysis.threshold }
      : { release: analysis.release };
  const pairs = await kinshipStudy(seat, { dealers, rows, variants: panel.length, own }, release);
  const nameOf = (at: number) => names[dealers[at] ?? -1] ?? '';
  return {
    result: {
      kind: 'kinship',
      individuals,
      columns: ['PARTY1', 'N1', 'PARTY2', 'N2', ...(analysis.release === 'related' ? [] : ['KINSHIP', 'DEGREE'])],
      rows: pairs.map(({ institutions: [a, b], individuals: [i, j], kinship }) => [
        nameOf(a),
        i + 1,
        nameOf(b),
        j + 1,
        ...(kinship === undefined ? [] : [finite(kinship), Number.isFinite(kinship) ? degree(kinship) : null]),
      ]),
      summary: { variants: panel.length },
    },
    ...numbered(inputs),
  };
}

/** Distances between genomes of different institutions (layer B). */
export async function sequenceKind(
  job: JobSpecification,
  inputs: Inputs,
  { seat, dealers, names, peers, individuals }: Together,
): Promise<{ result: Result; own?: Own }> {
  const { analysis } = job;
  if (analysis.kind !== 'sequence-distance') throw new PartyProblem('bad-specification');
  const rows = await sizes(seat, dealers, inputs.helper ? undefined : inputs.individuals);
  const length = await oneLength(job, inputs, peers);
  const release =
    analysis.release === 'close' ? { release: analysis.release, most: analysis.most } : { release: analysis.release };
  const pairs = await sequenceStudy(seat, { dealers, rows, length, own: inputs.sequences }, release);
  const nameOf = (at: number) => names[dealers[at] ?? -1] ?? '';
  return {
    result: {
      kind: 'sequence-distance',
      individuals,
      columns: ['PARTY1', 'N1', 'PARTY2', 'N2', ...(analysis.release === 'close' ? [] : ['DISTANCE'])],
      rows: pairs.map(({ institutions: [a, b], sequences: [i, j], distance }) => [
        nameOf(a),
        i + 1,
        nameOf(b),
        j + 1,
        ...(distance === undefined ? [] : [distance]),
      ]),
      summary: { places: length },
    },
    ...numbered(inputs),
  };
}

/** Which of one's own is which number in the result. */
const numbered = ({ helper, samples }: Inputs): { own?: Own } =>
  helper ? {} : { own: { columns: ['N', 'IID'], rows: samples.map(({ id }, at) => [at + 1, id]) } };

/** How many rows each institution gives, opened. */
async function sizes(seat: Seat, dealers: readonly number[], own: number | undefined): Promise<number[]> {
  const vector =
    own === undefined
      ? undefined
      : BigUint64Array.from(dealers, (dealer) => (dealer === seat.net.me ? BigInt(own) : 0n));
  const pooled = await seat.pool(vector, dealers.length);
  const opened = pooled && seat.node ? [await seat.node.open(pooled, 'sizes')] : undefined;
  const [told] = await seat.publish(opened, [dealers.length]);
  const rows = Array.from(told ?? [], Number);
  const pairs = rows.reduce((sum, a, at) => sum + rows.slice(at + 1).reduce((more, b) => more + a * b, 0), 0);
  if (pairs > mostPairs || rows.some((count) => count < 1)) throw new PartyProblem('too-many-individuals');
  return rows;
}

/** The length of the alignment, which all institutions must have in common. */
async function oneLength(job: JobSpecification, inputs: Inputs, peers: readonly Peer[]): Promise<number> {
  const own = inputs.sequences?.[0]?.length ?? 0;
  const message = Buffer.alloc(4);
  message.writeUInt32BE(own);
  const told = await exchange(peers, message);
  const lengths = new Set(
    told.flatMap((bytes, at) => {
      if (bytes.length !== 4) throw new PartyProblem('bad-frame');
      const helper = job.parties.find(({ name }) => name === peers[at]?.name)?.role === 'helper';
      return helper ? [] : [bytes.readUInt32BE()];
    }),
  );
  if (!inputs.helper) lengths.add(own);
  const [length = 0] = lengths;
  if (lengths.size !== 1 || length === 0) throw new PartyProblem('nothing-in-common');
  return length;
}

/** Copies of the panel by individual, 3 = missing. */
async function byIndividual(cohort: Cohort): Promise<Uint8Array[]> {
  const out = Array.from({ length: cohort.individuals }, () => new Uint8Array(cohort.panel.length).fill(3));
  const copies = new Uint8Array(cohort.individuals);
  for await (const { index, packed, offset } of cohort.rows()) {
    unpack(packed.subarray(offset), cohort.individuals, copies);
    for (const [i, row] of out.entries()) row[index] = copies[i] as number;
  }
  return out;
}
