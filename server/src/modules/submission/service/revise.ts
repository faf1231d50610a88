import type { BodyOf, FieldChange, ObjectContent, objectRoutes } from '@geneward/api';
import type { ArchiveRecord } from '@geneward/metadata';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { labelOf } from '../../access/index.ts';
import { contentOf } from '../content.ts';
import { diff } from '../diff.ts';
import { contentsAt, keepFiles, lockObjects, noContent, versionOf, type ObjectRow } from '../store-object.ts';
import { insertSubmission, setSubmissionLabel, type SubmissionRow } from '../store.ts';
import { classifierFor } from './classifier.ts';
import { writeEntry } from './edit-entry.ts';
import { checkEtag, personIn } from './guard.ts';
import { nameOf, refOf, refuseMove } from './move-objects.ts';
import { lockEditable, openFor } from './open.ts';
import { findObject } from './read-object.ts';

type Patch = BodyOf<typeof objectRoutes.reviseObject>;

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/**
 * Proposes a new version of an accepted object, in a given draft of the organisation or in one of its own. The accepted version
 * stands until the draft is accepted.
 */
export async function reviseObject(
  context: Context,
  input: Patch & { object: string; ifMatch: string | undefined },
): Promise<{ submission: string; object: string; version: number; changes: FieldChange[] }> {
  const found = await findObject(context, input.object, 'object:edit');
  if (input.submission !== undefined) await openFor(context, input.submission, 'submission:edit');
  return transaction(context.db, async (tx) => {
    const [row] = await lockObjects(tx, [found.id]);
    if (!row) throw new Problem('not_found');
    checkEtag(row, input.ifMatch);
    const current = row.current_version;
    if (current === null || ['withdrawn', 'destroyed'].includes(row.status)) throw refuseMove(row, 'revise');
    const version = current + 1;
    const open = await versionOf(tx, row.id, version);
    if (open) throw new Problem('revision_open', { params: { submission: open.submission_id } });
    const accepted = (await contentsAt(tx, [{ id: row.id, version: current }])).get(row.id) ?? noContent;
    const proposed = patched(accepted, input);
    const changes = diff(accepted, proposed);
    if (changes.length === 0) throw new Problem('revision_changes_nothing');
    const submission = await draftFor(tx, context, row, input.submission);
    const entry = recordOf(row, proposed);
    const classify = await classifierFor(tx, [entry], context.now());
    await writeEntry(
      tx,
      context,
      submission,
      { ...contentOf(entry), object: row.id, version, label: classify(entry) },
      'added',
      input.reason,
    );
    await keepFiles(tx, row.id, current, version);
    await record(tx, context, {
      type: 'object.revision_opened',
      object: refOf(row),
      content: { submission: submission.id, version, reason: input.reason },
    });
    return { submission: submission.id, object: row.id, version, changes };
  });
}

/** What a version says with fields set, or removed by null, and with all its files anew when files are given. */
function patched(accepted: ObjectContent, { title, attributes, units, files }: Patch): ObjectContent {
  return {
    ...accepted,
    ...(title !== undefined && { title }),
    attributes: withFields(accepted.attributes, attributes ?? {}),
    units: withFields(accepted.units, units ?? {}),
    ...(files !== undefined && { files }),
  };
}

function withFields<T>(
  before: Readonly<Record<string, T>>,
  set: Readonly<Record<string, T | null>>,
): Record<string, T> {
  const after = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(set)) {
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  return Object.fromEntries(after);
}

/** Content in the form in which intake keeps records. */
const recordOf = (
  row: ObjectRow,
  { title, checklist, attributes, units, references, files }: ObjectContent,
): ArchiveRecord => ({
  type: row.type,
  alias: row.alias,
  place: { alias: row.alias },
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
});

/** The draft that takes a revision: the given one, or a new one of the caller's. */
async function draftFor(tx: Tx, context: Context, row: ObjectRow, given: string | undefined): Promise<SubmissionRow> {
  if (given !== undefined) return lockEditable(tx, given);
  const person = personIn(context);
  const draft = await insertSubmission(tx, {
    organisation_id: row.organisation_id,
    submitter_id: person.id,
    title: `${nameOf(row)}: ${dayOf(context.now())}`,
    manner: row.manner,
    use_terms: row.use_terms,
    release_on: row.status === 'held' ? row.release_on : null,
    at: context.now(),
  });
  await setSubmissionLabel(tx, draft.id, labelOf(row));
  await record(tx, context, {
    type: 'submission.created',
    object: { kind: 'submission', id: draft.id },
    content: { manner: draft.manner, releaseOn: draft.release_on },
  });
  return draft;
}
