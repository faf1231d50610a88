import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chainClient, freeNonces, signTransaction, type Act, type ChainClient, type Job } from '@geneward/chain';
import type { JobSpecification } from '@geneward/api';
import { formatActEntry, fromBase64, parseCheckpointText, parseReceipt, treeHasher } from '@geneward/merkle';
import type { Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';

/** The consortium chain as one institution speaks to it: with its own key, in its own name only. */
export interface OwnMember {
  readonly client: ChainClient;
  readonly chainId: string;
  readonly member: string;
  readonly seed: Uint8Array;
  readonly waitSeconds: number;
}

/** @throws PartyProblem where the policy names no chain */
export function ownMember({ chain }: Policy): OwnMember {
  if (!chain) throw new PartyProblem('bad-policy', 'no chain');
  const seed = fromBase64(readFileSync(chain.key, 'utf8').trim());
  if (seed.length !== 32) throw new PartyProblem('bad-policy', 'the key of a member has 32 bytes');
  const { id: chainId, member, node, waitSeconds } = chain;
  return { client: chainClient(callOf(node)), chainId, member, seed, waitSeconds };
}

/** One JSON-RPC call over HTTP. */
const callOf = (address: string) => async (method: string, params: Readonly<Record<string, unknown>>) => {
  let answer: { result?: unknown; error?: { message: string; data?: string } };
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(10_000),
    });
    answer = (await response.json()) as typeof answer;
  } catch (error) {
    throw new PartyProblem('chain-unreachable', error instanceof Error ? error.message : undefined);
  }
  if (answer.error) throw new Error(`${answer.error.message}: ${answer.error.data ?? ''}`);
  return answer.result;
};

/** A job's name on the chain, from its hash; the plan beside it is the hash itself. */
export const chainNameOf = (hash: string): string => hash.slice(0, 32);
const planOf = (hash: string): Uint8Array => Buffer.from(hash, 'hex');

/** Members of the chain that are the parties of a job, in their order. */
export const membersOf = (policy: Policy, job: JobSpecification): string[] =>
  job.parties.map(({ name }) =>
    name === policy.name
      ? (policy.chain?.member ?? name)
      : (policy.partners.find((partner) => partner.name === name)?.member ?? name),
  );

/** Sends an act of this member, and waits until the chain shows what it is to bring about. Asked again it changes nothing. */
export async function tellChain(own: OwnMember, act: Act, done: () => Promise<boolean>): Promise<void> {
  if (await done()) return;
  const member = await own.client.member(own.member);
  if (!member) throw new PartyProblem('chain-refused', `no member ${own.member}`);
  for (const nonce of freeNonces(member)) {
    const answer = await own.client.submit(
      signTransaction({ chainId: own.chainId, member: own.member, nonce, act }, own.seed),
    );
    if (answer.pending) break;
    // Another of this member's acts waits under that number.
    if (answer.code !== 'nonce_used') throw new PartyProblem('chain-refused', `${answer.code}: ${answer.message}`);
  }
  for (const until = Date.now() + own.waitSeconds * 1000; Date.now() < until; await pause(200))
    if (await done()) return;
  throw new PartyProblem('chain-unreachable');
}

const partyOf = (job: Job | undefined, member: string) => job?.parties.find((one) => one.member === member);

export const openOnChain = (own: OwnMember, policy: Policy, job: JobSpecification, hash: string): Promise<void> =>
  tellChain(
    own,
    { type: 'JobOpen', job: chainNameOf(hash), plan: planOf(hash), parties: membersOf(policy, job) },
    async () => (await own.client.job(chainNameOf(hash))) !== undefined,
  );

/**
 * This institution's own yes, for exactly this plan. Each reference of the job becomes a consent that the chain ties to it, with a
 * receipt of this institution's log: a consent that is frozen there stops the start.
 */
export async function approveOnChain(
  own: OwnMember,
  policy: Policy,
  { job, hash }: { job: JobSpecification; hash: string },
  receipt: string | undefined,
): Promise<void> {
  if (job.references.length > 0 && receipt === undefined)
    throw new PartyProblem('chain-refused', 'a job with references needs a receipt of your log');
  const inputs =
    receipt === undefined
      ? []
      : job.references.map((reference) => ({ consent: consentOf(policy, reference), ...leafOf(receipt) }));
  await tellChain(
    own,
    { type: 'JobApprove', job: chainNameOf(hash), plan: planOf(hash), inputs },
    async () => partyOf(await own.client.job(chainNameOf(hash)), own.member)?.approved === true,
  );
}

export const startOnChain = (own: OwnMember, hash: string): Promise<void> =>
  tellChain(own, { type: 'JobStart', job: chainNameOf(hash) }, async () => {
    const state = (await own.client.job(chainNameOf(hash)))?.state ?? 'open';
    return state !== 'open';
  });

export const sealOnChain = (own: OwnMember, hash: string, result: string): Promise<void> =>
  tellChain(
    own,
    { type: 'JobSeal', job: chainNameOf(hash), result: Buffer.from(result, 'hex') },
    async () => (partyOf(await own.client.job(chainNameOf(hash)), own.member)?.sealed.length ?? 0) > 0,
  );

/** From here on the chain starts no job that was approved under this consent. */
export function freezeOnChain(own: OwnMember, policy: Policy, reference: string): Promise<void> {
  const consent = consentOf(policy, reference);
  return tellChain(
    own,
    { type: 'ConsentFreeze', consent },
    async () => (await own.client.frozen(own.member, consent)) !== undefined,
  );
}

/** Where the policy names a chain: the job has to be started there, with this plan, by these members. @throws PartyProblem */
export async function requireStarted(
  policy: Policy,
  { job, hash }: { job: JobSpecification; hash: string },
): Promise<void> {
  if (!policy.chain) return;
  const found = await ownMember(policy).client.job(chainNameOf(hash));
  const same =
    found !== undefined &&
    Buffer.from(found.plan).toString('hex') === hash &&
    found.parties.map(({ member }) => member).join(' ') === membersOf(policy, job).join(' ') &&
    found.parties.every(({ approved }) => approved);
  if (!same || found.state !== 'started') throw new PartyProblem('not-started-on-chain', found?.state);
}

/** A consent's name on the chain: nobody can try references against it without the salt that stays here. */
function consentOf(policy: Policy, reference: string): Uint8Array {
  const path = join(policy.records, 'consents.salt');
  if (!existsSync(path)) {
    mkdirSync(policy.records, { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
  }
  return createHmac('sha256', readFileSync(path)).update(reference).digest();
}

const hasher = treeHasher((bytes) => createHash('sha256').update(bytes).digest());

/** Where an entry of the own log stands, as the chain wants it proven. */
function leafOf(receipt: string) {
  const { entry, index, hashes, checkpoint } = parseReceipt(receipt);
  const end = checkpoint.indexOf('\n\n');
  const { origin, size } = parseCheckpointText(checkpoint.slice(0, end + 1));
  return { origin, size, index, leaf: hasher.leaf(formatActEntry(entry)), proof: hashes };
}
