-- What opens an entry is its statement, which is signed when it is shown. Entries of the first form keep their envelope there.
alter table ledger_entry rename column envelope to statement;
create or replace function keep_ledger_entry() returns trigger language plpgsql as $$
begin
  if (old.index, old.type, old.at, old.entry) is distinct from (new.index, new.type, new.at, new.entry)
      or (new.event_seq is not null and new.event_seq is distinct from old.event_seq)
      or (new.statement is not null and (new.statement, new.salt) is distinct from (old.statement, old.salt)) then
    raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

-- Rows come and go thousands a second: dead ones are cleared away before they slow the search for the oldest down.
alter table ledger_pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_threshold = -1);
