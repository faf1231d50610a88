import type { ChangedObjects } from '@geneward/api';
import { recordAll } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import type { Archive } from '../archive.ts';
import { idsAbove, lockObjects, objectByName, type ObjectRow } from '../store-object.ts';
import { checkEtag, personIn } from './guard.ts';
import { changedReply, judgeMove, moveObjects, nameOf, refOf } from './move-objects.ts';
import { tellTaken } from './notices.ts';
import { findObject } from './read-object.ts';

interface Named {
  readonly object: string;
  readonly ifMatch: string | undefined;
}

/** Takes a released object out of search, with `below` all released objects that stand on it. Curators do. */
export async function suppressObject(
  context: Context,
  archive: Archive,
  input: Named & { reason: string; below: boolean },
): Promise<ChangedObjects> {
  const found = await findObject(context, input.object, 'object:suppress');
  return transaction(context.db, async (tx) => {
    const { root, above } = await lockWithAbove(tx, found, input);
    const to = judgeMove(context, root, 'suppress');
    const rows = [root, ...(input.below ? above.filter((row) => row.status === 'released') : [])];
    await moveObjects(tx, context, archive, rows, {
      act: 'suppress',
      to,
      reason: input.reason,
      event: (row) => ({ type: 'object.suppressed', object: refOf(row), content: { reason: input.reason } }),
    });
    await tellTaken(tx, context, rows, 'suppressed', input.reason);
    return changedReply(rows, to);
  });
}

/** Puts a suppressed object back into search. */
export async function restoreObject(context: Context, archive: Archive, input: Named): Promise<ChangedObjects> {
  const found = await findObject(context, input.object, 'object:suppress');
  return transaction(context.db, async (tx) => {
    const { root } = await lockWithAbove(tx, found, { ...input, below: false });
    const to = judgeMove(context, root, 'restore');
    await moveObjects(tx, context, archive, [root], {
      act: 'restore',
      to,
      event: (row) => ({ type: 'object.restored', object: refOf(row), content: {} }),
    });
    await tellTaken(tx, context, [root], 'restored', '');
    return changedReply([root], to);
  });
}

const gone = new Set(['withdrawn', 'destroyed']);

/**
 * Withdraws an object for good. Its accession stays, with who, when, why, and what replaces it. What stands on it must be
 * withdrawn first, or with it (`below`).
 */
export async function withdrawObject(
  context: Context,
  archive: Archive,
  input: Named & { reason: string; below: boolean; replacedBy: readonly string[] },
): Promise<ChangedObjects> {
  const found = await findObject(context, input.object, 'object:withdraw');
  return transaction(context.db, async (tx) => {
    const { root, above } = await lockWithAbove(tx, found, { ...input, below: true });
    const to = judgeMove(context, root, 'withdraw');
    const dependents = above.filter((row) => row.accession !== null && !gone.has(row.status));
    if (dependents.length > 0 && !input.below) throw dependentsRefusal(dependents);
    const rows = [root, ...dependents];
    for (const row of dependents) judgeMove(context, row, 'withdraw');
    const replacements = await replacementsFor(tx, root, input.replacedBy);
    await replaceBy(tx, context, root, replacements);
    await moveObjects(tx, context, archive, rows, {
      act: 'withdraw',
      to,
      reason: input.reason,
      event: (row) => ({
        type: 'object.withdrawn',
        object: refOf(row),
        content: { reason: input.reason, replacedBy: row === root ? replacements.map(nameOf) : [] },
      }),
    });
    await tellTaken(tx, context, rows, 'withdrawn', input.reason);
    return changedReply(rows, to);
  });
}

async function lockWithAbove(
  tx: Tx,
  found: ObjectRow,
  input: { below: boolean; ifMatch: string | undefined },
): Promise<{ root: ObjectRow; above: ObjectRow[] }> {
  const rows = await lockObjects(tx, input.below ? await idsAbove(tx, [found.id], 'with_projects') : [found.id]);
  const root = rows.find((row) => row.id === found.id);
  if (!root) throw new Problem('not_found');
  checkEtag(root, input.ifMatch);
  return { root, above: rows.filter((row) => row.id !== root.id) };
}

function dependentsRefusal(rows: readonly ObjectRow[]): Problem {
  return new Problem('objects_depend', {
    params: { count: rows.length, first: rows[0] ? nameOf(rows[0]) : '' },
    issues: rows.slice(0, 100).map((row) => ({ path: nameOf(row), message: row.status })),
  });
}

/** Objects that take the place of another: accepted, alive, of its type. */
async function replacementsFor(tx: Tx, root: ObjectRow, names: readonly string[]): Promise<ObjectRow[]> {
  const found: ObjectRow[] = [];
  for (const name of new Set(names)) {
    const row = await objectByName(tx, name);
    const fits = row && row.id !== root.id && row.type === root.type && row.accession !== null && !gone.has(row.status);
    if (!fits || row.organisation_id !== root.organisation_id)
      throw new Problem('replacement_unknown', { params: { target: name } });
    found.push(row);
  }
  return found;
}

async function replaceBy(tx: Tx, context: Context, root: ObjectRow, replacements: readonly ObjectRow[]): Promise<void> {
  if (replacements.length === 0) return;
  await tx
    .insertInto('edge')
    .values(
      replacements.map((row) => ({
        from_id: row.id,
        relation: 'replaces' as const,
        to_id: root.id,
        to_external: null,
        at: context.now(),
        agent: personIn(context).id,
        ended_at: null,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await recordAll(
    tx,
    context,
    replacements.map((row) => ({
      type: 'object.linked',
      object: refOf(row),
      content: { relation: 'replaces', to: root.id },
    })),
  );
}
