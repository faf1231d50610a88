import type { JobSpecification } from '@geneward/api';
import { intersectVariants, type Variant } from '@geneward/mpc';
import type { Peer } from './mesh.ts';
import { agree, exchange } from './net.ts';
import { PartyProblem } from './problem.ts';
import { hashOf } from './records.ts';

/**
 * The variants that all parties with data have, from their exchanged lists: places and alleles, no genotypes. Lists that are all
 * alike, as of one array of variants, are told apart by their hash and do not travel.
 */
export async function commonPanel(
  job: JobSpecification,
  self: string,
  own: readonly Variant[],
  peers: readonly Peer[],
): Promise<Variant[]> {
  const giving = job.parties.filter(({ role }) => role !== 'helper' && role !== 'phenotypes').map(({ name }) => name);
  const list = own.map(({ chromosome, position, id, counted, other }) => [chromosome, position, id, counted, other]);
  const text = JSON.stringify(list);
  const hash = hashOf(text);
  const hashes = await exchange(peers, Buffer.from(hash, 'hex'));
  const alike = job.parties.length === giving.length && hashes.every((one) => one.toString('hex') === hash);
  const received = alike ? [] : await exchange(peers, Buffer.from(text));
  const listOf = (name: string): readonly Variant[] =>
    name === self ? own : variantsOf(received[peers.findIndex((peer) => peer.name === name)]);
  const panel = intersectVariants(alike ? [own] : giving.map(listOf), job.ambiguous);
  // A party that gave two partners two lists is noticed here, before anything is added.
  await agree(peers, Buffer.from(hashOf(panel), 'hex'));
  if (panel.length === 0) throw new PartyProblem('nothing-in-common');
  return panel;
}

/** A partner's list, held to its shape: it came from outside. */
function variantsOf(bytes: Buffer | undefined): Variant[] {
  let list: unknown;
  try {
    list = JSON.parse(bytes?.toString() ?? '');
  } catch {
    throw new PartyProblem('bad-frame');
  }
  if (!Array.isArray(list)) throw new PartyProblem('bad-frame');
  return list.map((entry: unknown) => {
    const [chromosome, position, id, counted, other] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const texts = [chromosome, id, counted, other].every((text) => typeof text === 'string' && text.length < 1000);
    if (!texts || !Number.isSafeInteger(position)) throw new PartyProblem('bad-frame');
    return { chromosome, position, id, counted, other } as Variant;
  });
}
