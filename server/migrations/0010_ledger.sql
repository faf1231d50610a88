-- The ledger: every audit event gets a place in a Merkle tree that only grows.

-- Events that have no place yet. Filled with the transaction of the act, whoever writes the event and however.
create table ledger_pending (
  event_seq bigint primary key
);
create function ledger_await() returns trigger language plpgsql as $$
begin
  insert into ledger_pending select seq from arrived;
  return null;
end $$;
create trigger audit_event_to_ledger after insert on audit_event referencing new table as arrived
  for each statement execute function ledger_await();
insert into ledger_pending select seq from audit_event;

-- Where the log stands. Whoever appends holds the row and its epoch: an older epoch writes nothing any more.
create table ledger_state (
  only_one boolean primary key default true check (only_one),
  origin text,
  size bigint not null default 0 check (size >= 0),
  -- Compact range of that size: 32 bytes for each perfect subtree, largest first.
  range bytea not null default '',
  epoch bigint not null default 0,
  led_until timestamptz not null default '-infinity',
  -- Why nothing is signed any more, as the process that found out tells it.
  alarm jsonb
);
insert into ledger_state default values;

create table ledger_module (
  module text primary key,
  acts bigint not null check (acts >= 0)
);

create table ledger_entry (
  index bigint primary key check (index >= 0),
  -- Null when the event was lost and only its entry is left.
  event_seq bigint unique,
  type text not null,
  at timestamptz not null,
  entry bytea not null check (length(entry) <= 65535),
  -- What opens the commitment; both go when the act is erased.
  salt bytea,
  envelope bytea,
  object_kind text,
  object_id text,
  check ((salt is null) = (envelope is null))
);
create index ledger_entry_object on ledger_entry (object_kind, object_id, index) where object_id is not null;

-- An entry stays; what opens it may be taken away, never exchanged.
revoke delete, truncate on ledger_entry from geneward_app;
create function keep_ledger_entry() returns trigger language plpgsql as $$
begin
  if (old.index, old.type, old.at, old.entry) is distinct from (new.index, new.type, new.at, new.entry)
      or (new.event_seq is not null and new.event_seq is distinct from old.event_seq)
      or (new.envelope is not null and (new.envelope, new.salt) is distinct from (old.envelope, old.salt)) then
    raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger ledger_entry_stays before update on ledger_entry for each row execute function keep_ledger_entry();

-- Signed checkpoints, with the lines of the witnesses that came in.
create table ledger_checkpoint (
  size bigint primary key check (size > 0),
  root bytea not null check (length(root) = 32),
  at timestamptz not null,
  note text not null,
  -- Enough witnesses have seen it.
  witnessed boolean not null default false
);
create index ledger_checkpoint_witnessed on ledger_checkpoint (size) where witnessed;
revoke delete, truncate on ledger_checkpoint from geneward_app;

-- The size that a witness has cosigned last, by its key.
create table ledger_witness (
  key text primary key,
  size bigint not null check (size >= 0),
  at timestamptz not null
);
