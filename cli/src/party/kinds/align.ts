import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JobSpecification } from '@geneward/api';
import { intersect, mostIdentifiers, ristretto255, type Crypto } from '@geneward/mpc';
import type { Peer } from '../mesh.ts';
import { agree, exchange, netOver } from '../net.ts';
import type { Policy } from '../policy.ts';
import { PartyProblem } from '../problem.ts';

/** Identifiers as they go into an intersection: under the key that only the institutions share, where they have one. */
export function keyed(policy: Policy, identifiers: readonly string[]): string[] {
  const key = policy.identifierKey === undefined ? undefined : readFileSync(policy.identifierKey);
  return identifiers.map((id) => (key ? createHmac('sha256', key).update(id).digest('hex') : id));
}

interface Alignment {
  readonly peers: readonly Peer[];
  readonly policy: Policy;
  readonly hash: string;
  readonly crypto: Crypto;
}

/**
 * Which of one's own individuals the other of the two institutions has too, in an order that both make by themselves: found by a
 * private intersection (layer C), sorted by a hash of job and identifier. A party that has neither takes no part.
 * @param own identifiers of those who can take part
 */
export async function alignIndividuals(
  job: JobSpecification,
  own: readonly string[],
  { peers, policy, hash, crypto }: Alignment,
): Promise<number[]> {
  const at = (wanted: string) => job.parties.findIndex(({ role }) => role === wanted);
  const self = job.parties.findIndex(({ name }) => name === policy.name);
  const pair = [at('genotypes'), at('phenotypes')];
  if (!pair.includes(self)) return [];
  // An individual that stands twice cannot be told apart.
  if (new Set(own).size !== own.length) throw new PartyProblem('input-unusable', 'an identifier stands twice');
  const net = netOver(peers, self, pair);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(own.length);
  net.send(1 - net.me, size);
  const told = Buffer.from(await net.receive(1 - net.me));
  if (told.length !== 4) throw new PartyProblem('bad-frame');
  const sizes =
    net.me === 0 ? ([own.length, told.readUInt32BE()] as const) : ([told.readUInt32BE(), own.length] as const);
  if (Math.max(...sizes) > mostIdentifiers) throw new PartyProblem('too-many-individuals');
  const identifiers = keyed(policy, own);
  const session = Buffer.from(hash, 'hex');
  const group = await ristretto255();
  const { indices = [] } = await intersect(net, crypto, group, identifiers, { session, sizes, reveal: 'items' });
  const place = new Map(
    indices.map((index) => [
      index,
      createHmac('sha256', session)
        .update(identifiers[index] ?? '')
        .digest('hex'),
    ]),
  );
  return indices.toSorted((a, b) => ((place.get(a) ?? '') < (place.get(b) ?? '') ? -1 : 1));
}

/** What the two institutions say of the study, told to everybody: they have to say the same number of individuals. */
export async function tellAligned(
  job: JobSpecification,
  { individuals, deviation }: { individuals: number; deviation: number },
  { peers, policy }: Pick<Alignment, 'peers' | 'policy'>,
): Promise<{ individuals: number; deviation: number }> {
  const own = Buffer.alloc(16);
  own.writeDoubleBE(individuals, 0);
  own.writeDoubleBE(deviation, 8);
  const told = await exchange(peers, own);
  const of = (wanted: string): Buffer => {
    const name = job.parties.find(({ role }) => role === wanted)?.name;
    const bytes = name === policy.name ? own : told[peers.findIndex((peer) => peer.name === name)];
    if (bytes?.length !== 16) throw new PartyProblem('bad-frame');
    return bytes;
  };
  const count = of('genotypes').readDoubleBE(0);
  if (count !== of('phenotypes').readDoubleBE(0) || !Number.isSafeInteger(count) || count < 0)
    throw new PartyProblem('bad-frame');
  const all = { individuals: count, deviation: of('phenotypes').readDoubleBE(8) };
  // Whoever told two partners two things is noticed here.
  await agree(peers, Buffer.from(JSON.stringify(all)));
  return all;
}
