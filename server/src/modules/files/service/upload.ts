import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { asProblem, transaction, type Tx } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { plainName } from '../deposit.ts';
import type { FilesPorts } from '../ports.ts';
import { expiry, nameFault } from '../rules.ts';
import * as store from '../store.ts';
import * as uploads from '../upload-store.ts';
import type { Arrived, Pass } from '../pass.ts';
import { receive, type Upload } from './receive.ts';
import { mayUpload, sameSender } from './sender.ts';

/** Uploads of one person at the same time. */
const uploadsAtOnce = 32;
/** A file up to this size is whole in memory before anything of it is stored: it needs no place while it comes. */
const shortBytes = 128n * 1024n;
/** Who was asked so long ago is asked again before the file is made. */
const askAgainMilliseconds = 1000;
/** What the network may add to the idle limit before an upload of a dead process gives its name free. */
const graceSeconds = 30;

/**
 * Takes a file into the sender's inbox. One pass over the bytes stores them aside, computes both checksums and checks the
 * content; then one transaction makes the file. Whatever ends it before leaves nothing but the event of the refusal.
 * The same bytes under the same name are a success that changes nothing; other bytes under the name of an unclaimed file take
 * its place.
 */
export async function uploadFile(
  context: Context,
  upload: Upload,
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
): Promise<Kept> {
  const owner = mayUpload(context);
  const { name, length } = upload;
  let id: string | undefined;
  let arrived: Arrived | undefined;
  const key = newKey();
  const asked = context.now();
  try {
    checkBefore(upload, BigInt(parts.config.limits.fileBytes), context);
    if (length === undefined || length > shortBytes) id = await begin(context, owner, key, upload, parts);
    arrived = await receive(context, { id, key }, upload, parts);
    return await settle(context, { id, key, owner, upload, arrived, ...(!id && { asked }) }, parts, ports);
  } catch (error) {
    if (id) await giveUp(context, id, key, parts);
    // A refusal says for sure that nothing was committed; of what may have been, the sweep finds the bytes.
    else if (arrived && error instanceof Problem && error.code !== 'database_unavailable')
      await dropBytes(context, key, parts);
    throw refusal(error, name);
  }
}

/**
 * Makes the file of bytes that went through a pass of several requests, with the same rules, events and refusals.
 * @param then is part of the transaction that makes it
 */
export async function keepFile(
  context: Context,
  whole: { key: string; upload: Omit<Upload, 'bytes'>; end: Pass['end'] },
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
  then: (tx: Tx, file: string) => Promise<void>,
): Promise<void> {
  const { key, upload, end } = whole;
  const owner = mayUpload(context);
  let id: string | undefined;
  try {
    id = await begin(context, owner, key, upload, parts);
    const arrived = await end();
    await settle(context, { id, key, owner, upload, arrived }, parts, ports, then);
  } catch (error) {
    // The bytes are those of the upload, which may be gone on with.
    const place = id;
    if (place) await uploads.dropUpload(context.db, place).catch(() => undefined);
    throw refusal(error, upload.name);
  }
}

/** The file, and the names of others in the same inbox with the same bytes. */
interface Kept {
  readonly file: store.FileRow;
  readonly twins: readonly string[];
}

interface Ended {
  /** Its place, unless it gets one only with the file. */
  readonly id: string | undefined;
  readonly key: string;
  readonly owner: store.Owner;
  readonly upload: Omit<Upload, 'bytes'>;
  readonly arrived: Arrived;
  /** When it was asked who sends, for a file that came at once. */
  readonly asked?: Date;
}

/** The last questions, and the one transaction that makes the file. */
async function settle(
  context: Context,
  ended: Ended,
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
  then?: (tx: Tx, file: string) => Promise<void>,
): Promise<Kept> {
  const { key, owner, upload, asked } = ended;
  checkAfter(ended.arrived, upload);
  if (!asked || context.now().getTime() - asked.getTime() >= askAgainMilliseconds)
    sameSender(await upload.authenticate(), context);
  const { kept, ...made } = await transaction(context.db, async (tx) => {
    const id = ended.id ?? (await place(context, tx, { owner, name: upload.name, key }, parts));
    const done = await complete({ ...context, db: tx }, tx, { ...ended, id }, parts, ports);
    await then?.(tx, done.file.id);
    return done;
  });
  if (kept !== key) await dropBytes(context, key, parts);
  return made;
}

/** Seconds for which a name is tried to be freed after a failed upload. */
const dropTries = 60;

/** Keys are random: equal bytes meet in the blob table, and what a crash leaves can be told from what anybody still writes. */
export function newKey(): string {
  const id = randomUUID();
  return `files/${id.slice(0, 2)}/${id}`;
}

/** What can be told of an upload before its first byte. Throws the Problem that refuses it. */
export function checkBefore(
  { name, length, declared }: Pick<Upload, 'name' | 'length' | 'declared'>,
  limit: bigint,
  { language }: Context,
): void {
  const fault = nameFault(name);
  if (fault)
    throw new Problem('file_name_refused', {
      params: { name: shown(name), reason: fault[language] },
    });
  const size = length ?? (declared.size === undefined ? undefined : BigInt(declared.size));
  if (size !== undefined && size > limit) throw new Problem('file_too_large', { params: { limit: String(limit) } });
  if (size === 0n) throw new Problem('file_empty');
  if (length !== undefined && declared.size !== undefined && length !== BigInt(declared.size))
    throw new Problem('size_mismatch', { params: { received: String(length), declared: declared.size } });
}

async function begin(
  context: Context,
  owner: store.Owner,
  key: string,
  upload: Omit<Upload, 'bytes'>,
  parts: Parts,
): Promise<string> {
  const { name, declared } = upload;
  return transaction(context.db, async (tx) => {
    if ((await uploads.uploadsUnderWay(tx, owner.person)) >= uploadsAtOnce)
      throw new Problem('too_many_uploads', { params: { limit: uploadsAtOnce }, retryAfter: 10 });
    if (declared.sha256) refuseTwin(await store.lockInbox(tx, owner, name, declared.sha256), declared.sha256, upload);
    return place(context, tx, { owner, name, key }, parts);
  });
}

/** The place of an upload under its name, which one that nobody hears of any more has to leave. */
async function place(
  context: Context,
  tx: Tx,
  { owner, name, key }: { owner: store.Owner; name: string; key: string },
  parts: Parts,
): Promise<string> {
  const at = context.now();
  const begun = await uploads.beginUpload(tx, { owner, name, key, at });
  if (begun) return begun;
  const silent = new Date(at.getTime() - (parts.config.http.uploadIdleSeconds + graceSeconds) * 1000);
  await uploads.dropSilentUploads(tx, silent, { owner, name });
  const id = await uploads.beginUpload(tx, { owner, name, key, at });
  if (!id) throw new Problem('upload_in_progress', { retryAfter: 10 });
  return id;
}

function checkAfter({ size, received, sha256, md5 }: Arrived, { declared }: Omit<Upload, 'bytes'>): void {
  if (size === 0n) throw new Problem('file_empty');
  if (declared.size !== undefined && received !== BigInt(declared.size))
    throw new Problem('size_mismatch', { params: { received: String(received), declared: declared.size } });
  for (const [algorithm, said, is] of [
    ['SHA-256', declared.sha256, sha256],
    ['MD5', declared.md5, md5],
  ] as const)
    if (said !== undefined && said !== is)
      throw new Problem('checksum_mismatch', { params: { algorithm, declared: said, received: is } });
}

function refuseTwin(
  inbox: readonly store.FileRow[],
  sha256: string,
  { name, acceptDuplicate }: Omit<Upload, 'bytes'>,
): void {
  const twin = inbox.find((file) => file.sha256 === sha256 && file.name !== name);
  if (twin && !acceptDuplicate && !inbox.some((file) => file.sha256 === sha256 && file.name === name))
    throw new Problem('duplicate_content', { params: { name: twin.name }, place: { file: twin.name, id: twin.id } });
}

async function complete(
  context: Context,
  tx: Tx,
  ended: Ended & { readonly id: string },
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
): Promise<Kept & { readonly kept: string }> {
  const { id, key, owner, arrived } = ended;
  const { sha256, md5, size, verdict, encrypted } = arrived;
  const upload = encrypted ? { ...ended.upload, name: plainName(ended.upload.name) } : ended.upload;
  const inbox = await store.lockInbox(tx, owner, upload.name, sha256);
  const now = context.now();
  const same = inbox.find((file) => file.name === upload.name && file.sha256 === sha256);
  refuseTwin(inbox, sha256, upload);
  const twins = inbox.flatMap((file) => (file.sha256 === sha256 && file.name !== upload.name ? file.name : []));
  await arrived.keep(tx);
  const kept = await uploads.keepBlob(tx, { sha256, md5, size, key, at: now });
  if (same) {
    await uploads.dropUpload(tx, id);
    await record(tx, context, {
      type: 'files.uploaded_again',
      object: { kind: 'file', id: same.id },
      content: { sha256, size: String(size) },
    });
    return { file: { ...same, lost_at: null }, twins, kept };
  }
  const { check, unsure, names } = verdict;
  const state = unsure ? 'checking' : check.accepted ? 'stored' : 'faulty';
  const file = await uploads.completeUpload(tx, id, {
    name: upload.name,
    sha256,
    md5,
    size,
    kept,
    state,
    kind: check.kind,
    report: JSON.stringify(check),
    names: names ? Buffer.from(names) : null,
    at: now,
    expires: expiry(now, parts.config.archive.unclaimedUploadDays),
  });
  if (!file) throw new Problem('upload_broken');
  const old = inbox.filter((one) => one.name === upload.name && one.claim_kind === null);
  for (const { id: before, sha256: bytes } of old) {
    await store.removeFile(tx, before);
    if (bytes) await enqueue(tx, 'files.discard', { sha256: bytes });
  }
  if (unsure) await enqueue(tx, 'files.check', { id }, { key: `files.check:${id}` });
  const replaced = old[0]?.id;
  await record(tx, context, {
    type: 'files.uploaded',
    object: { kind: 'file', id },
    content: { sha256, md5, size: String(size), state, ...(replaced && { replaced }), ...(encrypted && { encrypted }) },
  });
  await ports.fileArrived(tx, context, file);
  return { file, twins, kept };
}

/**
 * Leaves nothing behind. The bytes go only when the place of the upload was still there: a commit whose answer was lost on the
 * way has made the file.
 */
async function giveUp(context: Context, id: string, key: string, parts: Parts): Promise<void> {
  const drop = async () => {
    if (await uploads.dropUpload(context.db, id)) await dropBytes(context, key, parts);
  };
  // The refusal is told at once; while the database is away the name is freed as soon as it is back.
  await drop().catch(() => void dropLater(context, id, drop));
}

async function dropLater(context: Context, id: string, drop: () => Promise<void>): Promise<void> {
  for (let tries = 1; tries <= dropTries; tries += 1) {
    await setTimeout(1000, undefined, { ref: false });
    try {
      return await drop();
    } catch (error) {
      if (tries < dropTries) continue;
      context.log.warn(
        { err: error, file: id },
        'an upload could not be taken away; it will be once it is silent for long',
      );
    }
  }
}

/** Removes bytes that nothing names; should that fail, the sweep finds them. */
export async function dropBytes(context: Context, key: string, { blobs }: Pick<Parts, 'blobs'>): Promise<void> {
  await blobs.delete(key).catch((error: unknown) => {
    context.log.warn({ err: error, key }, 'bytes are left for the sweep');
  });
}

/** A name as it may stand in an answer and in the audit trail, whatever was sent. */
const shown = (name: string): string => name.slice(0, 200).replaceAll(/\p{Cc}|\p{Cs}/gu, '\ufffd');

function refusal(error: unknown, name: string): unknown {
  const problem = asProblem(error);
  if (!(problem instanceof Problem) || problem instanceof Refusal) return problem;
  const { code, details } = problem;
  const file = shown(name);
  return new Refusal(
    code,
    { type: 'files.upload_refused', object: { kind: 'file', id: file }, content: { reason: code } },
    { ...details, place: { file, ...details.place } },
  );
}
