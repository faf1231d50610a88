-- Bytes and the files that people sent: what is kept where, whose it is, what its check found, which object holds it.

-- Content that is or was kept. Equal bytes are kept once, under a key that is never used twice; a blob without a key is a memory.
create table blob (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  md5 text not null check (md5 ~ '^[0-9a-f]{32}$'),
  size bigint not null check (size > 0),
  key text unique,
  stored_at timestamptz not null,
  -- When the bytes were last read and compared with the checksum.
  verified_at timestamptz not null,
  -- Set when they were gone or had changed.
  lost_at timestamptz
);
create index blob_verified on blob (verified_at) where key is not null and lost_at is null;

create table file (
  id uuid primary key default uuidv7(),
  name text not null check (octet_length(name) between 1 and 255),
  organisation_id uuid not null,
  person_id uuid not null,
  state text not null check (state in ('receiving', 'checking', 'stored', 'faulty', 'expired')),
  -- Where an upload under way writes: so that its bytes are never taken for an orphan.
  key text unique,
  received bigint not null default 0,
  sha256 text references blob,
  kind text,
  report jsonb,
  -- Names of the reads as far as pairing needs them; dropped when an object claims the file.
  names bytea,
  grade smallint not null default 1 check (grade between 1 and 4),
  categories text[] not null default '{}',
  jurisdictions text[] not null default '{}',
  claim_kind text,
  claim_id text,
  -- What access decides on.
  standing text not null generated always as (case when claim_kind is not null then 'claimed' else state end) stored,
  uploaded_at timestamptz not null,
  -- Last sign of life of an upload under way.
  heard_at timestamptz not null,
  expires_at timestamptz,
  warned_at timestamptz,
  check ((claim_kind is null) = (claim_id is null)),
  check ((state = 'receiving') = (key is not null)),
  check ((state = 'receiving') = (sha256 is null)),
  check (claim_kind is null or state in ('stored', 'checking', 'faulty'))
);
-- Two uploads of one name at once would race for it: the second is refused.
create unique index file_receiving on file (organisation_id, person_id, name) where state = 'receiving';
create index file_inbox on file (organisation_id, person_id, name, id desc);
create index file_list on file (organisation_id, id desc);
create index file_content on file (sha256);
create index file_claim on file (claim_kind, claim_id) where claim_kind is not null;
create index file_expiry on file (expires_at) where claim_kind is null and state in ('stored', 'faulty');
create index file_silence on file (heard_at) where state = 'receiving';

-- Range requests of one reader for one file within a window: one event opens it, one tells the sum when it closes.
create table download (
  file_id uuid not null,
  reader text not null,
  sha256 text not null,
  since timestamptz not null,
  requests integer not null,
  bytes numeric not null,
  primary key (file_id, reader)
);
create index download_since on download (since);
