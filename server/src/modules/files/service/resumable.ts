import { Readable } from 'node:stream';
import type { UploadView } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context, Principal } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import type { FilesPorts } from '../ports.ts';
import * as store from '../resumable-store.ts';
import { checkBefore, dropBytes, uploadFile } from './upload.ts';
import { mayUpload } from './sender.ts';

const day = 86_400_000;
/** An upload that nobody goes on with is given up after this long. */
export const resumeDays = 7;
/** Uploads of one person that are not finished. */
const openAtOnce = 1000;

/** How a resumable upload is begun. */
export interface Begin {
  /** Absent for a part that is joined later. */
  readonly name: string | undefined;
  /** Absent when the sender does not know it yet; `tellLength` says it then. */
  readonly length: number | undefined;
  readonly declared: { readonly sha256?: string | undefined; readonly md5?: string | undefined };
  readonly acceptDuplicate: boolean;
}

export const resumeUntil = (now: Date): Date => new Date(now.getTime() + resumeDays * day);

/** Opens a place for an upload. What is wrong with its name or length is told before a byte is sent. */
export async function beginResumable(context: Context, begin: Begin, { config }: Parts): Promise<store.UploadRow> {
  const owner = mayUpload(context);
  const { name, length, declared } = begin;
  const known = length === undefined ? {} : { length: BigInt(length) };
  checkBefore({ name: name ?? 'part', ...known, declared: {} }, BigInt(config.limits.fileBytes), context);
  return transaction(context.db, async (tx) => {
    if ((await store.openUploads(tx, owner, openAtOnce)).length >= openAtOnce)
      throw new Problem('too_many_open_uploads', { params: { limit: openAtOnce } });
    const at = context.now();
    const { acceptDuplicate } = begin;
    const row = { owner, name: name ?? null, length, declared, acceptDuplicate, at, expires: resumeUntil(at) };
    return tell(tx, context, await store.createUpload(tx, row), length);
  });
}

/** Joins complete parts, in the order given, into one upload. Throws Problem `upload_incomplete`. */
export async function joinResumable(
  context: Context,
  begin: Omit<Begin, 'length'>,
  ids: readonly string[],
  { config }: Parts,
): Promise<store.UploadRow> {
  const owner = mayUpload(context);
  const { name, declared, acceptDuplicate } = begin;
  return transaction(context.db, async (tx) => {
    const partials = await store.lockPartials(tx, owner, ids);
    if (partials.length < ids.length) throw new Problem('upload_incomplete');
    const length = partials.reduce((sum, part) => sum + Number(part.length), 0);
    checkBefore({ name: name ?? '', length: BigInt(length), declared: {} }, BigInt(config.limits.fileBytes), context);
    const at = context.now();
    const row = { owner, name: name ?? null, length, declared, acceptDuplicate, at, expires: resumeUntil(at) };
    const id = await store.createUpload(tx, row, ids);
    await store.joinPartials(tx, id, partials);
    return tell(tx, context, id, length, ids);
  });
}

async function tell(
  tx: Parameters<typeof store.createUpload>[0],
  context: Context,
  id: string,
  length: number | undefined,
  joined?: readonly string[],
): Promise<store.UploadRow> {
  await record(tx, context, {
    type: 'files.upload_begun',
    object: { kind: 'upload', id },
    content: { ...(length !== undefined && { size: String(length) }), ...(joined && { joined: [...joined] }) },
  });
  return found(tx, context, id);
}

/** Says how long an upload is that was begun without a length. Throws Problem `upload_length_differs`. */
export async function tellLength(context: Context, id: string, length: number, { config }: Parts): Promise<void> {
  const row = await found(context.db, context, id);
  checkBefore(
    { name: row.name ?? 'part', length: BigInt(length), declared: {} },
    BigInt(config.limits.fileBytes),
    context,
  );
  if (!(await store.setLength(context.db, id, length)))
    throw new Problem('upload_length_differs', { params: { length: row.length ?? row.received, given: length } });
}

/** An upload of the caller's. Throws Problem `not_found`. */
export async function found(db: Context['db'], context: Context, id: string): Promise<store.UploadRow> {
  const row = await store.uploadById(db, mayUpload(context), id);
  if (!row) throw new Problem('not_found');
  return row;
}

export async function listResumable(context: Context): Promise<UploadView[]> {
  return (await store.openUploads(context.db, mayUpload(context), openAtOnce)).map(uploadViewOf);
}

/** Refusals that another try does not change: with them the upload is over. */
const final = new Set(['checksum_mismatch', 'size_mismatch', 'duplicate_content', 'file_empty', 'file_too_large']);

/**
 * Makes the file of an upload whose last byte has come; any other is given back as it is. Called again after a crash or a lost
 * answer it ends in the same file. Reads the parts through the same pass that a plain upload takes.
 */
export async function finishResumable(
  context: Context,
  row: store.UploadRow,
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
  authenticate: () => Promise<Principal>,
): Promise<store.UploadRow> {
  const { id, name, length, sha256, md5 } = row;
  if (row.state !== 'open' || row.received !== length || name === null) return row;
  const stored = await store.partsOf(context.db, id);
  const upload = {
    name,
    bytes: Readable.from(bytesOf(stored, parts), { objectMode: false, highWaterMark: 1024 * 1024 }),
    length: BigInt(length),
    declared: { size: Number(length), ...(sha256 && { sha256 }), ...(md5 && { md5 }) },
    acceptDuplicate: row.accept_duplicate,
    authenticate,
  };
  let keys: string[];
  try {
    const file = await uploadFile(context, upload, parts, ports);
    keys = await transaction(context.db, (tx) => store.endUpload(tx, id, { state: 'complete', file: file.id }));
  } catch (error) {
    const again = await found(context.db, context, id);
    // Another request has made the file in the meantime, and taken the parts away.
    if (again.state === 'complete') return again;
    // Somebody makes it, or a killed process did a moment ago: all bytes are there, and whoever asks later gets the file.
    if (error instanceof Problem && error.code === 'upload_in_progress') return again;
    if (!(error instanceof Problem && final.has(error.code))) throw error;
    keys = await transaction(context.db, (tx) => store.endUpload(tx, id, { state: 'refused', problem: error.code }));
    for (const key of keys) await dropBytes(context, key, parts);
    throw error;
  }
  for (const key of keys) await dropBytes(context, key, parts);
  return found(context.db, context, id);
}

async function* bytesOf(stored: readonly store.Part[], { blobs }: Parts): AsyncGenerator<Uint8Array> {
  for (const { key } of stored) yield* await blobs.open(key);
}

/** Gives an upload up: what came of it goes. */
export async function giveUpResumable(context: Context, id: string, parts: Parts): Promise<void> {
  await found(context.db, context, id);
  await removeUpload(context, id, parts, 'sender');
}

/** Takes uploads away that nobody went on with. */
export async function expireResumable(context: Context, parts: Pick<Parts, 'blobs'>): Promise<void> {
  for (;;) {
    const ids = await store.expiredUploads(context.db, context.now(), 200);
    for (const id of ids) await removeUpload(context, id, parts, 'expired');
    if (ids.length < 200) return;
  }
}

async function removeUpload(
  context: Context,
  id: string,
  parts: Pick<Parts, 'blobs'>,
  reason: 'sender' | 'expired',
): Promise<void> {
  const removed = await transaction(context.db, async (tx) => {
    const gone = await store.removeUpload(tx, id);
    if (gone?.row.state === 'open')
      await record(tx, context, {
        type: 'files.upload_given_up',
        object: { kind: 'upload', id },
        content: { received: gone.row.received, reason },
      });
    return gone;
  });
  for (const key of removed?.keys ?? []) await dropBytes(context, key, parts);
}

export function uploadViewOf(row: store.UploadRow): UploadView {
  const { id, name, state, received, length, expires_at: expires, file_id: file, problem } = row;
  return {
    id,
    state,
    offset: Number(received),
    ...(length !== null && { length: Number(length) }),
    expiresAt: expires.toISOString(),
    ...(name !== null && { name }),
    ...(file !== null && { file }),
    ...(problem !== null && { problem }),
  };
}
