import type { Label } from '@geneward/api';
import type { FastqNames } from '@geneward/formats';
import type { Finding } from '@geneward/metadata';
import { recordAll } from '../../../platform/audit.ts';
import type { BlobStore } from '../../../platform/blobs.ts';
import type { Context } from '../../../platform/context.ts';
import type { Db, Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { checkBytes, pairingOf, unpackNames } from '../check.ts';
import { expiry, stateAgainst, type Declared } from '../rules.ts';
import * as store from '../store.ts';
import { stateOf } from './read.ts';

/** Where a file stands towards what a sheet declares of it. */
export function standing(declared: Declared, file: store.FileRow | undefined) {
  return stateAgainst(
    declared,
    file && { state: stateOf(file), ...(file.md5 && { md5: file.md5 }), ...(file.sha256 && { sha256: file.sha256 }) },
  );
}

/**
 * Gives files to the object or submission that needs them, all or none: they no longer expire, and they become at least as
 * sensitive as it. Files that it holds already stay. Throws Problem `conflict` when one is not there, faulty or held by another.
 */
export async function claimFiles(
  tx: Tx,
  context: Context,
  claim: store.Claim,
  ids: readonly string[],
  label: Label,
): Promise<void> {
  const wanted = new Set(ids);
  const got = await store.setClaim(tx, [...wanted], claim, label);
  if (got.length !== wanted.size) throw new Problem('conflict', { params: { state: 'file' } });
  await tellAll(tx, context, 'files.claimed', claim, got);
}

/** Gives files back to the inbox of who sent them, where they expire anew from now. */
export async function releaseClaim(
  tx: Tx,
  context: Context,
  claim: store.Claim,
  ids: readonly string[] | 'all',
  unclaimedDays: number,
): Promise<void> {
  const expires = expiry(context.now(), unclaimedDays);
  await tellAll(tx, context, 'files.unclaimed', claim, await store.dropClaim(tx, claim, ids, expires));
}

function tellAll(tx: Tx, context: Context, type: string, by: store.Claim, ids: readonly string[]): Promise<void> {
  const { kind, id } = by;
  return recordAll(
    tx,
    context,
    ids.map((file) => ({ type, object: { kind: 'file', id: file }, content: { by: { kind, id } } })),
  );
}

/** The bytes of a kept file, for checks and exchange. Throws Problem `file_missing` when they are gone. */
export async function openFile(db: Db, blobs: BlobStore, id: string): Promise<AsyncIterable<Uint8Array>> {
  const file = await store.fileById(db, id);
  if (!file?.blob_key || file.lost_at) throw new Problem('file_missing');
  return blobs.open(file.blob_key);
}

/**
 * Whether the FASTQ files of one run belong together. The names that the uploads gathered are used; where they were dropped, the
 * stored bytes are read again.
 */
export async function checkPairingOf(
  db: Db,
  blobs: BlobStore,
  run: readonly { readonly id: string; readonly readTypes: readonly string[] }[],
): Promise<readonly Finding[]> {
  const ids = run.map(({ id }) => id);
  const kept = await store.namesOf(db, ids);
  const names: FastqNames[] = [];
  const types: (readonly string[])[] = [];
  for (const file of await store.filesById(db, ids)) {
    if (file.kind !== 'fastq') continue;
    const packed = kept.get(file.id);
    const read = packed
      ? unpackNames(packed)
      : (await checkBytes('reads.fastq', await openFile(db, blobs, file.id))).names;
    if (!read) continue;
    names.push(read);
    types.push(run.find(({ id }) => id === file.id)?.readTypes ?? []);
  }
  return names.length > 1 ? pairingOf(names, types) : [];
}
