import type { ChangedObjects } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import type { Archive } from '../archive.ts';
import { heldAmong, idsAbove, lockNeeded, type ObjectRow } from '../store-object.ts';
import { checkEtag, personIn } from './guard.ts';
import { changedReply, judgeMove, moveObjects, nameOf, refOf } from './move-objects.ts';
import { tellReleased } from './notices.ts';
import { findObject } from './read-object.ts';

/** What caused a release: its day, its owner, a publication, or acceptance without a day. */
export type ReleaseCause = 'date' | 'owner' | 'citation' | 'acceptance';

/** What would be released, and what stands in the way of the rest. */
interface ReleasePlan {
  /** The given objects and all that they stand on, locked. */
  readonly needed: readonly ObjectRow[];
  /** What changes its state. */
  readonly rows: readonly ObjectRow[];
  /** Those of the given objects that cannot be released. */
  readonly blocked: readonly string[];
  /** Why: objects that they stand on. */
  readonly blockers: readonly ObjectRow[];
}

const pending = (row: ObjectRow): boolean => row.status === 'held' || row.status === 'accepted';

/**
 * Follows the practice of INSDC: what is released takes along everything that it stands on (a run its experiment, sample and
 * project), and nothing that stands on it. An umbrella project is not taken along. An object that is private, not accepted,
 * withdrawn, or held by another organisation cannot be taken along and blocks what stands on it.
 * Locks all objects concerned.
 */
export async function planRelease(tx: Tx, organisation: string, ids: readonly string[]): Promise<ReleasePlan> {
  const needed = await lockNeeded(tx, ids);
  const blockers = needed.filter((row) => blocks(row, organisation));
  if (blockers.length === 0) return { needed, rows: needed.filter(pending), blocked: [], blockers };
  const stopped = new Set(
    await idsAbove(
      tx,
      blockers.map((row) => row.id),
      'without',
    ),
  );
  const free = ids.filter((id) => !stopped.has(id));
  const rows = free.length > 0 ? await lockNeeded(tx, free) : [];
  return { needed, rows: rows.filter(pending), blocked: ids.filter((id) => stopped.has(id)), blockers };
}

function blocks(row: ObjectRow, organisation: string): boolean {
  if (row.status === 'released' || row.status === 'suppressed') return false;
  return !pending(row) || row.manner === 'private' || row.organisation_id !== organisation;
}

/** Releases what a plan names. */
export async function carryOut(
  tx: Tx,
  context: Context,
  archive: Archive,
  plan: ReleasePlan,
  by: ReleaseCause,
): Promise<void> {
  await moveObjects(tx, context, archive, plan.rows, {
    act: by === 'citation' ? 'release_cited' : 'release',
    to: 'released',
    event: (row) => ({
      type: 'object.released',
      object: refOf(row),
      content: { by, version: row.current_version, manner: row.manner },
    }),
  });
}

/** Releases an object now, for its owner; with `below` the whole study that stands on it. */
export async function releaseObject(
  context: Context,
  archive: Archive,
  input: { object: string; below: boolean; ifMatch: string | undefined },
): Promise<ChangedObjects> {
  const found = await findObject(context, input.object, 'object:release');
  return transaction(context.db, async (tx) => {
    const plan = await planAround(tx, found, input.below);
    const root = rootOf(plan, found);
    checkEtag(root, input.ifMatch);
    if (root.status !== 'released') judgeMove(context, root, 'release');
    if (plan.blocked.length > 0) throw refuseRelease(root, plan);
    for (const row of plan.rows) judgeMove(context, row, 'release');
    await carryOut(tx, context, archive, plan, 'owner');
    return changedReply(plan.rows, 'released');
  });
}

/**
 * Tells of a publication that cites an object: INSDC releases then at once what was cited, with the study that stands on it.
 * Parts of the study that cannot be released stay as they are; the cited object itself must be free.
 */
export async function citeObject(
  context: Context,
  archive: Archive,
  input: { object: string; doi: string },
): Promise<ChangedObjects> {
  const found = await findObject(context, input.object, 'object:release');
  return transaction(context.db, async (tx) => {
    const plan = await planAround(tx, found, true);
    const root = rootOf(plan, found);
    if (root.status !== 'released' && root.status !== 'suppressed') judgeMove(context, root, 'release_cited');
    if (plan.blocked.includes(root.id)) throw refuseRelease(root, plan);
    if (await addCitation(tx, context, root, input.doi.toLowerCase()))
      await record(tx, context, {
        type: 'object.cited',
        object: refOf(root),
        content: { doi: input.doi.toLowerCase() },
      });
    await carryOut(tx, context, archive, plan, 'citation');
    await tellReleased(tx, context, plan.rows, 'citation');
    return changedReply(plan.rows, 'released');
  });
}

async function planAround(tx: Tx, object: ObjectRow, below: boolean): Promise<ReleasePlan> {
  const study = below ? await idsAbove(tx, [object.id], 'with_projects') : [];
  const held = study.length > 0 ? await heldAmong(tx, object.organisation_id, study) : [];
  return planRelease(tx, object.organisation_id, [...new Set([object.id, ...held])]);
}

function rootOf(plan: ReleasePlan, found: ObjectRow): ObjectRow {
  const root = plan.needed.find((row) => row.id === found.id);
  if (!root) throw new Problem('not_found');
  return root;
}

function refuseRelease(root: ObjectRow, { blockers }: ReleasePlan): Refusal {
  const code = root.manner === 'private' ? 'release_of_private' : 'release_blocked';
  const names = blockers.map(nameOf);
  return new Refusal(
    code,
    {
      type: 'object.release_refused',
      object: refOf(root),
      content: { code, blocking: names.slice(0, 100) },
    },
    {
      params: { count: names.length, first: names[0] ?? '' },
      issues: blockers
        .slice(0, 100)
        .map((row) => ({ path: nameOf(row), message: row.manner === 'private' ? 'private' : row.status })),
    },
  );
}

async function addCitation(tx: Tx, context: Context, row: ObjectRow, doi: string): Promise<boolean> {
  const added = await tx
    .insertInto('citation')
    .values({ object_id: row.id, doi, by_id: personIn(context).id, at: context.now() })
    .onConflict((conflict) => conflict.doNothing())
    .returning('doi')
    .executeTakeFirst();
  return added !== undefined;
}
