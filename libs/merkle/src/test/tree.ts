import { createHash } from 'node:crypto';
import type { NodeId, NodeReader, TreeHasher } from '../index.ts';

/** Leaves of the test vectors that Certificate Transparency's implementations share (RFC 6962). */
export const rfcEntries = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));

/** Roots of the trees of their first 1 to 8. */
export const rfcRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** The definition of RFC 9162 section 2.1.1, word for word, as the measure of everything else. */
export function plainRoot(entries: readonly Uint8Array[]): Uint8Array {
  const sha256 = (...parts: Uint8Array[]) => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return Uint8Array.from(hash.digest());
  };
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return sha256(Uint8Array.of(0), entries[0] ?? Uint8Array.of());
  let k = 1;
  while (2 * k < entries.length) k *= 2;
  return sha256(Uint8Array.of(1), plainRoot(entries.slice(0, k)), plainRoot(entries.slice(k)));
}

export const numbered = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, n) => Uint8Array.from(Buffer.from(`entry ${n}`)));

/** Nodes of a tree held in memory. */
export function nodesInMemory(hasher: TreeHasher, entries: readonly Uint8Array[]): NodeReader {
  const hashOf = ({ level, index }: NodeId): Uint8Array =>
    level === 0
      ? hasher.leaf(entries[Number(index)] ?? Uint8Array.of())
      : hasher.node(
          hashOf({ level: level - 1, index: 2n * index }),
          hashOf({ level: level - 1, index: 2n * index + 1n }),
        );
  return async (nodes) => nodes.map(hashOf);
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
