-- What the archive is searched by: one row for each object, words with their frequency, figures counted beforehand.

-- Values of facets by number, so that thousands of hits are counted as numbers. Never changed, never removed.
create table catalog_value (
  code integer generated always as identity primary key,
  facet text not null,
  value text not null,
  unique (facet, value)
);

create table catalog_entry (
  object_id uuid primary key,
  type text not null,
  accession text,
  alias text not null,
  title text not null,
  -- To sort by: the beginning of the title in lower case; the accession, or `~` behind all of them.
  title_key text not null,
  accession_key text not null,
  organism text,
  taxon integer,
  country text,
  collected_on text,
  strategy text,
  platform text,
  instrument text,
  organisation_id uuid not null,
  submitter_id uuid not null,
  status text not null,
  manner text not null,
  grade smallint not null,
  categories text[] not null,
  jurisdictions text[] not null,
  released_at timestamptz,
  updated_at timestamptz not null,
  -- Release, or the last change of what is not released; to the millisecond.
  sorted_at timestamptz not null,
  year smallint,
  files integer not null,
  bytes bigint not null,
  -- Released and not private: anybody may find it, and its words are counted.
  open boolean not null,
  -- Shown by searches. False for what is suppressed or gone, and for what changed until it is indexed again.
  listed boolean not null,
  -- Fixed and random, 0-63: entries with 0 are the sample.
  dice smallint not null,
  -- Code of the value of each facet, four bytes each, 0 for none, in the order of the contract.
  facets bytea not null check (length(facets) = 32),
  document tsvector not null,
  indexed_at timestamptz not null
);
-- What anybody may find, and what only its owners may, apart: neither is slowed by the other. A short list of pending
-- insertions: writers batch, readers have little to look through.
create index catalog_entry_open_words on catalog_entry using gin (document)
  with (fastupdate = on, gin_pending_list_limit = 512) where open;
create index catalog_entry_closed_words on catalog_entry using gin (document)
  with (fastupdate = on, gin_pending_list_limit = 512) where not open;
create index catalog_entry_newest on catalog_entry (sorted_at desc, object_id desc) where listed;
create index catalog_entry_open_newest on catalog_entry (sorted_at desc, object_id desc) where listed and open;
create index catalog_entry_title on catalog_entry (title_key, object_id) where listed;
create index catalog_entry_accession on catalog_entry (accession_key, object_id) where listed;
alter table catalog_entry set (autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);

-- The same rows for one object in 64, close together: what common searches are counted on.
create table catalog_sample (like catalog_entry including defaults including constraints);
alter table catalog_sample add primary key (object_id);
create index catalog_sample_document on catalog_sample using gin (document) with (fastupdate = off);

-- Words of open entries and how many entries have them.
create table catalog_word (
  word text primary key,
  entries integer not null check (entries > 0)
);
-- A misspelling is looked for among words that more than a few use.
create index catalog_word_likeness on catalog_word using gin (word gin_trgm_ops) where entries >= 5 and word !~ '^=';
-- Written with the entries, added up by a job: writers do not wait for each other on a frequent word.
create table catalog_word_change (
  id bigint generated always as identity primary key,
  word text not null,
  change integer not null
);

-- Objects that changed since they were indexed.
create table catalog_pending (
  object_id uuid primary key,
  at timestamptz not null default now()
);

-- Public figures, and how far a building of the index is: small documents that jobs write.
create table catalog_figures (
  name text primary key check (name in ('statistics', 'browse', 'reindex')),
  content jsonb not null,
  at timestamptz not null
);
