import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { appHash, reader, redo, writer } from '@geneward/chain';
import { concat, equal } from '@geneward/merkle';
import { decodeCommitted, encodeCommitted, replaceFile, type Committed } from './store.ts';

/** What a node tells of a snapshot that others may join from. */
export interface SnapshotOffer {
  readonly height: bigint;
  readonly chunks: number;
  readonly hash: Uint8Array;
  /** SHA-256 of each chunk, one after another. */
  readonly metadata: Uint8Array;
}

/** Form of the bytes: the state, and the leaves of the whole log. */
export const snapshotFormat = 1;
const chunkBytes = 1 << 20;
/** Snapshots that are kept. */
const kept = 2;
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export interface Snapshots {
  take(of: Committed, leaves: readonly Uint8Array[]): void;
  list(): SnapshotOffer[];
  chunk(height: bigint, index: number): Uint8Array | undefined;
}

export function openSnapshots(home: string): Snapshots {
  const folder = join(home, 'snapshots');
  mkdirSync(folder, { recursive: true });
  const pathOf = (height: bigint) => join(folder, String(height));
  const heights = () =>
    readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(BigInt)
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const chunksOf = (bytes: Uint8Array): Uint8Array[] =>
    Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, at) =>
      bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes),
    );
  return {
    take(of, leaves) {
      const whole = encodeCommitted(of);
      const to = writer().bytes(whole);
      to.list(leaves, (leaf) => to.raw(leaf));
      replaceFile(pathOf(of.height), to.done(), folder);
      for (const old of heights().slice(0, -kept)) rmSync(pathOf(old), { force: true });
    },
    list: () =>
      heights().map((height) => {
        const bytes = readFileSync(pathOf(height));
        const chunks = chunksOf(bytes);
        return { height, chunks: chunks.length, hash: sha256(bytes), metadata: concat(...chunks.map(sha256)) };
      }),
    chunk(height, index) {
      if (!existsSync(pathOf(height))) return undefined;
      return chunksOf(readFileSync(pathOf(height)))[index];
    },
  };
}

/** Gathers the chunks of a snapshot that was offered; nothing is believed but the app hash, which the light client vouches for. */
export interface Restoring {
  /** `wrong`: ask another node for this chunk. */
  chunk(index: number, bytes: Uint8Array): 'more' | 'wrong' | 'whole';
  /** Undefined when the whole is not the state of that app hash. */
  result(): { readonly committed: Committed; readonly leaves: readonly Uint8Array[] } | undefined;
}

export function restoring(offer: SnapshotOffer, trusted: Uint8Array): Restoring | undefined {
  if (offer.metadata.length !== 32 * offer.chunks || offer.chunks > 65_536) return undefined;
  const chunks: Uint8Array[] = [];
  return {
    chunk(index, bytes) {
      if (!equal(sha256(bytes), offer.metadata.subarray(32 * index, 32 * (index + 1)))) return 'wrong';
      // Copied: the bytes belong to a message that is gone soon.
      chunks[index] = Uint8Array.from(bytes);
      return Object.keys(chunks).length === offer.chunks ? 'whole' : 'more';
    },
    result() {
      try {
        const from = reader(concat(...chunks));
        const committed = decodeCommitted(from.bytes(0xffff_ffff));
        const leaves = from.list(0xffff_ffff, () => from.raw(32));
        from.end();
        // The right edge that the leaves give is the one that the app hash binds.
        const again = redo({ map: committed.state.map, size: 0n, edge: [] }, { leaves, records: [] });
        return equal(appHash(again), trusted) && committed.height === offer.height
          ? { committed: { ...committed, state: again }, leaves }
          : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
