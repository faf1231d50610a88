-- What every module stands on: the audit trail, answers kept for idempotency keys, and the application's rights.

create extension if not exists pg_trgm;

grant usage on schema public to geneward_app;
alter default privileges in schema public grant select, insert, update, delete on tables to geneward_app;
alter default privileges in schema public grant usage, select on sequences to geneward_app;
alter default privileges in schema public grant execute on functions to geneward_app;

-- One row for each act and each refusal, written with the transaction of the act.
create table audit_event (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  type text not null check (type ~ '^[a-z_]+\.[a-z_]+$'),
  outcome text not null check (outcome in ('done', 'refused', 'failed')),
  actor_kind text not null check (actor_kind in ('person', 'system', 'anonymous')),
  actor_id text,
  actor_via text,
  organisation_id uuid,
  object_kind text,
  object_id text,
  object_accession text,
  content jsonb not null,
  request_id text not null,
  address inet
);
create index audit_event_object on audit_event (object_kind, object_id, seq);
create index audit_event_actor on audit_event (actor_id, seq) where actor_id is not null;
create index audit_event_type on audit_event (type, seq);
create index audit_event_request on audit_event (request_id, seq);
create index audit_event_at on audit_event (at, seq);

-- Append-only: the application's role has no right to change or remove a row, and the trigger holds even for the owner.
revoke update, delete, truncate on audit_event from geneward_app;
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_event_is_append_only before update or delete on audit_event for each row execute function refuse_change();
create trigger audit_event_is_not_truncated before truncate on audit_event for each statement execute function refuse_change();

-- First answers to requests that carried an idempotency key.
create table idempotency (
  person_id text not null,
  key text not null,
  request_sha256 text not null,
  status integer,
  body jsonb,
  headers jsonb,
  created_at timestamptz not null default now(),
  primary key (person_id, key)
);
create index idempotency_age on idempotency (created_at);

-- Signs of life of job workers: what a killed one held is given back at once instead of after hours.
create table worker_presence (
  worker_id text primary key,
  seen_at timestamptz not null default now()
);
