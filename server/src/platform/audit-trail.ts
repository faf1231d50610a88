import type { AuditEvent, Outcome } from '@geneward/api';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Db } from './db.ts';

export interface EventFilter {
  /** Exact, or `module.` for all types of a module. */
  readonly type?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly actor?: string | undefined;
  readonly objectKind?: string | undefined;
  readonly objectId?: string | undefined;
  readonly requestId?: string | undefined;
  /** ISO times, from inclusive to exclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only events before this position. */
  readonly before?: string | undefined;
  readonly limit: number;
}

interface Row {
  seq: string;
  at: Date;
  type: string;
  outcome: Outcome;
  actor_kind: 'person' | 'system' | 'anonymous';
  actor_id: string | null;
  actor_via: string | null;
  organisation_id: string | null;
  object_kind: string | null;
  object_id: string | null;
  object_accession: string | null;
  content: Record<string, unknown>;
  request_id: string;
  address: string | null;
}

/** Events of the audit trail, newest first. */
export async function readEvents(db: Db, filter: EventFilter): Promise<AuditEvent[]> {
  const tests: RawBuilder<SqlBool>[] = [sql`true`];
  const test = (value: string | undefined, make: (value: string) => RawBuilder<SqlBool>) => {
    if (value !== undefined) tests.push(make(value));
  };
  test(filter.type, (type) => (type.endsWith('.') ? sql`starts_with(type, ${type})` : sql`type = ${type}`));
  test(filter.outcome, (outcome) => sql`outcome = ${outcome}`);
  test(filter.actor, (actor) => sql`actor_id = ${actor}`);
  test(filter.objectKind, (kind) => sql`object_kind = ${kind}`);
  test(filter.objectId, (id) => sql`object_id = ${id}`);
  test(filter.requestId, (id) => sql`request_id = ${id}`);
  test(filter.from, (from) => sql`at >= ${from}::timestamptz`);
  test(filter.to, (to) => sql`at < ${to}::timestamptz`);
  test(filter.before, (seq) => sql`seq < ${seq}::bigint`);
  const found = await sql<Row>`
    select seq, at, type, outcome, actor_kind, actor_id, actor_via, organisation_id, object_kind, object_id, object_accession,
           content, request_id, host(address) as address
    from audit_event where ${sql.join(tests, sql` and `)} order by seq desc limit ${filter.limit}`.execute(db);
  return found.rows.map(view);
}

function view(row: Row): AuditEvent {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    type: row.type,
    outcome: row.outcome,
    actor: {
      kind: row.actor_kind,
      ...(row.actor_id !== null && { id: row.actor_id }),
      ...(row.actor_via !== null && { via: row.actor_via }),
    },
    content: row.content,
    requestId: row.request_id,
    ...(row.organisation_id !== null && { organisation: row.organisation_id }),
    ...(row.object_kind !== null &&
      row.object_id !== null && {
        object: {
          kind: row.object_kind,
          id: row.object_id,
          ...(row.object_accession !== null && { accession: row.object_accession }),
        },
      }),
    ...(row.address !== null && { address: row.address }),
  };
}
