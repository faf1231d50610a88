import { Abort } from '../error.ts';
import type { Net } from '../link/net.ts';
import type { Crypto } from '../prg/crypto.ts';
import { derive, prg } from '../prg/prg.ts';
import { fieldP61 } from '../field/p61.ts';
import type { Bytes, Group } from './group.ts';
import { deriveKey, hashToGroup } from './oprf.ts';

/** Identifiers at most on one side, so that a partner cannot ask for the memory of the other. */
export const mostIdentifiers = 1_000_000;

export interface IntersectionJob {
  /** 32 bytes of this job: elements of two jobs have nothing in common, and a partner cannot bring those of an old one. */
  readonly session: Bytes;
  /** Numbers of identifiers by party, agreed on beforehand; the only thing that sizes of messages depend on. */
  readonly sizes: readonly [number, number];
  /** `items`: both learn which of their own the partner has too. `cardinality`: both learn how many, and not which. */
  readonly reveal: 'items' | 'cardinality';
  /** 16 bytes that this party's key and order are made from; fresh ones by default. */
  readonly seed?: Bytes;
}

/** `indices` of one's own identifiers that the partner has too; only with `reveal: 'items'`. */
export interface Intersection {
  readonly size: number;
  readonly indices?: readonly number[];
}

const width = 32;

/**
 * Intersection of two parties' sets, by commuting keys on ristretto255 (Meadows 1986; Huberman, Franklin, Hogg 1999; hash to the
 * group as in RFC 9497, the session before each identifier). Each sends H(x)^a, the partner returns H(x)^ab, in the same order to
 * find items and in a secret order to count. Both see equal elements only for equal identifiers.
 *
 * Private against a partner who follows the protocol (decisional Diffie-Hellman, hash as random oracle). One who deviates may bring
 * identifiers that it does not have, up to the agreed number, and may falsify the answer; the job's sizes and its history limit that.
 * @throws Abort; RangeError when identifiers repeat or are not as many as agreed
 */
export async function intersect(
  net: Net,
  crypto: Crypto,
  group: Group,
  identifiers: readonly string[],
  job: IntersectionJob,
): Promise<Intersection> {
  const partner = 1 - net.me;
  const [mine, theirs] = [job.sizes[net.me] ?? 0, job.sizes[partner] ?? 0];
  if (net.parties !== 2 || job.session.length !== 32) throw new RangeError('two parties and a session of 32 bytes');
  if (Math.max(mine, theirs) > mostIdentifiers) throw new RangeError(`${mostIdentifiers} identifiers at most`);
  if (identifiers.length !== mine || new Set(identifiers).size !== mine)
    throw new RangeError('identifiers: different ones, as many as agreed');

  const seed = job.seed ?? crypto.random(16);
  const key = deriveKey(group, crypto.sha256(derive(crypto, seed, 'intersection key')), job.session);
  const random = (purpose: string) => prg(crypto, fieldP61, derive(crypto, seed, purpose));

  // Own elements go out in a secret order, so that the order of a file tells nothing.
  const order = shuffled(mine, random('order'));
  const encoder = new TextEncoder();
  const own = new Uint8Array(mine * width);
  for (const [place, index] of order.entries()) {
    const text = encoder.encode(identifiers[index] ?? '');
    const input = new Uint8Array(job.session.length + text.length);
    input.set(job.session);
    input.set(text, job.session.length);
    own.set(group.multiply(key, hashToGroup(group, input)), place * width);
  }
  net.send(partner, own);
  // What is no element is found when it is multiplied.
  const received = elements(await net.receive(partner), theirs, 'elements');

  const doubled = received.map((element) => power(group, key, element));
  const answer = job.reveal === 'items' ? doubled : shuffled(theirs, random('answer')).map((at) => doubled[at]);
  const back = new Uint8Array(theirs * width);
  for (const [place, element] of answer.entries()) if (element) back.set(element, place * width);
  net.send(partner, back);
  const ours = elements(await net.receive(partner), mine, 'answer');
  if (!ours.every((element) => group.isElement(element))) throw new Abort('out_of_range', 'answer');

  const known = new Set(doubled.map(text));
  const found = ours.flatMap((element, place) => (known.has(text(element)) ? [order[place] ?? 0] : []));
  if (job.reveal === 'cardinality') return { size: found.length };
  return { size: found.length, indices: found.sort((a, b) => a - b) };
}

function elements(message: Bytes, count: number, phase: string): Bytes[] {
  if (message.length !== count * width) throw new Abort('message_length', phase);
  const parts = Array.from({ length: count }, (_, at) => message.subarray(at * width, (at + 1) * width));
  const seen = new Set<string>();
  for (const part of parts) seen.add(text(part));
  // Different identifiers have different elements: a repeated one would be counted twice.
  if (seen.size !== count) throw new Abort('input_mismatch', phase);
  return parts;
}

function power(group: Group, key: Bytes, element: Bytes): Bytes {
  try {
    return group.multiply(key, element);
  } catch {
    throw new Abort('out_of_range', 'elements');
  }
}

const text = (bytes: Bytes): string => String.fromCharCode(...bytes);

/** A uniform order of 0 ... n-1 (Fisher-Yates; bias below n / 2^61). */
function shuffled(n: number, stream: ReturnType<typeof prg>): number[] {
  const words = stream.elements(n);
  const order = Array.from({ length: n }, (_, at) => at);
  for (let at = n - 1; at > 0; at -= 1) {
    const other = Number((words[at] ?? 0n) % BigInt(at + 1));
    const [a, b] = [order[at] ?? 0, order[other] ?? 0];
    order[at] = b;
    order[other] = a;
  }
  return order;
}
