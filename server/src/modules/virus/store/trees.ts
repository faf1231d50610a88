import { sql, type Selectable } from 'kysely';
import type { Db, Tx } from '../../../platform/db.ts';
import type { VirusGenomeTable, VirusTreeStateTable } from '../tables.ts';

/** A state without its changes, which may be long. */
export type StateRow = Omit<Selectable<VirusTreeStateTable>, 'diff'>;

const brief = [
  'owner',
  'dataset',
  'number',
  'batches',
  'without',
  'why',
  'inputs_sha256',
  'tree_sha256',
  'program',
  'made_at',
  'added',
  'moved',
  'renamed',
  'refused',
  'checkpoint',
] as const;

/** What stands on an institution's tree of a data set: samples of its done batches, with what is known of when and where. */
export async function samplesOf(
  db: Db,
  batches: readonly string[],
): Promise<
  Pick<
    Selectable<VirusGenomeTable>,
    'id' | 'batch_id' | 'name' | 'sample' | 'collected_from' | 'collected_to' | 'place'
  >[]
> {
  return db
    .selectFrom('virus_genome')
    .select(['id', 'batch_id', 'name', 'sample', 'collected_from', 'collected_to', 'place'])
    .where('batch_id', '=', sql<string>`any(${[...batches]}::uuid[])`)
    .where('accepted', '=', true)
    .orderBy('batch_id')
    .orderBy('place_in_batch')
    .execute();
}

/** What belongs on a tree: done batches in the order in which they were done, and the genomes of them that were withdrawn. */
export async function standingOf(
  db: Db,
  owner: string,
  dataset: string,
): Promise<{ batches: string[]; withdrawn: { id: string; batch: string; name: string }[] }> {
  const { rows: batches } = await sql<{ id: string }>`select id from virus_batch
    where dataset = ${dataset} and state = 'done'
      and ${owner === 'public' ? sql`manner = 'public'` : sql`organisation_id = ${owner}::uuid`}
    order by finished_at, id`.execute(db);
  const ids = batches.map(({ id }) => id);
  const { rows: withdrawn } = await sql<{ id: string; batch: string; name: string }>`
    select id, batch_id as batch, name from virus_genome
    where batch_id = any(${ids}::uuid[]) and withdrawn_at is not null and accepted order by withdrawn_at, id`.execute(
    db,
  );
  return { batches: ids, withdrawn };
}

/** What was sent in each batch, by hash, in the order given. */
export async function hashesOf(db: Db, batches: readonly string[]): Promise<{ id: string; sha256: string | null }[]> {
  const { rows } = await sql<{ id: string; sha256: string | null }>`
    select b.id, b.sha256 from unnest(${[...batches]}::uuid[]) with ordinality as wanted(id, place)
      join virus_batch b using (id) order by wanted.place`.execute(db);
  return rows;
}

export function statesOf(db: Db, owner: string, dataset: string): Promise<StateRow[]> {
  return db
    .selectFrom('virus_tree_state')
    .select(brief)
    .where('owner', '=', owner)
    .where('dataset', '=', dataset)
    .orderBy('number')
    .execute();
}

/** A state with what it changed. */
export function findState(
  db: Db,
  owner: string,
  dataset: string,
  number: number,
): Promise<Selectable<VirusTreeStateTable> | undefined> {
  return db
    .selectFrom('virus_tree_state')
    .selectAll()
    .where('owner', '=', owner)
    .where('dataset', '=', dataset)
    .where('number', '=', number)
    .executeTakeFirst();
}

/** The batch of each of these genomes. */
export async function batchesOfGenomes(db: Db, genomes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (genomes.length === 0) return new Map();
  const { rows } = await sql<{ id: string; batch_id: string }>`select id, batch_id from virus_genome
    where id = any(${[...genomes]}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, batch_id }) => [id, batch_id]));
}

/** Checkpoints beyond the newest of a tree are let go. @returns their keys */
export async function dropCheckpoints(tx: Tx, owner: string, dataset: string, kept: number): Promise<string[]> {
  const { rows } = await sql<{ checkpoint: string }>`
    with old as (select number, checkpoint from virus_tree_state
      where owner = ${owner} and dataset = ${dataset} and checkpoint is not null order by number desc offset ${kept})
    update virus_tree_state s set checkpoint = null from old
    where s.owner = ${owner} and s.dataset = ${dataset} and s.number = old.number returning old.checkpoint`.execute(tx);
  return rows.map(({ checkpoint }) => checkpoint);
}

/** @returns false when another process made this state in the meantime */
export async function insertState(tx: Tx, row: StateRow & { diff: string }): Promise<boolean> {
  const made = await tx
    .insertInto('virus_tree_state')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('number')
    .executeTakeFirst();
  return made !== undefined;
}
