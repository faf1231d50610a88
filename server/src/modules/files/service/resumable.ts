import { Readable } from 'node:stream';
import type { UploadView } from '@geneward/api';
import { record, recordAll } from '../../../platform/audit.ts';
import type { Context, Principal } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import type { FilesPorts } from '../ports.ts';
import { dropPass, takePass } from '../passes.ts';
import * as store from '../resumable-store.ts';
import { checkBefore, dropBytes, keepFile, newKey, uploadFile } from './upload.ts';
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
    await store.usePartials(tx, id, partials);
    await recordAll(
      tx,
      context,
      ids.map((part) => ({
        type: 'files.upload_ended',
        object: { kind: 'upload', id: part },
        content: { state: 'joined', into: id },
      })),
    );
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
/** Encrypted files that nobody can open here. */
const wrong = ['encrypted_wrong_key', 'encrypted_damaged', 'encrypted_refused'];
const final = new Set([
  ...wrong,
  'checksum_mismatch',
  'size_mismatch',
  'duplicate_content',
  'file_empty',
  'file_too_large',
]);

/** Bytes of joined parts that are read again before the answer; longer ones are read behind it. */
const readAtOnce = 256 * 1024 * 1024;
/** Uploads that are read behind an answer: joined ones, and those whose bytes went straight to the store. */
const joining = new Map<string, Promise<unknown>>();

/**
 * Makes the file of an upload whose last byte has come; any other is given back as it is. What the pass told stands already, so
 * this is one transaction. Called again after a crash or a lost answer it ends in the same file. Parts that came side by side are
 * read once more when they are joined: a long one goes on behind the answer, and is complete when it is asked for later.
 */
export async function finishResumable(
  context: Context,
  row: store.UploadRow,
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
  authenticate: () => Promise<Principal>,
): Promise<store.UploadRow> {
  const { id, name, length } = row;
  if (row.state !== 'open' || row.received !== length) return row;
  if (name === null) {
    await sealPartial(context, row, await keyOf(context.db, id), parts);
    return row;
  }
  const make = () => (row.joined ? joinedFile : grownFile)(context, { row, name, authenticate }, parts, ports);
  if ((!row.joined && !row.direct_id) || Number(length) <= readAtOnce) return make();
  if (!joining.has(id)) {
    const work = make()
      .catch((error: unknown) => context.log.warn({ err: error, upload: id }, 'a joined upload was not finished'))
      .finally(() => joining.delete(id));
    joining.set(id, work);
  }
  return row;
}

interface Ending {
  readonly row: store.UploadRow;
  readonly name: string;
  readonly authenticate: () => Promise<Principal>;
}

const uploadOf = ({ row, name, authenticate }: Ending) => {
  const { length, sha256, md5 } = row;
  return {
    name,
    length: BigInt(length ?? 0),
    declared: { size: Number(length), ...(sha256 && { sha256 }), ...(md5 && { md5 }) },
    acceptDuplicate: row.accept_duplicate,
    authenticate,
  };
};

async function grownFile(
  context: Context,
  ending: Ending,
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
): Promise<store.UploadRow> {
  const { id } = ending.row;
  const key = await keyOf(context.db, id);
  return ended(context, id, [key], parts, async () => {
    const taken = await takePass(ending.row, key, parts);
    let over = false;
    const end = () => {
      over = true;
      return taken.pass.end();
    };
    try {
      await keepFile(context, { key, upload: uploadOf(ending), end }, parts, ports, (tx, file) =>
        finish(tx, context, id, { state: 'complete', file }),
      );
    } finally {
      await taken.release();
      // It has told all: who asks again reads the durable bytes.
      if (over) await dropPass(id);
    }
  });
}

async function joinedFile(
  context: Context,
  ending: Ending,
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
): Promise<store.UploadRow> {
  const { id, joined } = ending.row;
  const partials = await store.partialsOf(context.db, mayUpload(context), joined ?? []);
  const bytes = Readable.from(bytesOf(context, partials, parts), { objectMode: false, highWaterMark: 1024 * 1024 });
  const done = await ended(context, id, [], parts, async () => {
    const { file } = await uploadFile(context, { ...uploadOf(ending), bytes }, parts, ports);
    await transaction(context.db, (tx) => finish(tx, context, id, { state: 'complete', file: file.id }));
  }).finally(() => bytes.destroy());
  if (done.state === 'open') return done;
  const keys = await transaction(context.db, (tx) => store.dropKeys(tx, joined ?? []));
  for (const key of keys) await dropBytes(context, key, parts);
  return done;
}

/** Runs what makes the file and says what became of the upload. Final refusals end it; after others it can be tried again. */
async function ended(
  context: Context,
  id: string,
  keys: readonly string[],
  parts: Parts,
  make: () => Promise<void>,
): Promise<store.UploadRow> {
  try {
    await make();
  } catch (error) {
    const again = await found(context.db, context, id);
    // Another request has made the file in the meantime.
    if (again.state === 'complete') return again;
    // Somebody makes it, or a killed process did a moment ago: all bytes are there, and whoever asks later gets the file.
    if (error instanceof Problem && error.code === 'upload_in_progress') return again;
    if (!(error instanceof Problem && final.has(error.code))) throw error;
    await transaction(context.db, (tx) => finish(tx, context, id, { state: 'refused', problem: error.code }));
    for (const key of keys) await dropBytes(context, key, parts);
    throw error;
  }
  return found(context.db, context, id);
}

/** Ends an upload and tells it: whoever saw it begin learns what it came to. */
async function finish(tx: Tx, context: Context, id: string, end: store.UploadEnd): Promise<void> {
  if (!(await store.endUpload(tx, id, end))) return;
  await record(tx, context, { type: 'files.upload_ended', object: { kind: 'upload', id }, content: { ...end } });
}

/** Ends an upload whose bytes can come to nothing: more of them would not help. */
export async function refuseWrong(
  context: Context,
  id: string,
  key: string,
  error: unknown,
  parts: Parts,
): Promise<void> {
  if (!(error instanceof Problem && wrong.includes(error.code))) return;
  await transaction(context.db, (tx) => finish(tx, context, id, { state: 'refused', problem: error.code }));
  await dropBytes(context, key, parts);
}

/** The bytes of parts, one part after the other. */
async function* bytesOf(
  context: Context,
  partials: readonly store.UploadRow[],
  parts: Parts,
): AsyncGenerator<Uint8Array> {
  for (const row of partials) {
    const key = await keyOf(context.db, row.id);
    await sealPartial(context, row, key, parts);
    yield* await parts.blobs.open(key);
  }
}

/** Makes an object of a part, unless it is one. */
async function sealPartial(context: Context, row: store.UploadRow, key: string, parts: Parts): Promise<void> {
  if (await parts.blobs.describe(key)) return;
  const taken = await takePass(row, key, parts);
  try {
    const grown = await taken.pass.end();
    await transaction(context.db, (tx) => grown.keep(tx));
  } finally {
    await taken.release();
    await dropPass(row.id);
  }
}

/** The key of the object that an upload grows into; made when the first bytes come. */
export const keyOf = (db: Context['db'], id: string): Promise<string> => store.giveKey(db, id, newKey());

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
    if (gone?.state === 'open')
      await record(tx, context, {
        type: 'files.upload_given_up',
        object: { kind: 'upload', id },
        content: { received: gone.received, reason },
      });
    return gone;
  });
  await dropPass(id);
  if (removed?.key) await dropBytes(context, removed.key, parts);
  if (removed?.state === 'open') await abandonDirect(context, removed, parts);
}

/** What a direct upload has left in the store, when it is given up. */
async function abandonDirect(
  context: Context,
  row: Pick<store.UploadRow, 'direct_piece' | 'direct_id'>,
  parts: Pick<Parts, 'blobs'>,
): Promise<void> {
  const { direct_piece: piece, direct_id: id } = row;
  if (!piece || !id) return;
  await parts.blobs.directFor('files/')?.abandon(piece, id);
  await dropBytes(context, piece, parts);
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
