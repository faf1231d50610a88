import * as crypto from 'node:crypto';
import {
  compactRange,
  nodeSha256,
  portableSha256,
  proveInclusion,
  treeHasher,
  verifyInclusion,
  type NodeId,
  type Sha256,
} from '@geneward/merkle';
import type { Figure } from './figure.ts';

const size = 200_000;
const proofs = 20_000;

/** Appending to a tree and verifying proofs of inclusion in it, in one thread; beside it the same by the portable SHA-256. */
export async function run(): Promise<Figure[]> {
  const ours = await measure(nodeSha256(crypto));
  const peer = await measure(portableSha256);
  return (['append', 'verify'] as const).map((name) => ({
    name: `merkle.${name}`,
    value: ours[name],
    unit: '/s',
    better: 'higher',
    ...(name === 'verify' && { target: 10_000 }),
    peer: 'portable SHA-256',
    peerValue: peer[name],
    ratio: Math.round((ours[name] / peer[name]) * 100) / 100,
  }));
}

async function measure(sha256: Sha256): Promise<{ append: number; verify: number }> {
  const hasher = treeHasher(sha256);
  const nodes: Uint8Array[][] = [];
  const range = compactRange(hasher);
  const entry = new Uint8Array(80);
  const began = performance.now();
  for (let n = 0; n < size; n += 1) {
    new DataView(entry.buffer).setUint32(0, n);
    range.append(hasher.leaf(entry), (level, _index, hash) => (nodes[level] ??= []).push(hash));
  }
  const append = perSecond(size, began);
  const read = async (asked: readonly NodeId[]) =>
    asked.map(({ level, index }) => nodes[level]?.[Number(index)] ?? hasher.empty);
  const root = range.root();
  const cases = await Promise.all(
    Array.from({ length: proofs }, async (_, n) => {
      const index = BigInt((n * 7919) % size);
      const leaf = nodes[0]?.[Number(index)] ?? hasher.empty;
      return {
        given: { leaf, index, size: BigInt(size), root },
        proof: await proveInclusion(hasher, index, BigInt(size), read),
      };
    }),
  );
  const from = performance.now();
  for (const { given, proof } of cases)
    if (!verifyInclusion(hasher, given, proof)) throw new Error('a proof of the tree itself does not hold');
  return { append, verify: perSecond(proofs, from) };
}

const perSecond = (count: number, since: number): number => Math.round((count / (performance.now() - since)) * 1000);
