import { leafPage, proveRange, rootOf, segmentSize, type RangeProof } from '@geneward/crypt4gh';
import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { crypto } from '../keys/suite-a.ts';

const hashSize = 32;

/** A page of leaf hashes, in their order. */
export interface LeafPage {
  readonly page: number;
  readonly leaves: Uint8Array;
}

/** Gathers leaf hashes into pages as they come. */
export function leafPages() {
  let page = 0;
  let leaves: Uint8Array[] = [];
  const take = (): LeafPage => {
    const taken = { page, leaves: Buffer.concat(leaves) };
    page += 1;
    leaves = [];
    return taken;
  };
  const ready: LeafPage[] = [];
  return {
    add(leaf: Uint8Array) {
      leaves.push(leaf);
      if (leaves.length === leafPage) ready.push(take());
    },
    /** Pages that are full, each once. */
    full: () => ready.splice(0),
    /** What is left at the end. */
    rest: () => (leaves.length > 0 ? [...ready.splice(0), take()] : ready.splice(0)),
  };
}

export async function saveLeaves(db: Db, key: string, pages: readonly LeafPage[]): Promise<void> {
  for (const { page, leaves } of pages)
    await sql`insert into stored_leaves (key, page, root, leaves)
      values (${key}, ${page}, ${Buffer.from(rootOf(crypto, leaves))}, ${Buffer.from(leaves)})`.execute(db);
}

/** The same for an object that grows: a page that was made once more takes the place of itself. */
export async function replaceLeaves(db: Db, key: string, pages: readonly LeafPage[]): Promise<void> {
  for (const { page, leaves } of pages)
    await sql`insert into stored_leaves (key, page, root, leaves)
      values (${key}, ${page}, ${Buffer.from(rootOf(crypto, leaves))}, ${Buffer.from(leaves)})
      on conflict (key, page) do update set root = excluded.root, leaves = excluded.leaves`.execute(db);
}

/**
 * Leaves [from, to) of an object and their proof (docs/formats/segment-manifest.md section 3.1). Reads the pages of the range and
 * the roots of the others; undefined when the object has no such segments.
 */
export async function proofOf(
  db: Db,
  object: { key: string; plainSize: bigint },
  from: number,
  to: number,
): Promise<RangeProof | undefined> {
  const { key, plainSize } = object;
  const count = Number((plainSize + BigInt(segmentSize) - 1n) / BigInt(segmentSize));
  if (!(from >= 0 && from < to && to <= count)) return undefined;
  const [first, last] = [Math.floor(from / leafPage), Math.floor((to - 1) / leafPage)];
  const { rows } = await sql<{ page: number; root: Buffer; leaves: Buffer | null }>`
    select page, root, case when page between ${first} and ${last} then leaves end as leaves
    from stored_leaves where key = ${key} order by page`.execute(db);
  if (rows.length !== Math.ceil(count / leafPage)) return undefined;
  const near = Buffer.concat(rows.slice(first, last + 1).flatMap(({ leaves }) => leaves ?? []));
  const leavesOf = (low: number, high: number) =>
    near.subarray((low - first * leafPage) * hashSize, (high - first * leafPage) * hashSize);
  const roots = Buffer.concat(rows.map(({ root }) => root));
  const subtree = (low: number, high: number): Uint8Array => {
    const inside = low >= first * leafPage && high <= (last + 1) * leafPage && high - low < leafPage;
    if (inside) return rootOf(crypto, leavesOf(low, high));
    // Outside the pages of the range a subtree is made of whole pages.
    return rootOf(crypto, roots.subarray((low / leafPage) * hashSize, Math.ceil(high / leafPage) * hashSize));
  };
  return { from, leaves: leavesOf(from, to), proof: proveRange(count, from, to, subtree) };
}
