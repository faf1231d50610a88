-- Where genomes are fetched from again and again, each with the terms that its genomes come under.
create table virus_source (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null references organisation,
  person_id uuid not null references person,
  kind text not null check (kind in ('archive', 'folder', 'feed', 'partner')),
  title text not null check (length(title) between 1 and 300),
  address text not null check (length(address) between 1 and 2000),
  dataset text not null,
  shared boolean not null,
  source text not null,
  license text not null,
  terms text not null,
  active boolean not null default true,
  -- How far it is; what that means is the kind's own affair.
  position jsonb not null default '{}',
  looked_at timestamptz,
  reason jsonb,
  created_at timestamptz not null
);
create index virus_source_organisation on virus_source (organisation_id, id);

-- A batch that was fetched: from where, and what it is called there. Nothing is taken twice.
alter table virus_batch add column source_id uuid references virus_source, add column external text;
alter table virus_batch add constraint virus_batch_external unique (source_id, external);
