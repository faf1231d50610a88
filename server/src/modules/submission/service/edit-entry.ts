import type { ObjectRecord, ReplyOf, submissionRoutes } from '@geneward/api';
import type { ArchiveRecord } from '@geneward/metadata';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { contentOf } from '../content.ts';
import { dropFindingsOf, writeFindings } from '../findings.ts';
import { objectSource, sheetSource, type Intake } from '../intake.ts';
import { placeRecord } from '../placement.ts';
import * as entries from '../store-entries.ts';
import { entryOf } from '../store-read-entries.ts';
import { updateSheet, findSheet, updateSubmission, type SubmissionRow } from '../store.ts';
import { entryView, findingView } from '../views.ts';
import { announce } from './announce.ts';
import { classifierFor } from './classifier.ts';
import { openJudge } from './judge.ts';
import { lockEditable, openFor } from './open.ts';
import { writer } from './place-records.ts';
import { etagOf } from './read.ts';
import { freeFiles, letGo, tellChanged } from './remove.ts';

type Edited = ReplyOf<typeof submissionRoutes.changeEntry>;

/** Adds one object to a draft: a new one, or a revision of an accepted one of the same alias. */
export async function addEntry(
  context: Context,
  submission: string,
  given: ObjectRecord,
): Promise<{ entry: Edited; etag: string }> {
  await openFor(context, submission, 'submission:edit');
  return transaction(context.db, async (tx) => {
    const row = await lockEditable(tx, submission);
    const content = contentOf(asRecord(given));
    const { type, alias } = content.record;
    const known = await entries.knownObjects(tx, row.submitter_id, row.organisation_id, [content.record]);
    const placement = placeRecord(content.record, content.sha256, known.get(entries.nameKey(type, alias)), {
      submission,
      sheet: undefined,
    });
    const classify = await classifierFor(tx, [content.record], context.now());
    const entry = { ...content, label: classify(content.record) };
    if (placement.kind === 'new') {
      const [object = ''] = await entries.insertObjects(tx, row, [entry]);
      return writeEntry(tx, context, row, { ...entry, object, version: 1 }, 'added');
    }
    if (placement.kind === 'revise') return writeEntry(tx, context, row, { ...entry, ...placement }, 'added');
    throw new Problem('alias_taken', { params: { type, alias }, place: { field: 'alias' } });
  });
}

/** Lets an object of a draft say something else. */
export async function changeEntry(
  context: Context,
  intake: Intake,
  at: { submission: string; object: string; ifMatch: string | undefined },
  given: ObjectRecord,
): Promise<{ entry: Edited; etag: string }> {
  const { submission, object, ifMatch } = at;
  await openFor(context, submission, 'submission:edit');
  return transaction(context.db, async (tx) => {
    const row = await lockEditable(tx, submission);
    const before = await entryOf(tx, submission, object);
    if (!before) throw new Problem('not_found');
    if (ifMatch !== '*' && ifMatch !== etagOf(before)) throw new Problem('stale_etag');
    if (given.type !== before.type || given.alias !== before.alias) throw new Problem('alias_fixed');
    const content = contentOf({ ...asRecord(given), place: before.place });
    const classify = await classifierFor(tx, [content.record], context.now());
    await freeFiles(tx, context, intake, submission, [object]);
    if (before.sheet !== null) await takeFromSheet(tx, submission, before.sheet, content.record);
    return writeEntry(
      tx,
      context,
      row,
      { ...content, label: classify(content.record), object, version: before.version },
      'changed',
    );
  });
}

/** Takes one object out of a draft. */
export async function deleteEntry(context: Context, intake: Intake, submission: string, object: string): Promise<void> {
  await openFor(context, submission, 'submission:edit');
  await transaction(context.db, async (tx) => {
    await lockEditable(tx, submission);
    const before = await entryOf(tx, submission, object);
    if (!before) throw new Problem('not_found');
    if (before.sheet !== null) await takeFromSheet(tx, submission, before.sheet, before);
    await letGo(tx, context, intake, submission, [object]);
    await finish(tx, context, submission, { object, version: before.version, change: 'removed' });
    await tellChanged(tx, intake, [object]);
  });
}

/** Writes one object of a locked draft, judges it, and tells of it. */
export async function writeEntry(
  tx: Tx,
  context: Context,
  row: SubmissionRow,
  entry: entries.VersionEntry,
  change: 'added' | 'changed',
  reason = '',
): Promise<{ entry: Edited; etag: string }> {
  const { object, version } = entry;
  await entries.writeVersions(tx, { ...writer(context, row, null), reason }, [entry]);
  const found = await (await openJudge(tx, context.now())).judge([entry.record]);
  const findings = await writeFindings(tx, row.id, objectSource(object));
  for (const finding of found) await findings.add(finding);
  const { errors } = await findings.end();
  await finish(tx, context, row.id, { object, version, change });
  const written = await entryOf(tx, row.id, object);
  if (!written) throw new Error(`entry ${object} is gone within its own transaction`);
  return {
    entry: { ...entryView(written, errors), findings: found.map((finding) => findingView(finding, context.language)) },
    etag: etagOf(written),
  };
}

async function finish(
  tx: Tx,
  context: Context,
  submission: string,
  content: { object: string; version: number; change: 'added' | 'changed' | 'removed' },
): Promise<void> {
  await updateSubmission(tx, submission, { updated_at: context.now() });
  await record(tx, context, {
    type: 'submission.object_changed',
    object: { kind: 'submission', id: submission },
    content,
  });
  await announce(tx, context, submission);
}

/** What a sheet said of an object no longer holds once the object is edited by itself. */
async function takeFromSheet(
  tx: Tx,
  submission: string,
  name: string,
  of: Pick<ArchiveRecord, 'alias' | 'place'>,
): Promise<void> {
  const sheet = await findSheet(tx, submission, name);
  if (!sheet) return;
  const gone = await dropFindingsOf(tx, submission, sheetSource(name), of);
  const counts = { ...sheet.counts };
  for (const [code, count] of Object.entries(gone.codes)) counts[code] = Math.max(0, (counts[code] ?? 0) - count);
  await updateSheet(tx, submission, name, {
    errors: Math.max(0, sheet.errors - gone.errors),
    warnings: Math.max(0, sheet.warnings - gone.warnings),
    hints: Math.max(0, sheet.hints - gone.hints),
    counts: JSON.stringify(counts),
  });
}

function asRecord({
  type,
  alias,
  title,
  checklist,
  attributes,
  units,
  references,
  files,
}: ObjectRecord): ArchiveRecord {
  return {
    type,
    alias,
    ...(title !== undefined && { title }),
    ...(checklist !== undefined && { checklist }),
    attributes,
    units,
    references,
    files: files.map(({ name, format, md5, sha256, unencryptedMd5, readTypes }) => ({
      name,
      format,
      ...(md5 !== undefined && { md5 }),
      ...(sha256 !== undefined && { sha256 }),
      ...(unencryptedMd5 !== undefined && { unencryptedMd5 }),
      ...(readTypes !== undefined && { readTypes }),
    })),
    place: {},
  };
}
