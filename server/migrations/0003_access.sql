-- Labels go down only by the signatures of two people.

create table label_downgrade (
  id uuid primary key default uuidv7(),
  object_kind text not null check (object_kind = 'object'),
  object_id text not null,
  from_grade smallint not null check (from_grade between 1 and 4),
  from_categories text[] not null,
  from_jurisdictions text[] not null,
  to_grade smallint not null check (to_grade between 1 and 4),
  to_categories text[] not null,
  to_jurisdictions text[] not null,
  reason text not null,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  state text not null default 'proposed' check (state in ('proposed', 'signed', 'refused')),
  signed_by uuid,
  signed_at timestamptz,
  -- Ed25519 over the canonical content, and the public key (SPKI, PEM) that verifies it.
  signature text,
  public_key text,
  check (to_grade <= from_grade and to_categories <@ from_categories and to_jurisdictions <@ from_jurisdictions),
  check (signed_by is null or signed_by <> proposed_by),
  check ((state = 'proposed') = (signed_by is null)),
  check ((state = 'signed') = (signature is not null and public_key is not null))
);
create index label_downgrade_object on label_downgrade (object_kind, object_id, id);

-- What was decided stays: a row may pass once from proposed to signed or refused, and is never removed.
revoke delete, truncate on label_downgrade from geneward_app;
create function keep_decided_downgrade() returns trigger language plpgsql as $$
begin
  if old.state <> 'proposed' or (old.id, old.object_kind, old.object_id, old.reason, old.proposed_by, old.from_grade, old.to_grade,
      old.from_categories, old.to_categories, old.from_jurisdictions, old.to_jurisdictions)
      is distinct from (new.id, new.object_kind, new.object_id, new.reason, new.proposed_by, new.from_grade, new.to_grade,
      new.from_categories, new.to_categories, new.from_jurisdictions, new.to_jurisdictions) then
    raise exception 'a downgrade that was decided stays as it is' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger label_downgrade_stays before update on label_downgrade for each row execute function keep_decided_downgrade();
