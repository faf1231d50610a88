import { createHash } from 'node:crypto';
import { record } from '../../../platform/audit.ts';
import type { BlobStore, Storage, Verification } from '../../../platform/blobs.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { notify, type NewNotice } from '../../identity/index.ts';
import { checkBytes, packNames } from '../check.ts';
import { forgetUses } from '../limit-store.ts';
import * as store from '../store.ts';
import { expireResumable } from './resumable.ts';
import { forgetTokens } from '../token-store.ts';
import { dropSilentUploads } from '../upload-store.ts';
import * as upkeep from '../upkeep-store.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Bytes that no row names are left alone this long: a write and its row are seconds apart at most. */
const orphanGrace = day;
/** An upload under way tells of itself every few seconds while bytes come. */
const silence = 10 * 60_000;
/** What one run of the verification reads, so that it ends before the next begins. */
const verifyBytes = 256n * 1024n ** 3n;
const verifyAtOnce = 5000;
const batch = 200;

/** Looks a second time at stored bytes, where one pass could only suspect. */
export async function checkAgain(context: Context, id: string, { blobs }: Pick<Parts, 'blobs'>): Promise<void> {
  const file = await store.fileById(context.db, id);
  const { blob_key: key, sha256 } = file ?? {};
  if (!file || !sha256 || !key || file.state === 'expired') return;
  const { check, names } = await checkBytes(file.name, await blobs.open(key), () => reopened(blobs, key));
  await transaction(context.db, async (tx) => {
    const state = check.accepted ? 'stored' : 'faulty';
    const packed = names && file.claim_kind === null ? packNames(names) : null;
    await store.setChecked(tx, id, { state, kind: check.kind, report: JSON.stringify(check), names: packed });
    const count = (level: string) => check.findings.filter((finding) => finding.level === level).length;
    await record(tx, context, {
      type: 'files.checked',
      object: { kind: 'file', id },
      content: { sha256, state, errors: count('error'), warnings: count('warning') },
    });
  });
}

async function* reopened(blobs: BlobStore, key: string): AsyncGenerator<Uint8Array> {
  yield* await blobs.open(key);
}

/** Warns the owners of uploads that nothing claims, and later takes these away. */
export async function expireUnclaimed(context: Context, { config }: Pick<Parts, 'config'>): Promise<void> {
  const now = context.now();
  const warnUntil = new Date(now.getTime() + config.archive.unclaimedWarningDays * day);
  for (;;) {
    const more = await transaction(context.db, async (tx) => {
      const due = await upkeep.takeWarnings(tx, warnUntil, now, batch);
      for (const [person, files] of due) await notify(tx, warning(person, files, now));
      return due.size > 0;
    });
    if (!more) break;
  }
  for (;;) {
    const expired = await transaction(context.db, async (tx) => {
      const files = await upkeep.takeExpired(tx, now, batch);
      for (const { id, sha256 } of files) {
        await record(tx, context, { type: 'files.expired', object: { kind: 'file', id }, content: { sha256 } });
        await enqueue(tx, 'files.discard', { sha256 });
      }
      return files;
    });
    if (expired.length === 0) return;
  }
}

const shownNames = 10;

function warning(person: string, files: readonly upkeep.Due[], at: Date): NewNotice {
  const first = files
    .slice(0, shownNames)
    .map(({ name, expires }) => `${name} (${expires.toISOString().slice(0, 10)})`);
  const more = files.length - first.length;
  return {
    people: [person],
    type: 'files.expiring',
    at,
    title: {
      en: files.length === 1 ? 'An upload is about to expire' : `${files.length} uploads are about to expire`,
      zh: `${files.length} 个已上传文件即将过期`,
    },
    body: {
      en: `No submission names these files; on the day shown they are removed: ${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}. Name them in a submission to keep them.`,
      zh: `以下文件未被任何提交引用，将于所示日期删除：${first.join('、')}${more > 0 ? `，以及另外 ${more} 个` : ''}。如需保留，请在提交中引用这些文件。`,
    },
  };
}

/** Clears uploads of processes that died, and what downloads have left. */
export async function tidy(context: Context, parts: Pick<Parts, 'blobs'>): Promise<void> {
  const now = context.now().getTime();
  await expireResumable(context, parts);
  await dropSilentUploads(context.db, new Date(now - silence));
  await forgetDownloads(context);
}

/** Looks through everything that is kept for what nothing names: bytes that a crash left, blobs that no file needs. */
export async function sweep(context: Context, { blobs }: Pick<Parts, 'blobs'>): Promise<void> {
  const before = new Date(context.now().getTime() - orphanGrace);
  await blobs.discardUnfinished(before, (key) => upkeep.isNamed(context.db, key));
  for (const sha256 of await upkeep.unusedBlobs(context.db)) await discardBlob(context, sha256, { blobs });
  await removeOrphans(context, before, blobs);
}

/** Removes the bytes of a blob that no file names any more. */
export async function discardBlob(context: Context, sha256: string, { blobs }: Pick<Parts, 'blobs'>): Promise<void> {
  const key = await transaction(context.db, async (tx) => {
    const freed = await upkeep.freeBlob(tx, sha256);
    if (freed) await tellRemoved({ ...context, db: tx }, freed, 'unused');
    return freed;
  });
  // From here on no row names the key: should the process die now, the bytes are an orphan for the sweep.
  if (key) await blobs.delete(key);
}

async function removeOrphans(context: Context, before: Date, blobs: Storage): Promise<void> {
  for await (const { key, at } of blobs.list('files')) {
    // A key is named by its upload from before its first byte, that of a short file moments after its last, and never used again:
    // unnamed after so long is unnamed for ever.
    if (at >= before || (await upkeep.isNamed(context.db, key)) || (await blobs.isPiece(key))) continue;
    await blobs.delete(key);
    await transaction(context.db, (tx) => tellRemoved({ ...context, db: tx }, key, 'orphan'));
  }
}

function tellRemoved(context: Context, key: string, reason: 'orphan' | 'unused'): Promise<void> {
  return record(context.db, context, { type: 'files.blob_removed', content: { key, reason } });
}

/** Download tokens that ended a while ago, and what was counted of rights that nobody uses any more. */
async function forgetDownloads(context: Context): Promise<void> {
  const before = new Date(context.now().getTime() - 90 * day);
  await transaction(context.db, async (tx) => {
    await forgetTokens(tx, before);
    await forgetUses(tx, before);
  });
}

/**
 * Reads the copies that were not read for longest and those that are known to be faulty, up to a share of bytes. What is damaged
 * or missing is made good from a sound copy; either way an event tells of it.
 */
export async function verifyBlobs(context: Context, { blobs, config }: Pick<Parts, 'blobs' | 'config'>): Promise<void> {
  const before = new Date(context.now().getTime() - config.storage.scrubDays * day);
  let read = 0n;
  for (const { key, size } of await blobs.due(before, verifyAtOnce)) {
    if (read > verifyBytes) return;
    read += size;
    await tellVerified(context, key, await blobs.verify(key));
  }
  // What the storage has lost sight of, and what an earlier version has written: only the checksum can tell.
  for (const { sha256, key, size } of await upkeep.oldestVerified(context.db, before, verifyAtOnce)) {
    if (read > verifyBytes) return;
    read += BigInt(size);
    const fault = await faultOf(blobs, key, sha256);
    await tellVerified(context, key, { verdict: fault ?? 'sound', faults: [] });
  }
}

async function tellVerified(context: Context, key: string, { verdict, faults }: Verification): Promise<void> {
  await transaction(context.db, async (tx) => {
    const lost = verdict === 'damaged' || verdict === 'missing';
    if (lost || faults.length > 0) context.log.error({ key, verdict, faults }, 'stored bytes were not sound');
    const blob = await upkeep.setVerified(tx, { key, at: context.now(), lost });
    if (!blob) return;
    const { sha256, lostBefore } = blob;
    if (lost && !lostBefore)
      await record(tx, context, { type: 'files.lost', outcome: 'failed', content: { sha256, reason: verdict } });
    if (verdict === 'mended')
      for (const { store, reason } of faults)
        await record(tx, context, { type: 'files.mended', content: { sha256, store, reason } });
  });
}

async function faultOf(blobs: BlobStore, key: string, sha256: string): Promise<'missing' | 'damaged' | undefined> {
  if ((await blobs.size(key)) === undefined) return 'missing';
  const hash = createHash('sha256');
  try {
    for await (const chunk of await blobs.open(key)) hash.update(chunk);
  } catch (error) {
    if (error instanceof Problem && error.code === 'storage_damaged') return 'damaged';
    throw error;
  }
  return hash.digest('hex') === sha256 ? undefined : 'damaged';
}
