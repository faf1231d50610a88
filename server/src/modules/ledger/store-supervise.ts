import { events, plans, stageOf, type Outcome, type PlanFinding, type SupervisionFilter } from '@geneward/api';
import { objectTypes } from '@geneward/metadata';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Principal } from '../../platform/context.ts';
import type { Db } from '../../platform/db.ts';
import { scopeOf } from '../access/index.ts';
import { isOfAccount } from './rules.ts';

/** An act with its place in the log. */
export interface SupervisedRow {
  readonly seq: string;
  readonly at: Date;
  readonly type: string;
  readonly stage: string;
  readonly outcome: Outcome;
  readonly actor_kind: 'person' | 'system' | 'anonymous';
  readonly organisation_id: string | null;
  readonly object_kind: string | null;
  readonly object_id: string | null;
  readonly object_accession: string | null;
  readonly content: Record<string, unknown>;
  readonly index: string | null;
}

/** Type, type of object where it matters, stage, and whether it is about an account, of every act that there is. */
const kinds = Object.keys(events).flatMap((type) => {
  const objects: readonly (string | null)[] = type === 'object.accessioned' ? objectTypes : [null];
  return objects.map((object) => ({
    type,
    object,
    stage: stageOf(type, object === null ? {} : { type: object }) ?? 'governance',
    sort: isOfAccount(type) ? 'account' : 'act',
  }));
});

/** Every act that the caller may see, as a table `e`: what a policy asks for stands in it under the names of a scope. */
const acts = sql`(
  select a.seq, a.at, a.type, a.outcome, a.actor_kind, a.organisation_id, a.object_kind, a.object_id, a.object_accession,
    a.content, k.stage, k.sort as status, l.index, null::uuid as owner, 1 as grade, '{}'::text[] as categories,
    '{}'::text[] as jurisdictions
  from audit_event a
  join unnest(${kinds.map(({ type }) => type)}::text[], ${kinds.map(({ object }) => object)}::text[],
    ${kinds.map(({ stage }) => stage)}::text[], ${kinds.map(({ sort }) => sort)}::text[]) as k(type, object, stage, sort)
    on k.type = a.type and (k.object is null or k.object = a.content->>'type')
  left join ledger_entry l on l.event_seq = a.seq) e`;

/** Acts within a filter; @param order newest first for a page, oldest first for a file */
export async function supervisedActs(
  db: Db,
  principal: Principal,
  filter: SupervisionFilter & { readonly before?: string | undefined },
  { limit, order }: { readonly limit: number; readonly order: 'newest' | 'oldest' },
): Promise<SupervisedRow[]> {
  const tests: RawBuilder<SqlBool>[] = [
    scopeOf(principal, 'event:read', {
      organisation: 'e.organisation_id',
      owner: 'e.owner',
      status: 'e.status',
      grade: 'e.grade',
      categories: 'e.categories',
      jurisdictions: 'e.jurisdictions',
    }),
  ];
  const { stage, type, outcome, organisation, from, to, before } = filter;
  if (stage !== undefined) {
    const types = kinds.filter((kind) => kind.stage === stage).map((kind) => kind.type);
    tests.push(sql`e.type = any(${types}::text[])`, sql`e.stage = ${stage}`);
  }
  if (type !== undefined) tests.push(type.endsWith('.') ? sql`starts_with(e.type, ${type})` : sql`e.type = ${type}`);
  if (outcome !== undefined) tests.push(sql`e.outcome = ${outcome}`);
  if (organisation !== undefined) tests.push(sql`e.organisation_id = ${organisation}::uuid`);
  if (from !== undefined) tests.push(sql`e.at >= ${from}::timestamptz`);
  if (to !== undefined) tests.push(sql`e.at < ${to}::timestamptz`);
  if (before !== undefined) tests.push(sql`e.seq < ${before}::bigint`);
  const { rows } = await sql<SupervisedRow>`
    select e.seq, e.at, e.type, e.stage, e.outcome, e.actor_kind, e.organisation_id, e.object_kind, e.object_id,
      e.object_accession, e.content, e.index
    from ${acts} where ${sql.join(tests, sql` and `)}
    order by e.seq ${order === 'newest' ? sql`desc` : sql`asc`} limit ${limit}`.execute(db);
  return rows;
}

interface FoundPlan {
  readonly seq: string;
  readonly at: Date;
  readonly object_kind: string | null;
  readonly object_id: string | null;
  readonly end_seq: string | null;
  readonly end_at: Date | null;
  readonly end_type: string | null;
}

/** Plans that have no end in time, and ends whose content contradicts the plan. */
export async function planFindings(db: Db, now: Date, limit: number): Promise<PlanFinding[]> {
  const found: PlanFinding[] = [];
  for (const [type, { ends, hours, key, same }] of Object.entries(plans)) {
    const since = new Date(now.getTime() - hours * 3_600_000);
    const differs = same === undefined ? sql<SqlBool>`false` : sql<SqlBool>`e.content->>${same} <> p.content->>${same}`;
    const { rows } = await sql<FoundPlan>`
      select p.seq, p.at, p.object_kind, p.object_id, x.seq as end_seq, x.at as end_at, x.type as end_type
      from audit_event p left join lateral (
        select e.seq, e.at, e.type, ${differs} as differs from audit_event e
        where e.type = any(${ends}::text[]) and e.seq > p.seq and ${belongs(key)}
        order by e.seq limit 1) x on true
      where p.type = ${type} and p.outcome = 'done' and ((x.seq is null and p.at < ${since}::timestamptz) or x.differs)
      order by p.seq limit ${limit}`.execute(db);
    found.push(...rows.map((row) => findingOf(type, hours, row)));
  }
  return found.toSorted((a, b) => (BigInt(a.plan.seq) < BigInt(b.plan.seq) ? -1 : 1)).slice(0, limit);
}

/** That an end `e` belongs to a plan `p`; an object is found by its index. */
const belongs = ([ofPlan, ofEnd]: (typeof plans)[string]['key']): RawBuilder<SqlBool> =>
  ofPlan === 'object' && ofEnd === 'object'
    ? sql<SqlBool>`e.object_kind = p.object_kind and e.object_id = p.object_id`
    : sql<SqlBool>`${keyOf('e', ofEnd)} is not distinct from ${keyOf('p', ofPlan)}`;

const keyOf = (table: 'e' | 'p', key: string): RawBuilder<unknown> =>
  key === ''
    ? sql`null::text`
    : key === 'object'
      ? sql.ref(`${table}.object_id`)
      : sql`${sql.ref(`${table}.content`)}->>${key}`;

function findingOf(type: string, hours: number, row: FoundPlan): PlanFinding {
  const { object_kind: kind, object_id: id, end_seq: seq, end_at: at, end_type: ended } = row;
  return {
    problem: seq === null ? 'unfinished' : 'mismatch',
    plan: {
      seq: row.seq,
      at: row.at.toISOString(),
      type,
      ...(kind !== null && id !== null && { object: { kind, id } }),
    },
    ...(seq !== null && at !== null && ended !== null && { end: { seq, at: at.toISOString(), type: ended } }),
    hours,
  };
}
