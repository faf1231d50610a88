import { recordAll } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { circlesOf } from '../circles.ts';
import { diff } from '../diff.ts';
import type { Archive } from '../archive.ts';
import {
  danglingReferences,
  giveAccessions,
  lockBrought,
  lockLineage,
  renewVersions,
  stampVersions,
  writeEdges,
} from '../store-accept.ts';
import { acceptanceOrder } from '../rules.ts';
import { aliasesOf, edgesToFollow } from '../store-check.ts';
import { batches, contentsAt, lockObjects, noContent, noticeOnce, setDay, type ObjectRow } from '../store-object.ts';
import type { SubmissionRow } from '../store.ts';
import { allocate, ownAccession } from './accession.ts';
import { nameOf, refOf, refuseMove, tellOfMove } from './move-objects.ts';
import { tellReleaseBlocked, tellRevised } from './notices.ts';
import { carryOut, planRelease } from './release.ts';

type Brought = ObjectRow & { version: number };

/**
 * Takes the objects of a submission into the archive, within the transaction of the decision.
 * @returns names of the objects that got a new version
 */
export async function acceptObjects(
  tx: Tx,
  context: Context,
  archive: Archive,
  submission: SubmissionRow,
): Promise<{ revised: string[] }> {
  const brought = await lockBrought(tx, submission.id);
  const fresh = brought.filter((row) => row.current_version === null);
  const revised = brought.filter((row) => row.current_version !== null);
  for (const row of revised) checkRevisable(row);
  await takeIn(tx, context, archive, submission, fresh);
  await renew(tx, context, archive, submission, revised);
  await stampVersions(tx, submission.id, context.now());
  await link(tx, context, archive, submission);
  await releaseWhatIsDue(tx, context, archive, submission, brought);
  return { revised: revised.map(nameOf) };
}

/** A version can become current while its object is in the archive and nothing newer was accepted meanwhile. */
function checkRevisable(row: Brought): void {
  const alive = ['accepted', 'held', 'released', 'suppressed'].includes(row.status);
  if (!alive || row.version <= (row.current_version ?? 0)) throw refuseMove(row, 'revise');
}

/** New objects: an accession each, then held. */
async function takeIn(
  tx: Tx,
  context: Context,
  archive: Archive,
  submission: SubmissionRow,
  fresh: readonly Brought[],
): Promise<void> {
  const given = await allocate(tx, archive.rules.accessionPrefix, fresh);
  await giveAccessions(tx, given, context.now());
  await tellOfMove(tx, context, archive, given, {
    act: 'accept',
    to: 'held',
    event: (row) => ({
      type: 'object.accessioned',
      object: refOf(row),
      content: { submission: submission.id, type: row.type, version: 1, manner: row.manner, status: 'held' },
    }),
  });
}

/** Revised objects: the proposed version becomes the current one; their state stays. */
async function renew(
  tx: Tx,
  context: Context,
  archive: Archive,
  submission: SubmissionRow,
  revised: readonly Brought[],
): Promise<void> {
  await renewVersions(tx, revised, context.now());
  const ofOthers = revised.filter((row) => row.submitter_id !== submission.submitter_id);
  await tellRevised(tx, context, ofOthers, submission.title);
  for (const some of batches(revised)) {
    const before = await contentsAt(
      tx,
      some.map((row) => ({ id: row.id, version: row.current_version ?? 0 })),
    );
    const after = await contentsAt(tx, some);
    await recordAll(
      tx,
      context,
      some.map((row) => ({
        type: 'object.revised',
        object: refOf(row),
        content: {
          submission: submission.id,
          version: row.version,
          previous: row.current_version,
          changed: diff(before.get(row.id) ?? noContent, after.get(row.id) ?? noContent).map((change) => change.path),
        },
      })),
    );
    await archive.objectsChanged(
      tx,
      some.map((row) => row.id),
    );
  }
}

async function link(tx: Tx, context: Context, archive: Archive, submission: SubmissionRow): Promise<void> {
  const dangling = await danglingReferences(tx, submission.id, ownAccession(archive.rules.accessionPrefix));
  if (dangling)
    throw new Problem('reference_not_accepted', { params: { count: dangling.count, target: dangling.first } });
  await refuseCircle(tx, submission);
  const edges = await writeEdges(tx, submission.id, context.now());
  await recordAll(
    tx,
    context,
    edges.flatMap((edge) =>
      edge.relation === 'replaces' && edge.to_id !== null
        ? [
            {
              type: 'object.linked',
              object: { kind: 'object', id: edge.from_id },
              content: { relation: edge.relation, to: edge.to_id },
            },
          ]
        : [],
    ),
  );
}

/** The check found none, but another submission that was in review beside this one may have closed a circle since. */
async function refuseCircle(tx: Tx, submission: SubmissionRow): Promise<void> {
  if ((await edgesToFollow(tx, submission, acceptanceOrder)).length === 0) return;
  await lockLineage(tx);
  const [circle] = circlesOf(await edgesToFollow(tx, submission, acceptanceOrder));
  if (!circle) return;
  const aliases = await aliasesOf(tx, [...new Set(circle)]);
  const path = circle.slice(0, 20).map((id) => aliases.get(id) ?? id);
  throw new Problem('reference_circle', { params: { path: path.join(' → ') } });
}

/**
 * Without a day, or on it, acceptance releases. What is public already and now stands on something held takes that along. What
 * cannot be released stays held, and its owner is told.
 */
async function releaseWhatIsDue(
  tx: Tx,
  context: Context,
  archive: Archive,
  submission: SubmissionRow,
  brought: readonly Brought[],
): Promise<void> {
  const today = context.now().toISOString().slice(0, 10);
  const due = brought.filter((row) =>
    row.current_version === null
      ? row.manner !== 'private' && (row.release_on ?? today) <= today
      : row.status === 'released',
  );
  if (due.length === 0) return;
  const plan = await planRelease(
    tx,
    submission.organisation_id,
    due.map((row) => row.id),
  );
  await carryOut(tx, context, archive, plan, 'acceptance');
  if (plan.blocked.length === 0) return;
  // A day makes the release job try again.
  await setDay(tx, plan.blocked, today, context.now());
  const told = await noticeOnce(tx, 'release_blocked', plan.blocked, context.now());
  await tellReleaseBlocked(tx, context, await lockObjects(tx, told), plan.blockers.map(nameOf));
}
