import type { JobMoment, JobState, JobSpecification, Learnt } from '@geneward/api';
import { sql, type RawBuilder, type Selectable, type SqlBool, type Updateable } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { JobPartyTable, JobReaderTable, JobTable, MomentTable } from './tables.ts';

export type JobRow = Selectable<JobTable>;
export type JobPartyRow = Selectable<JobPartyTable>;
export type JobReaderRow = Selectable<JobReaderTable>;
export type MomentRow = Selectable<MomentTable>;

/** A job with its parties and with those whose people see it. */
export interface Job {
  readonly row: JobRow;
  readonly parties: readonly JobPartyRow[];
  readonly readers: readonly JobReaderRow[];
}

export const specificationOf = ({ specification }: Pick<JobRow, 'specification'>): JobSpecification =>
  JSON.parse(specification) as JobSpecification;

async function complete(db: Db, row: JobRow | undefined): Promise<Job | undefined> {
  if (!row) return undefined;
  const parties = await partiesOf(db, [row.id]);
  const readers = await db.selectFrom('compute_job_reader').selectAll().where('job_id', '=', row.id).execute();
  return { row, parties, readers };
}

export async function findJob(db: Db, id: string): Promise<Job | undefined> {
  return complete(db, await db.selectFrom('compute_job').selectAll().where('id', '=', id).executeTakeFirst());
}

/** A job that nobody else can change until the transaction ends. */
export async function lockJob(tx: Tx, id: string): Promise<Job | undefined> {
  return complete(
    tx,
    await tx.selectFrom('compute_job').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
  );
}

export function partiesOf(db: Db, jobs: readonly string[]): Promise<JobPartyRow[]> {
  if (jobs.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('compute_job_party')
    .selectAll()
    .where('job_id', 'in', jobs)
    .orderBy('job_id')
    .orderBy('position')
    .execute();
}

/** Jobs newest first, those of which a reader's row is in scope. */
export function listJobs(
  db: Db,
  filter: {
    /** Over the columns of `jobColumns`. */
    readonly scope: RawBuilder<SqlBool>;
    readonly state: JobState | undefined;
    readonly party: string | undefined;
    readonly after: string | undefined;
    readonly limit: number;
  },
): Promise<JobRow[]> {
  const visible = sql<SqlBool>`exists (select from compute_job_reader r
    cross join (select 1 as grade, '{}'::text[] as categories, '{}'::text[] as jurisdictions) as l
    where r.job_id = j.id and ${filter.scope})`;
  let query = db.selectFrom('compute_job as j').selectAll().where(visible).orderBy('j.id', 'desc').limit(filter.limit);
  if (filter.state !== undefined) query = query.where('j.state', '=', filter.state);
  if (filter.party !== undefined)
    query = query.where(
      sql<SqlBool>`exists (select from compute_job_party p where p.job_id = j.id and p.name = ${filter.party})`,
    );
  if (filter.after !== undefined) query = query.where('j.id', '<', filter.after);
  return query.execute();
}

/** Adds a job with its parties and readers; nothing when its specification is here already. */
export async function insertJob(
  tx: Tx,
  job: Pick<
    JobRow,
    'organisation_id' | 'opened_by' | 'specification' | 'specification_sha256' | 'kind' | 'purpose' | 'expires_at'
  > & { at: Date },
  parties: readonly Pick<JobPartyRow, 'party_id' | 'organisation_id' | 'name' | 'fingerprint' | 'commitment'>[],
  recipients: readonly string[],
): Promise<string | undefined> {
  const { at, ...rest } = job;
  const made = await tx
    .insertInto('compute_job')
    .values({ ...rest, opened_at: at })
    .onConflict((conflict) => conflict.column('specification_sha256').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) return undefined;
  await tx
    .insertInto('compute_job_party')
    .values(parties.map((party, position) => ({ ...party, job_id: made.id, position })))
    .execute();
  const readers = new Map<string, 'private' | 'controlled'>(recipients.map((one) => [one, 'controlled']));
  for (const { organisation_id } of parties) readers.set(organisation_id, 'private');
  await tx
    .insertInto('compute_job_reader')
    .values([...readers].map(([organisation_id, manner]) => ({ job_id: made.id, organisation_id, manner })))
    .execute();
  return made.id;
}

export async function updateJob(tx: Tx, id: string, set: Updateable<JobTable>): Promise<void> {
  await tx.updateTable('compute_job').set(set).where('id', '=', id).execute();
}

/** Writes or takes back the approval of an organisation's party. */
export async function setApproval(
  tx: Tx,
  party: Pick<JobPartyRow, 'job_id' | 'position'>,
  approval: { person: string; at: Date; learns: readonly Learnt[]; learnsSha256: string } | undefined,
): Promise<void> {
  await tx
    .updateTable('compute_job_party')
    .set({
      approved_by: approval?.person ?? null,
      approved_at: approval?.at ?? null,
      learns: approval ? JSON.stringify(approval.learns) : null,
      learns_sha256: approval?.learnsSha256 ?? null,
    })
    .where('job_id', '=', party.job_id)
    .where('position', '=', party.position)
    .execute();
}

/** Notes what happened, under the lock of the job, so that places follow the order of commits. */
export async function insertMoments(
  tx: Tx,
  job: string,
  moments: readonly (Omit<JobMoment, 'at'> & { at: Date })[],
): Promise<void> {
  await tx
    .insertInto('compute_moment')
    .values(
      moments.map(({ at, type, party, ...content }) => ({
        job_id: job,
        at,
        type,
        party: party ?? null,
        content: JSON.stringify(content),
      })),
    )
    .execute();
}

export function momentsAfter(db: Db, job: string, after: string, limit: number): Promise<MomentRow[]> {
  return db
    .selectFrom('compute_moment')
    .selectAll()
    .where('job_id', '=', job)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

export async function countMoments(db: Db, job: string): Promise<number> {
  const { rows } = await sql<{
    n: number;
  }>`select count(*)::int as n from compute_moment where job_id = ${job}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Jobs whose time is over, a few at a time. */
export async function dueJobs(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('compute_job')
    .select('id')
    .where('state', 'in', ['open', 'approved', 'started'])
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Blob keys that jobs name, of those given. */
export async function knownResultKeys(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('compute_job')
    .select('result_key')
    .where('result_key', '=', sql<string>`any(${[...keys]}::text[])`)
    .execute();
  return new Set(rows.flatMap(({ result_key }) => result_key ?? []));
}
