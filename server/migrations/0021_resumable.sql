-- Resumable uploads (tus 1.0): what has come so far lies in parts, each a sealed object; the file is made of them at the end.
create table upload (
  id uuid primary key default uuidv7(),
  -- Empty for a part of an upload that is put together later.
  name text check (octet_length(name) between 1 and 255),
  organisation_id uuid not null,
  person_id uuid not null,
  state text not null check (state in ('open', 'complete', 'refused', 'used')),
  length bigint not null check (length > 0),
  received bigint not null default 0 check (received between 0 and length),
  -- The request that may write: a later one takes its place.
  writer uuid,
  sha256 text,
  md5 text,
  accept_duplicate boolean not null default false,
  joined uuid[],
  file_id uuid,
  problem text,
  begun_at timestamptz not null,
  expires_at timestamptz not null,
  check (state <> 'complete' or file_id is not null)
);
create index upload_person on upload (person_id, id) where state = 'open';
create index upload_expiry on upload (expires_at);

create table upload_part (
  upload_id uuid not null references upload on delete cascade,
  start bigint not null,
  size bigint not null check (size > 0),
  key text not null unique,
  primary key (upload_id, start)
);
