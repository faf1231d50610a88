-- Virus genomes: installed data sets, batches of genomes with their terms, what was told of each, and the states of trees.

create table virus_dataset (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  content jsonb not null,
  blob_key text not null,
  installed_at timestamptz not null,
  installed_by uuid not null
);

-- `manner` says who may find its genomes; `state` moves from open to waiting when the genomes have come.
create table virus_batch (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null references organisation,
  submitter_id uuid not null references person,
  title text not null check (length(title) between 1 and 300),
  dataset text not null,
  manner text not null check (manner in ('public', 'private')),
  grade smallint not null check (grade between 1 and 4),
  categories text[] not null,
  jurisdictions text[] not null,
  source text not null,
  license text not null,
  terms text not null,
  state text not null check (state in ('open', 'waiting', 'running', 'done', 'failed')),
  records jsonb not null default '{}',
  blob_key text,
  sha256 text,
  size bigint,
  genomes integer not null default 0,
  accepted integer not null default 0,
  reason jsonb,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index virus_batch_organisation on virus_batch (organisation_id, id desc);
create index virus_batch_shared on virus_batch (dataset, id) where manner = 'public' and state = 'done';

-- One genome. `marks` are its mutations as people ask for them (`C241T`, `S:N501Y`); `sample` is what is placed on a tree.
create table virus_genome (
  id uuid primary key default uuidv7(),
  batch_id uuid not null references virus_batch on delete cascade,
  place_in_batch integer not null,
  name text not null,
  accepted boolean not null,
  clade text,
  lineages text[] not null,
  collected_from date,
  collected_to date,
  place text,
  quality text,
  marks text[] not null,
  report jsonb not null,
  sample jsonb,
  withdrawn_at timestamptz,
  withdrawn_reason text,
  unique (batch_id, place_in_batch)
);
create index virus_genome_marks on virus_genome using gin (marks) where accepted and withdrawn_at is null;
create index virus_genome_clade on virus_genome (clade, id) where accepted and withdrawn_at is null;
create index virus_genome_name on virus_genome (name);

-- A state of a tree, an institution's own or (`public`) that of everybody's shared genomes: the data set's own tree with these batches, in this order, without what was withdrawn. It is
-- a function of them, so the tree itself need not be kept; its hash says whether it is the same again.
create table virus_tree_state (
  owner text not null,
  dataset text not null,
  number integer not null check (number > 0),
  batches uuid[] not null,
  without uuid[] not null,
  why text not null check (why in ('batch', 'withdrawal')),
  diff jsonb not null,
  inputs_sha256 text not null,
  tree_sha256 text not null,
  program text not null,
  made_at timestamptz not null,
  primary key (owner, dataset, number)
);

-- A saved question; whoever saved it is told of new genomes that answer it.
create table virus_alert (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  title text not null check (length(title) between 1 and 200),
  query jsonb not null,
  created_at timestamptz not null
);
create index virus_alert_person on virus_alert (person_id, id);
