-- Downloads: a credential for some files that outlasts the transfer, and what limits the use of a right.

create table download_token (
  id uuid primary key default uuidv7(),
  secret_sha256 bytea not null unique,
  person_id uuid not null,
  -- Those of the credential by which it was issued: it can do no more.
  scopes text[] not null,
  files integer not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index download_token_person on download_token (person_id, id desc) where revoked_at is null;
create index download_token_expiry on download_token (expires_at);

-- A file goes from here when the right to it ends, and does not come back.
create table download_token_file (
  token_id uuid not null references download_token on delete cascade,
  file_id uuid not null,
  primary key (token_id, file_id)
);

-- What was released under a right within the present minute; kept only where the installation sets limits.
create table download_rate (
  grant_key text primary key,
  since timestamptz not null,
  requests integer not null,
  bytes numeric not null
);

-- How much of a file was released under a right in all.
create table download_count (
  grant_key text not null,
  file_id uuid not null,
  bytes numeric not null,
  last_at timestamptz not null,
  primary key (grant_key, file_id)
);
create index download_count_age on download_count (last_at);

-- Every range has an event of its own now; sums by the hour are no longer kept.
drop table download;
