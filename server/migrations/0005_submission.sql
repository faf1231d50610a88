-- Submissions, the objects that they bring or revise, and what was found about them.

-- A changeset of one submitter: new objects and revisions of earlier ones, reviewed and accepted as a whole.
create table submission (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null,
  submitter_id uuid not null,
  title text not null check (length(title) between 1 and 500),
  status text not null default 'draft'
    check (status in ('draft', 'checking', 'in_review', 'returned', 'accepted', 'withdrawn')),
  manner text not null default 'public' check (manner in ('public', 'controlled', 'private')),
  use_terms text not null default '' check (length(use_terms) <= 5000),
  -- Day (UTC) on which accepted objects become public; none means at once.
  release_on date,
  grade smallint not null default 1 check (grade between 1 and 4),
  categories text[] not null default '{}',
  jurisdictions text[] not null default '{}',
  etag integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  submitted_at timestamptz,
  decided_at timestamptz
);
create index submission_of_submitter on submission (submitter_id, id desc);
create index submission_of_organisation on submission (organisation_id, id desc);
create index submission_status on submission (status, submitted_at, id);

-- One thing of the archive. What it says stands in its versions; what became of it stands here.
create table object (
  id uuid primary key default uuidv7(),
  type text not null check (type in ('project', 'sample', 'experiment', 'run', 'assembly', 'variation', 'sequence',
                                     'metabolism', 'single_cell', 'analysis')),
  alias text not null check (length(alias) between 1 and 500),
  accession text,
  organisation_id uuid not null,
  submitter_id uuid not null,
  -- The submission that brought it in first.
  submission_id uuid not null references submission,
  status text not null default 'draft'
    check (status in ('draft', 'checking', 'in_review', 'returned', 'accepted', 'held', 'released', 'suppressed',
                      'withdrawn', 'destroyed')),
  manner text not null check (manner in ('public', 'controlled', 'private')),
  use_terms text not null default '',
  release_on date,
  released_at timestamptz,
  grade smallint not null default 1 check (grade between 1 and 4),
  categories text[] not null default '{}',
  jurisdictions text[] not null default '{}',
  -- The accepted version; none before the first acceptance.
  current_version integer check (current_version > 0),
  etag integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((status in ('draft', 'checking', 'in_review', 'returned') and accession is null)
      or (status in ('accepted', 'held', 'released', 'suppressed', 'destroyed') and accession is not null)
      or status = 'withdrawn'),
  check ((accession is null) = (current_version is null))
);
-- Names are unique within a submitter and type; what was withdrawn before it had an accession gives its name back.
create unique index object_alias on object (submitter_id, type, alias)
  where not (status = 'withdrawn' and accession is null);
create unique index object_accession on object (accession) where accession is not null;
create index object_of_submission on object (submission_id, id);
create index object_release on object (release_on) where status = 'held';

-- What an object says, as one submission put it. A version above the accepted one waits for acceptance.
create table object_version (
  object_id uuid not null references object on delete cascade,
  version integer not null check (version > 0),
  submission_id uuid not null references submission,
  -- Name of the sheet that it came from; none when it was edited singly.
  sheet text,
  place jsonb not null default '{}',
  title text,
  checklist text,
  attributes jsonb not null default '{}',
  units jsonb not null default '{}',
  -- References as the submitter wrote them: [{relation, type, target}].
  refs jsonb not null default '[]',
  content_sha256 text not null check (content_sha256 ~ '^[0-9a-f]{64}$'),
  -- Hash of what tells samples apart: everything but names, titles and descriptions.
  traits_sha256 text,
  -- What the content itself asks for; the label of the object is never below this nor below its inputs.
  grade smallint not null default 1 check (grade between 1 and 4),
  categories text[] not null default '{}',
  jurisdictions text[] not null default '{}',
  created_at timestamptz not null default now(),
  created_by uuid not null,
  reason text not null default '',
  accepted_at timestamptz,
  primary key (object_id, version)
);
create unique index object_version_of_submission on object_version (submission_id, object_id);

-- A file that a version declares. It may be named before its bytes have come.
create table object_file (
  object_id uuid not null,
  version integer not null,
  ordinal smallint not null,
  submitter_id uuid not null,
  name text not null check (length(name) between 1 and 255),
  format text not null,
  md5 text check (md5 ~ '^[0-9a-f]{32}$'),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  -- What ENA's tables give beside the MD5 of an encrypted file.
  unencrypted_md5 text,
  read_types text[] not null default '{}',
  file_id uuid,
  primary key (object_id, version, ordinal),
  unique (object_id, version, name),
  foreign key (object_id, version) references object_version on delete cascade
);
create index object_file_awaited on object_file (submitter_id, name);
create index object_file_of_file on object_file (file_id) where file_id is not null;

-- Lineage: `from` depends on `to`, within this archive or in another one. An edge ends, it is not removed.
create table edge (
  id uuid primary key default uuidv7(),
  from_id uuid not null references object,
  relation text not null check (relation in ('part_of', 'derived_from', 'cites', 'replaces')),
  to_id uuid references object,
  to_external text check (length(to_external) between 1 and 200),
  at timestamptz not null default now(),
  agent uuid,
  ended_at timestamptz,
  check ((to_id is null) <> (to_external is null)),
  check (from_id <> to_id)
);
create unique index edge_once on edge (from_id, relation, to_id) where ended_at is null and to_id is not null;
create unique index edge_external_once on edge (from_id, relation, to_external)
  where ended_at is null and to_external is not null;
create index edge_to on edge (to_id, relation) where to_id is not null;

-- Last number given out for each accession prefix; taken with the accepting transaction, so there are no gaps.
create table accession_counter (
  prefix text primary key check (prefix ~ '^[A-Z]{2,10}$'),
  last bigint not null default 0 check (last >= 0)
);

-- A table as it was sent. The same bytes again change nothing.
create table sheet (
  submission_id uuid not null references submission on delete cascade,
  name text not null check (length(name) between 1 and 200),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size >= 0),
  blob_key text not null,
  state text not null check (state in ('reading', 'read', 'failed')),
  -- Rows read so far while it is being read.
  progress bigint not null default 0,
  -- Records by what they do: {"new": n, "revised": n, "unchanged": n, "removed": n}.
  records jsonb not null default '{}',
  -- How often each rule was met, also beyond the findings that are kept.
  counts jsonb not null default '{}',
  errors integer not null default 0,
  warnings integer not null default 0,
  hints integer not null default 0,
  received_at timestamptz not null default now(),
  read_at timestamptz,
  primary key (submission_id, name)
);

-- What reading a sheet (source `sheet:<name>`) or checking the whole (`check`) found.
create table finding (
  submission_id uuid not null references submission on delete cascade,
  source text not null,
  seq integer not null,
  code text not null,
  level text not null check (level in ('error', 'warning', 'hint')),
  place jsonb not null,
  value text,
  params jsonb,
  suggestion text,
  primary key (submission_id, source, seq)
);

-- The review of a submission: who has taken it, and in which round it is. A round is what was sent in at one moment.
create table review (
  submission_id uuid primary key references submission on delete cascade,
  round integer not null check (round > 0),
  submitted_at timestamptz not null,
  claimed_by uuid,
  claimed_at timestamptz,
  check ((claimed_by is null) = (claimed_at is null))
);

-- One verdict of one reviewer in one round; it is never changed.
create table review_decision (
  submission_id uuid not null references submission on delete cascade,
  round integer not null check (round > 0),
  reviewer_id uuid not null,
  verdict text not null check (verdict in ('accept', 'return')),
  note text not null default '',
  -- Why it went back: [{object?, field?, text}].
  reasons jsonb not null default '[]',
  at timestamptz not null,
  primary key (submission_id, round, reviewer_id, verdict)
);
revoke update, delete, truncate on review_decision from geneward_app;

-- What submitter and curator write to each other.
create table review_comment (
  id uuid primary key default uuidv7(),
  submission_id uuid not null references submission on delete cascade,
  object_id uuid references object on delete set null,
  field text,
  side text not null check (side in ('submitter', 'curator')),
  author_id uuid not null,
  body text not null check (length(body) between 1 and 4000),
  at timestamptz not null,
  resolved_at timestamptz,
  resolved_by uuid,
  check ((resolved_at is null) = (resolved_by is null))
);
create index review_comment_of_submission on review_comment (submission_id, id);

-- What happened to an object from acceptance on.
create table object_moment (
  seq bigint generated always as identity primary key,
  object_id uuid not null references object on delete cascade,
  at timestamptz not null,
  by_id uuid,
  act text not null,
  from_status text,
  to_status text not null,
  reason text not null default ''
);
create index object_moment_of_object on object_moment (object_id, seq desc);
revoke update, delete, truncate on object_moment from geneward_app;

-- A publication that cites an object.
create table citation (
  object_id uuid not null references object on delete cascade,
  doi text not null,
  by_id uuid not null,
  at timestamptz not null,
  primary key (object_id, doi)
);

-- What an owner has been told of about a day, so that it is told once.
create table release_notice (
  object_id uuid not null references object on delete cascade,
  kind text not null check (kind in ('release_soon', 'release_blocked')),
  for_day date not null,
  at timestamptz not null,
  primary key (object_id, kind, for_day)
);
