import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import type { Db, Tx } from '../../../platform/db.ts';
import type { VirusForecastTable } from '../tables.ts';
import { standing } from './genomes.ts';

export type ForecastRow = Selectable<VirusForecastTable>;
/** A forecast as lists show it, without its bytes. */
export type BriefForecast = Omit<ForecastRow, 'counts' | 'locked' | 'truth'> & {
  readonly replaced_by: string | null;
  readonly withdrawn: number;
};

/** Columns by which access to a forecast is decided, in a query that calls it `f`. */
export const forecastColumns = {
  organisation: 'f.organisation_id',
  owner: 'f.person_id',
  status: 'f.state',
  manner: 'f.manner',
  grade: 'f.grade',
  categories: 'f.categories',
  jurisdictions: 'f.jurisdictions',
} as const;

export interface CountedRow {
  readonly place: string;
  readonly date: string;
  readonly lineage: string;
  readonly count: number;
}

/** Genomes `g` of which lineage, place and the one day are known, and that day lies in a stretch. */
const counted = (from: RawBuilder<unknown>, to: RawBuilder<unknown>): RawBuilder<SqlBool> =>
  sql<SqlBool>`g.place is not null and g.clade is not null and g.collected_from = g.collected_to
    and g.collected_from between ${from} and ${to}`;

/** Genomes of batches by place, day and lineage; those of which one of the three is not known are in no count. Withdrawn ones neither. */
export async function countsOfDays(
  db: Db,
  batches: readonly string[],
  { from, to }: { from: string; to: string },
): Promise<CountedRow[]> {
  const { rows } = await sql<CountedRow>`
    select g.place, g.collected_from as date, g.clade as lineage, count(*)::int as count
    from virus_genome g where g.batch_id = any(${[...batches]}::uuid[]) and ${standing}
      and ${counted(sql`${from}::date`, sql`${to}::date`)}
    group by 1, 2, 3 order by g.collected_from, g.place collate "C", g.clade collate "C"`.execute(db);
  return rows;
}

/** Done batches that a forecast of somebody may use. */
export async function doneBatches(db: Db, owner: string, dataset: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from virus_batch
    where dataset = ${dataset} and state = 'done' and ${owner === 'public' ? sql`manner = 'public' and grade < 3` : sql`organisation_id = ${owner}::uuid`}
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Data sets of which there are shared genomes. */
export async function sharedDatasets(db: Db): Promise<string[]> {
  const { rows } = await sql<{ dataset: string }>`select distinct dataset from virus_batch
    where state = 'done' and manner = 'public' and grade < 3 order by 1`.execute(db);
  return rows.map(({ dataset }) => dataset);
}

export async function insertForecast(
  tx: Tx,
  row: Pick<
    ForecastRow,
    | 'owner'
    | 'dataset'
    | 'organisation_id'
    | 'person_id'
    | 'manner'
    | 'grade'
    | 'categories'
    | 'jurisdictions'
    | 'as_of'
    | 'days'
    | 'due_on'
    | 'known_at'
    | 'batches'
    | 'replaces'
  >,
): Promise<string> {
  const { id } = await tx
    .insertInto('virus_forecast')
    .values({ ...row, state: 'waiting', score: null, reason: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export function findForecast(db: Db, id: string, lock = false): Promise<ForecastRow | undefined> {
  const query = db.selectFrom('virus_forecast').selectAll().where('id', '=', id);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

export async function updateForecast(
  tx: Tx,
  id: string,
  change: Partial<
    Omit<ForecastRow, 'score' | 'reason'> & { readonly score: string | null; readonly reason: string | null }
  >,
): Promise<void> {
  await tx.updateTable('virus_forecast').set(change).where('id', '=', id).execute();
}

const brief = sql`f.id, f.owner, f.dataset, f.organisation_id, f.person_id, f.manner, f.grade, f.categories, f.jurisdictions, f.state,
  f.as_of, f.days, f.due_on, f.known_at, f.batches, f.counts_sha256, f.genomes, f.locked_sha256, f.locked_at, f.program, f.rising,
  f.truth_batches, f.truth_sha256, f.score, f.scored_at, f.scored_by, f.reason, f.replaces,
  (select r.id from virus_forecast r where r.replaces = f.id) as replaced_by,
  (select count(*)::int from virus_genome g where g.batch_id = any(f.batches) and g.accepted and g.withdrawn_at > coalesce(f.locked_at, f.known_at)
    and ${counted(sql`f.as_of - 149`, sql`f.as_of`)}) as withdrawn`;

export interface ForecastsAsked {
  readonly scope: RawBuilder<SqlBool>;
  readonly dataset?: string | undefined;
  readonly owner?: string | undefined;
  readonly state?: ForecastRow['state'] | undefined;
  readonly id?: string | undefined;
}

/** Forecasts within a scope, newest first. */
export async function listForecasts(
  db: Db,
  { scope, dataset, owner, state, id, after, limit }: ForecastsAsked & { after?: string | undefined; limit: number },
): Promise<BriefForecast[]> {
  const { rows } = await sql<BriefForecast>`select ${brief} from virus_forecast f where ${sql.join(
    [
      scope,
      ...(id === undefined ? [] : [sql`f.id = ${id}::uuid`]),
      ...(dataset === undefined ? [] : [sql`f.dataset = ${dataset}`]),
      ...(owner === undefined ? [] : [sql`f.owner = ${owner}`]),
      ...(state === undefined ? [] : [sql`f.state = ${state}`]),
      ...(after === undefined ? [] : [sql`f.id < ${after}::uuid`]),
    ],
    sql` and `,
  )} order by f.id desc limit ${limit}`.execute(db);
  return rows;
}

/** Rounds by state, and the scores of those that have one, the first first; what was made anew counts in place of what it replaces. */
export async function roundsOf(
  db: Db,
  { scope, dataset, owner }: ForecastsAsked,
): Promise<Pick<ForecastRow, 'id' | 'as_of' | 'state' | 'score'>[]> {
  const { rows } = await sql<Pick<ForecastRow, 'id' | 'as_of' | 'state' | 'score'>>`
    select f.id, f.as_of, f.state, f.score from virus_forecast f where ${scope} and f.state <> 'replaced'
      and ${dataset === undefined ? sql`true` : sql`f.dataset = ${dataset}`}
      and ${owner === undefined ? sql`true` : sql`f.owner = ${owner}`}
    order by f.as_of, f.id limit 10000`.execute(db);
  return rows;
}

/** Forecasts whose truth is to be taken. */
export async function dueForecasts(db: Db, today: string): Promise<string[]> {
  const rows = await db
    .selectFrom('virus_forecast')
    .select('id')
    .where('state', '=', 'locked')
    .where('due_on', '<=', today)
    .orderBy('due_on')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Forecasts that were made from, or scored by, something of a batch. */
export async function forecastsOn(db: Db, batch: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from virus_forecast
    where state not in ('waiting', 'replaced', 'failed') and (${batch}::uuid = any(batches) or ${batch}::uuid = any(truth_batches))
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Whether somebody's last round of a data set began on or after a day. */
export async function hasRoundSince(db: Db, owner: string, dataset: string, day: string): Promise<boolean> {
  const row = await db
    .selectFrom('virus_forecast')
    .select('id')
    .where('owner', '=', owner)
    .where('dataset', '=', dataset)
    .where('as_of', '>=', day)
    .executeTakeFirst();
  return row !== undefined;
}

/** Lineages that the round before told to rise. */
export async function risingBefore(db: Db, { owner, dataset, id }: ForecastRow): Promise<readonly string[]> {
  const row = await db
    .selectFrom('virus_forecast')
    .select('rising')
    .where('owner', '=', owner)
    .where('dataset', '=', dataset)
    .where('id', '<', id)
    .where('locked_at', 'is not', null)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row?.rising ?? [];
}
