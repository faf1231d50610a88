import { commonEvents, type EventTable, type ObjectRef, type Outcome } from '@geneward/api';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from './context.ts';
import type { Db } from './db.ts';

const known = new Map<string, z.ZodType>(Object.entries(commonEvents));

/** A module registers its event types once at start. */
export function registerEvents(table: EventTable): void {
  for (const [type, content] of Object.entries(table)) {
    const before = known.get(type);
    if (before && before !== content) throw new Error(`event type ${type} is defined twice`);
    known.set(type, content);
  }
}

export interface NewEvent {
  readonly type: string;
  readonly outcome?: Outcome;
  readonly object?: ObjectRef;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Appends an audit event with the transaction of the act that it tells of: both stand or neither.
 * Content that does not fit its registered type is a mistake in the program and ends the act.
 */
export async function record(db: Db, context: Context, event: NewEvent): Promise<void> {
  await recordAll(db, context, [event]);
}

/** Many events in one statement, in the order given. */
export async function recordAll(db: Db, context: Context, events: readonly NewEvent[]): Promise<void> {
  await recordEach(
    db,
    events.map((event) => ({ context, event })),
  );
}

/** Events of several calls in one statement, in the order given. */
export async function recordEach(
  db: Db,
  events: readonly { readonly context: Context; readonly event: NewEvent }[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ context, event }) => row(context, event));
  await sql`
    insert into audit_event (at, type, outcome, actor_kind, actor_id, actor_via, organisation_id,
                             object_kind, object_id, object_accession, content, request_id, address)
    select e.at, e.type, e.outcome, e.actor_kind, e.actor_id, e.actor_via, e.organisation_id,
           e.object_kind, e.object_id, e.object_accession, e.content, e.request_id, e.address
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e(
      at timestamptz, type text, outcome text, actor_kind text, actor_id text, actor_via text, organisation_id uuid,
      object_kind text, object_id text, object_accession text, content jsonb, request_id text, address inet)
  `.execute(db);
}

function row(context: Context, event: NewEvent): Record<string, unknown> {
  const content = known.get(event.type);
  if (!content) throw new Error(`event type ${event.type} is not registered`);
  const { principal } = context;
  const person = principal.kind === 'person' ? principal : undefined;
  return {
    at: context.now().toISOString(),
    type: event.type,
    outcome: event.outcome ?? 'done',
    actor_kind: principal.kind,
    actor_id: person?.id ?? (principal.kind === 'system' ? principal.name : null),
    actor_via: person ? `${person.via.kind}:${person.via.id}` : null,
    organisation_id: person?.organisation ?? null,
    object_kind: event.object?.kind ?? null,
    object_id: event.object?.id ?? null,
    object_accession: event.object?.accession ?? null,
    content: content.parse(event.content),
    request_id: context.requestId,
    address: context.address ?? null,
  };
}
