import type { JobSpecification } from '@geneward/api';
import { intersect, mostIdentifiers, ristretto255, type Crypto, type Net } from '@geneward/mpc';
import type { Inputs } from '../inputs.ts';
import type { Policy } from '../policy.ts';
import { PartyProblem } from '../problem.ts';
import type { Own, Result } from '../result.ts';
import { keyed } from './align.ts';

/** What two institutions have in common (layer C): both get its size, each its own items where the job says so. */
export async function overlap(
  job: JobSpecification,
  inputs: Inputs,
  { net, crypto, policy, session }: { net: Net; crypto: Crypto; policy: Policy; session: Uint8Array },
): Promise<{ result: Result; own?: Own }> {
  const { analysis, thresholds } = job;
  if (analysis.kind !== 'overlap') throw new PartyProblem('bad-specification');
  const people = [...new Set(inputs.samples.map(({ id }) => id))];
  const size = Buffer.alloc(4);
  size.writeUInt32BE(people.length);
  net.send(1 - net.me, size);
  const told = Buffer.from(await net.receive(1 - net.me));
  if (told.length !== 4) throw new PartyProblem('bad-frame');
  const theirs = told.readUInt32BE();
  const individuals = people.length + theirs;
  if (individuals < thresholds.individuals) throw new PartyProblem('too-few-individuals');
  if (Math.max(people.length, theirs) > mostIdentifiers) throw new PartyProblem('too-many-individuals');
  const identifiers = keyed(policy, people);
  const { size: common, indices } = await intersect(net, crypto, await ristretto255(), identifiers, {
    session,
    sizes: net.me === 0 ? [people.length, theirs] : [theirs, people.length],
    reveal: analysis.reveal,
  });
  const shown = common > 0 && common < thresholds.cell ? null : common;
  const sizes = net.me === 0 ? [people.length, theirs] : [theirs, people.length];
  return {
    result: {
      kind: 'overlap',
      individuals,
      columns: ['PARTY', 'IDENTIFIERS', 'COMMON'],
      rows: job.parties.map(({ name }, at) => [name, sizes[at] ?? null, shown]),
      summary: { common: shown },
    },
    ...(indices && shown !== null && { own: { columns: ['IID'], rows: indices.map((at) => [people[at] ?? '']) } }),
  };
}
