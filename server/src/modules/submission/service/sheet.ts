import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { Problem } from '../../../platform/problem.ts';
import { arriving } from '../../files/index.ts';
import { dropFindings } from '../findings.ts';
import { readAtOnceBytes, sheetPrefix, sheetSource, sheetsPerSubmission, type Intake } from '../intake.ts';
import { entriesOfSheet, seenInDatabase, seenInMemory } from '../store-entries.ts';
import * as store from '../store.ts';
import { announce } from './announce.ts';
import { lockEditable, openFor, requireEditable } from './open.ts';
import { readSheet } from './read-sheet.ts';
import { letGo, tellChanged } from './remove.ts';

/** A sheet as it comes. */
export interface SentSheet {
  readonly submission: string;
  readonly name: string;
  readonly bytes: Readable;
}

interface Kept {
  readonly key: string;
  readonly sha256: string;
  readonly size: bigint;
}

/**
 * Takes a sheet into a draft. Short ones are read at once, and the answer tells what was found; long ones are read by a job. The
 * same bytes under the same name change nothing, other bytes take the place of those before.
 */
export async function putSheet(context: Context, intake: Intake, sent: SentSheet): Promise<store.SheetRow> {
  requireEditable(await openFor(context, sent.submission, 'submission:edit'));
  const kept = await keep(context, intake, sent);
  try {
    const { sheet, unused } = await transaction(context.db, (tx) => take(tx, context, intake, sent, kept));
    if (unused !== undefined) await intake.blobs.delete(unused);
    return sheet;
  } catch (error) {
    await discard(context, intake, kept.key);
    throw error;
  }
}

/** Removes bytes that no row names. When the database cannot tell, for a commit may have gone through, the sweep does it later. */
async function discard(context: Context, { blobs }: Intake, key: string): Promise<void> {
  try {
    if (!(await store.knownSheetKeys(context.db, [key])).has(key)) await blobs.delete(key);
  } catch (error) {
    context.log.warn({ err: error, key }, 'a sheet left bytes for the sweep');
  }
}

/** Stores the bytes and hashes them on the way. */
async function keep(context: Context, { blobs, config }: Intake, { submission, bytes }: SentSheet): Promise<Kept> {
  const { sheetBytes: limit } = config.limits;
  const key = `${sheetPrefix}/${submission}/${randomUUID()}`;
  const hash = createHash('sha256');
  async function* hashed() {
    const source = arriving(bytes, {
      idleSeconds: config.http.uploadIdleSeconds,
      limit: BigInt(limit),
      onBytes: () => undefined,
    });
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const { size } = await blobs.put(key, hashed());
    return { key, size, sha256: hash.digest('hex') };
  } catch (error) {
    if (error instanceof Problem && error.code === 'file_too_large')
      throw new Problem('sheet_too_large', { params: { limit } });
    throw error;
  }
}

/** @returns the sheet, and the key of bytes that are no longer needed */
async function take(
  tx: Tx,
  context: Context,
  intake: Intake,
  { submission, name }: SentSheet,
  kept: Kept,
): Promise<{ sheet: store.SheetRow; unused: string | undefined }> {
  const row = await lockEditable(tx, submission);
  const before = await store.findSheet(tx, submission, name);
  if (before?.sha256 === kept.sha256 && before.state === 'read') return { sheet: before, unused: kept.key };
  if (!before && (await store.sheetsOf(tx, submission)).length >= sheetsPerSubmission)
    throw new Problem('too_many_sheets', { params: { limit: sheetsPerSubmission } });
  const sheet = await store.replaceSheet(tx, {
    submission_id: submission,
    name,
    sha256: kept.sha256,
    size: String(kept.size),
    blob_key: kept.key,
    at: context.now(),
  });
  await record(tx, context, {
    type: 'submission.sheet_received',
    object: { kind: 'submission', id: submission },
    content: { sheet: name, sha256: kept.sha256, size: String(kept.size) },
  });
  if (kept.size <= readAtOnceBytes)
    return {
      sheet: await readSheet(tx, context, intake, { row, sheet, seen: seenInMemory(tx) }),
      unused: before?.blob_key,
    };
  await enqueue(tx, 'submission.read_sheet', { submission, sheet: name });
  return { sheet, unused: before?.blob_key };
}

/** The job that reads a long sheet. It may be run again: only a sheet that waits to be read is read. */
export async function readWaitingSheet(
  context: Context,
  intake: Intake,
  { submission, sheet: name }: { submission: string; sheet: string },
): Promise<void> {
  await transaction(context.db, async (tx) => {
    const row = await store.lockSubmission(tx, submission);
    const sheet = row && (await store.findSheet(tx, submission, name));
    if (!row || sheet?.state !== 'reading') return;
    await readSheet(tx, context, intake, {
      row,
      sheet,
      seen: await seenInDatabase(tx),
      // Beside the transaction, so that others see it move.
      progress: async (records) => void (await store.updateSheet(context.db, submission, name, { progress: records })),
    });
  });
}

/** State of a sheet. */
export async function getSheet(context: Context, submission: string, name: string): Promise<store.SheetRow> {
  await openFor(context, submission, 'submission:read');
  const sheet = await store.findSheet(context.db, submission, name);
  if (!sheet) throw new Problem('not_found');
  return sheet;
}

/** A sheet as it was sent. */
export async function openSheet(context: Context, intake: Intake, submission: string, name: string) {
  const sheet = await getSheet(context, submission, name);
  return { sheet, bytes: await intake.blobs.open(sheet.blob_key) };
}

/** Takes a sheet out of a draft, with the objects that came from it. */
export async function deleteSheet(context: Context, intake: Intake, submission: string, name: string): Promise<void> {
  await openFor(context, submission, 'submission:edit');
  const key = await transaction(context.db, async (tx) => {
    const row = await lockEditable(tx, submission);
    const sheet = await store.findSheet(tx, submission, name);
    if (!sheet) throw new Problem('not_found');
    const objects = await entriesOfSheet(tx, submission, name);
    await letGo(tx, context, intake, submission, objects);
    await dropFindings(tx, submission, sheetSource(name));
    await store.deleteSheet(tx, submission, name);
    await store.updateSubmission(tx, row.id, { updated_at: context.now() });
    await record(tx, context, {
      type: 'submission.sheet_removed',
      object: { kind: 'submission', id: submission },
      content: { sheet: name, objects: objects.length },
    });
    await tellChanged(tx, intake, objects);
    await announce(tx, context, submission);
    return sheet.blob_key;
  });
  await intake.blobs.delete(key);
}
