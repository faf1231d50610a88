import { openLabel, type BodyOf, type submissionRoutes } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import type { Intake } from '../intake.ts';
import * as store from '../store.ts';
import { announce } from './announce.ts';
import { checkEtag, personIn, requireReleaseDay } from './guard.ts';
import { judgeSubmissionMove, lockEditable, openFor } from './open.ts';
import { dropDraft, freeFiles } from './remove.ts';

/** Opens a draft of the caller's. */
export async function createSubmission(
  context: Context,
  intake: Intake,
  input: BodyOf<typeof submissionRoutes.createSubmission>,
): Promise<store.SubmissionRow> {
  const { principal } = context;
  const owner = principal.kind === 'person' ? { organisation: principal.organisation, owner: principal.id } : {};
  authorize(context, 'submission:create', { kind: 'submission', id: 'new', ...owner, label: openLabel });
  const { id: submitter, organisation } = personIn(context);
  if (input.releaseOn !== null) requireReleaseDay(context, intake, input.releaseOn);
  return transaction(context.db, async (tx) => {
    const row = await store.insertSubmission(tx, {
      organisation_id: organisation,
      submitter_id: submitter,
      title: input.title,
      manner: input.manner,
      use_terms: input.useTerms,
      release_on: input.releaseOn,
      at: context.now(),
    });
    await record(tx, context, {
      type: 'submission.created',
      object: { kind: 'submission', id: row.id },
      content: { manner: row.manner, releaseOn: row.release_on },
    });
    return row;
  });
}

/** Changes title, manner, terms or release date of a draft; its new objects follow. */
export async function changeSubmission(
  context: Context,
  intake: Intake,
  input: { submission: string; ifMatch: string | undefined } & BodyOf<typeof submissionRoutes.changeSubmission>,
): Promise<store.SubmissionRow> {
  await openFor(context, input.submission, 'submission:edit');
  const { title, manner, useTerms, releaseOn } = input;
  if (releaseOn) requireReleaseDay(context, intake, releaseOn);
  const set = {
    ...(title !== undefined && { title }),
    ...(manner !== undefined && { manner }),
    ...(useTerms !== undefined && { use_terms: useTerms }),
    ...(releaseOn !== undefined && { release_on: releaseOn }),
  };
  return transaction(context.db, async (tx) => {
    checkEtag(await lockEditable(tx, input.submission), input.ifMatch);
    const row = await store.updateSubmission(tx, input.submission, { ...set, updated_at: context.now() });
    await store.alignNewObjects(tx, row);
    await record(tx, context, {
      type: 'submission.changed',
      object: { kind: 'submission', id: row.id },
      content: { version: row.etag, fields: Object.keys(set) },
    });
    await announce(tx, context, row.id);
    return row;
  });
}

/** Deletes a draft that nobody else has seen. */
export async function deleteSubmission(context: Context, intake: Intake, id: string): Promise<void> {
  await openFor(context, id, 'submission:edit');
  const keys = await transaction(context.db, async (tx) => {
    const row = await lockEditable(tx, id);
    if (row.submitted_at !== null) throw new Problem('submission_was_submitted');
    const sheets = await store.sheetsOf(tx, id);
    const objects = await dropDraft(tx, context, intake, row);
    await record(tx, context, {
      type: 'submission.deleted',
      object: { kind: 'submission', id },
      content: { objects },
    });
    return sheets.map((sheet) => sheet.blob_key);
  });
  // What a crash leaves here the sweep removes: no row names these keys any more.
  for (const key of keys) await intake.blobs.delete(key);
}

/** Gives a submission up before it is accepted: its new objects end without an accession, their names are free again. */
export async function withdrawSubmission(context: Context, intake: Intake, id: string): Promise<store.SubmissionRow> {
  await openFor(context, id, 'submission:withdraw');
  return transaction(context.db, async (tx) => {
    const before = await store.lockSubmission(tx, id);
    if (!before) throw new Problem('not_found');
    const to = judgeSubmissionMove(before, 'withdraw', 'submitter');
    const at = context.now();
    await freeFiles(tx, context, intake, id, 'all');
    await store.dropRevisions(tx, id);
    const row = await store.updateSubmission(tx, id, { status: to, updated_at: at, decided_at: at });
    await store.moveNewObjects(tx, id, to, at);
    await record(tx, context, {
      type: 'submission.withdrawn',
      object: { kind: 'submission', id },
      content: { from: before.status, to },
    });
    await announce(tx, context, id);
    return row;
  });
}
