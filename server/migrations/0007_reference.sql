-- Checklists that curators imported and the organisms of a loaded taxonomy. What is built in stands in the program.

create table checklist (
  id text primary key check (length(id) between 1 and 100),
  version text not null,
  object text not null,
  content jsonb not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  imported_at timestamptz not null,
  imported_by uuid not null
);

-- A taxdump that was sent. Its taxa are written beside those in use; the newest loaded one is in use.
create table taxonomy_release (
  id integer generated always as identity primary key,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  blob_key text not null,
  state text not null check (state in ('loading', 'loaded', 'failed', 'retired')),
  reason text,
  taxa integer not null default 0,
  names integer not null default 0,
  received_at timestamptz not null,
  loaded_at timestamptz
);

create table taxon (
  release_id integer not null references taxonomy_release,
  id integer not null,
  parent_id integer not null,
  rank text not null,
  primary key (release_id, id)
);

-- `folded` is lower case; `kind` orders names from the scientific one down.
create table taxon_name (
  release_id integer not null references taxonomy_release,
  folded text not null,
  name text not null,
  taxon_id integer not null,
  kind smallint not null
);
create index taxon_name_folded on taxon_name (release_id, folded text_pattern_ops);
create index taxon_name_like on taxon_name using gin (folded gin_trgm_ops);
create index taxon_name_scientific on taxon_name (release_id, taxon_id) where kind = 0;

-- Identifiers that are no more: joined into another taxon, or deleted.
create table taxon_past (
  release_id integer not null references taxonomy_release,
  id integer not null,
  into_id integer,
  primary key (release_id, id)
);
