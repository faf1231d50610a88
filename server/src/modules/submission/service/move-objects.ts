import type { ObjectLink, ObjectStatus } from '@geneward/api';
import { recordAll, type NewEvent } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { Refusal } from '../../../platform/refuse.ts';
import type { Archive } from '../archive.ts';
import { partsOf } from '../resource.ts';
import { moveObject, type ObjectAct } from '../rules.ts';
import { addMoments, batches, setStatus, type ObjectRow } from '../store-object.ts';

/** One act on objects: the state that it leads to, and what is written about it. */
interface Move {
  readonly act: ObjectAct;
  readonly to: ObjectStatus;
  readonly reason?: string;
  readonly event: (row: ObjectRow) => NewEvent;
}

/** How an event or a reply names an object. */
export const refOf = (row: ObjectRow) => ({
  kind: 'object',
  id: row.id,
  ...(row.accession !== null && { accession: row.accession }),
});

/** How a reply links to an object. */
export const linkOf = (row: Pick<ObjectRow, 'id' | 'type' | 'accession' | 'alias' | 'status'>): ObjectLink => ({
  id: row.id,
  type: row.type,
  ...(row.accession !== null && { accession: row.accession }),
  alias: row.alias,
  status: row.status,
});

/** What a reader calls the object. */
export const nameOf = (row: Pick<ObjectRow, 'accession' | 'alias'>): string => row.accession ?? row.alias;

/** Where an act of the caller leads from here. Throws `transition_refused` when the state table has no such line. */
export function judgeMove(context: Context, row: ObjectRow, act: ObjectAct): ObjectStatus {
  for (const part of partsOf(context.principal, row)) {
    const verdict = moveObject(row.status, act, part);
    if (verdict.allowed) return verdict.to;
  }
  throw refuseMove(row, act);
}

/** The refusal of an act that the object's state does not allow. */
export function refuseMove(row: ObjectRow, act: string): Refusal {
  return new Refusal(
    'transition_refused',
    { type: 'submission.transition_refused', object: refOf(row), content: { act, state: row.status } },
    { params: { act, state: row.status }, place: { object: nameOf(row) } },
  );
}

/** Brings locked objects to a state, and tells of it. */
export async function moveObjects(
  tx: Tx,
  context: Context,
  archive: Archive,
  rows: readonly ObjectRow[],
  move: Move,
): Promise<void> {
  for (const some of batches(rows)) {
    await setStatus(
      tx,
      some.map((row) => row.id),
      move.to,
      context.now(),
    );
    await tellOfMove(tx, context, archive, some, move);
  }
}

/** Tells of objects that came to a state: in their history, in the audit trail, and to the modules above. */
export async function tellOfMove(
  tx: Tx,
  context: Context,
  archive: Archive,
  rows: readonly ObjectRow[],
  { act, to, reason = '', event }: Move,
): Promise<void> {
  const by = context.principal.kind === 'person' ? context.principal.id : null;
  for (const some of batches(rows)) {
    await addMoments(tx, some, { at: context.now(), by, act, to, reason });
    await recordAll(tx, context, some.map(event));
    await archive.objectsChanged(
      tx,
      some.map((row) => row.id),
    );
  }
}

/** The reply about objects that an act changed: all counted, the first thousand named. */
export function changedReply(rows: readonly ObjectRow[], status?: ObjectStatus) {
  return {
    count: rows.length,
    objects: rows.slice(0, 1000).map((row) => linkOf(status === undefined ? row : { ...row, status })),
  };
}
