-- Joint analyses: who takes part, what was put before whom, who approved it, how it went.

create table compute_party (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null,
  name text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  -- SHA-256 of the certificate's DER; its key was proven by a signature.
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
  certificate text not null,
  registered_by uuid not null,
  registered_at timestamptz not null,
  retired_at timestamptz
);
create unique index compute_party_name on compute_party (name) where retired_at is null;
create unique index compute_party_fingerprint on compute_party (fingerprint) where retired_at is null;

-- Schema and counts only.
create table compute_offer (
  party_id uuid not null references compute_party (id),
  name text not null,
  title text not null,
  individuals integer not null check (individuals >= 10),
  variants integer check (variants >= 0),
  columns jsonb not null,
  updated_at timestamptz not null,
  primary key (party_id, name)
);

create table compute_job (
  id uuid primary key default uuidv7(),
  -- Who put it before the others.
  organisation_id uuid not null,
  opened_by uuid not null,
  -- Canonical JSON (RFC 8785); the hash is over exactly these bytes.
  specification text not null,
  specification_sha256 text not null unique check (specification_sha256 = encode(sha256(convert_to(specification, 'UTF8')), 'hex')),
  kind text not null,
  purpose text not null,
  state text not null default 'open'
    check (state in ('open', 'approved', 'started', 'sealed', 'aborted', 'cancelled', 'expired', 'disputed')),
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  receipt jsonb,
  result_sha256 text,
  -- Where the result lies, when the parties agreed to hand it in.
  result_key text,
  result_size bigint,
  abort jsonb,
  check ((state = 'aborted') = (abort is not null)),
  check ((state in ('sealed', 'disputed')) = (receipt is not null and result_sha256 is not null)),
  check (state <> 'started' or started_at is not null)
);
create index compute_job_waiting on compute_job (expires_at) where state in ('open', 'approved', 'started');

create table compute_job_party (
  job_id uuid not null references compute_job (id),
  position smallint not null,
  party_id uuid not null references compute_party (id),
  organisation_id uuid not null,
  name text not null,
  fingerprint text not null,
  commitment text not null,
  approved_by uuid,
  approved_at timestamptz,
  -- What the person had read: computed from the specification, with the hash that the approval named.
  learns jsonb,
  learns_sha256 text,
  primary key (job_id, position),
  unique (job_id, organisation_id),
  check ((approved_by is null) = (approved_at is null) and (approved_by is null) = (learns is null)
    and (approved_by is null) = (learns_sha256 is null))
);

-- Whose people see a job: parties (`private`) from the beginning, recipients of the result (`controlled`) when it is sealed.
create table compute_job_reader (
  job_id uuid not null references compute_job (id),
  organisation_id uuid not null,
  manner text not null check (manner in ('private', 'controlled')),
  primary key (job_id, organisation_id)
);
create index compute_job_reader_organisation on compute_job_reader (organisation_id, job_id);

-- What a stream shows, in the order of the job.
create table compute_moment (
  seq bigint generated always as identity primary key,
  job_id uuid not null references compute_job (id),
  at timestamptz not null,
  type text not null,
  party text,
  content jsonb not null default '{}'
);
create index compute_moment_job on compute_moment (job_id, seq);

create table compute_freeze (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null,
  reference text not null,
  reason text not null,
  frozen_by uuid not null,
  at timestamptz not null,
  unique (organisation_id, reference)
);

-- What was put before the parties stays what they approved; an ended job stays as it ended.
revoke delete, truncate on compute_job, compute_job_party, compute_moment, compute_freeze from geneward_app;
revoke update on compute_moment, compute_freeze from geneward_app;
create function keep_compute_job() returns trigger language plpgsql as $$
begin
  if (old.specification, old.specification_sha256, old.opened_by, old.organisation_id)
      is distinct from (new.specification, new.specification_sha256, new.opened_by, new.organisation_id)
      or (old.state in ('aborted', 'cancelled', 'expired', 'disputed') and new.state <> old.state)
      or (old.state = 'sealed' and new.state not in ('sealed', 'disputed'))
      or (old.receipt is not null and new.receipt is distinct from old.receipt) then
    raise exception 'a specification that was put before its parties stays as it is' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger compute_job_stays before update on compute_job for each row execute function keep_compute_job();
create function keep_compute_job_party() returns trigger language plpgsql as $$
begin
  if (old.party_id, old.organisation_id, old.name, old.fingerprint, old.commitment)
      is distinct from (new.party_id, new.organisation_id, new.name, new.fingerprint, new.commitment)
      or (old.approved_by is distinct from new.approved_by
        and exists (select from compute_job j where j.id = old.job_id and j.state not in ('open', 'approved'))) then
    raise exception 'the parties of a job, and approvals after its start, stay as they are' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger compute_job_party_stays before update on compute_job_party for each row execute function keep_compute_job_party();

-- A token may be limited to joint analyses: that of a party process needs no more.
alter table api_token drop constraint api_token_scopes_check;
alter table api_token add constraint api_token_scopes_check
  check (cardinality(scopes) > 0 and scopes <@ '{read,submit,review,compute,administer,audit}');
