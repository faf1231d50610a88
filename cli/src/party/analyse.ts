import { isSplit, jobLayer, nodesOf, type JobSpecification } from '@geneward/api';
import { fieldP61, takeSeat, type Crypto, type Seat } from '@geneward/mpc';
import type { Inputs } from './inputs.ts';
import { association } from './kinds/association.ts';
import { overlap } from './kinds/overlap.ts';
import { kinshipKind, sequenceKind } from './kinds/pairs.ts';
import { splitKind } from './kinds/split.ts';
import { overSums } from './kinds/sums.ts';
import type { Peer } from './mesh.ts';
import { netOver } from './net.ts';
import type { Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';
import type { Own, Result } from './result.ts';
import { sumOver } from './secure-sum.ts';

interface Together {
  readonly peers: readonly Peer[];
  readonly policy: Policy;
  readonly hash: string;
  /** All randomness of the run. */
  readonly crypto: Crypto;
  readonly progress: (phase: string, elements: number) => void;
}

/** Runs the analysis of a job with the partners, by its layer. */
export async function analyse(
  job: JobSpecification,
  inputs: Inputs,
  { peers, policy, hash, crypto, progress }: Together,
): Promise<{ result: Result; own?: Own }> {
  const names = job.parties.map(({ name }) => name);
  const self = names.indexOf(policy.name);
  const layer = jobLayer[job.analysis.kind];
  if (layer === 'sum')
    return overSums(job, inputs, { peers, policy, sum: await sumOver(peers, self, crypto, progress) });
  if (layer === 'intersection') {
    progress('intersection', inputs.individuals);
    return overlap(job, inputs, {
      net: netOver(peers, self, [0, 1]),
      crypto,
      policy,
      session: Buffer.from(hash, 'hex'),
    });
  }
  const nodes = nodesOf(job).map((name) => names.indexOf(name));
  const order = [...nodes, ...names.keys().filter((at) => !nodes.includes(at))];
  const dealers = order.flatMap((party, at) => (job.parties[party]?.role === 'helper' ? [] : [at]));
  const net = netOver(peers, self, order);
  const seat = reporting(
    await takeSeat(net, crypto, fieldP61, { security: job.security ?? 'semi-honest', dealers }),
    progress,
  );
  if (isSplit(job.analysis.kind))
    return { result: await splitKind(job, inputs, { seat, peers, policy, hash, crypto, order }) };
  const individuals = await countIndividuals(seat, inputs, job);
  const together = { seat, dealers, names: order.map((at) => names[at] ?? ''), peers, policy, individuals };
  if (job.analysis.kind === 'kinship') return kinshipKind(job, inputs, together);
  if (job.analysis.kind === 'sequence-distance') return sequenceKind(job, inputs, together);
  return { result: await association(job, inputs, together) };
}

/** A seat that tells when it brings inputs and publishes results. */
const reporting = (seat: Seat, progress: Together['progress']): Seat => ({
  ...seat,
  give(dealer, values, length) {
    progress('inputs', length);
    return seat.give(dealer, values, length);
  },
  pool(own, length) {
    progress('inputs', length);
    return seat.pool(own, length);
  },
  publish(opened, lengths) {
    progress(
      'results',
      lengths.reduce((sum, length) => sum + length, 0),
    );
    return seat.publish(opened, lengths);
  },
});

/** The number of individuals of all parties together, opened first. */
async function countIndividuals(seat: Seat, inputs: Inputs, job: JobSpecification): Promise<number> {
  const own = inputs.helper ? undefined : BigUint64Array.of(BigInt(inputs.individuals));
  const pooled = await seat.pool(own, 1);
  const opened = pooled && seat.node ? [await seat.node.open(pooled, 'individuals')] : undefined;
  const [total] = await seat.publish(opened, [1]);
  const individuals = Number(total?.[0] ?? 0n);
  if (individuals < job.thresholds.individuals) throw new PartyProblem('too-few-individuals');
  return individuals;
}
