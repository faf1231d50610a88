-- Public keys by which people open the SFTP inbox.
create table ssh_key (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  name text not null,
  type text not null,
  public_key bytea not null,
  -- `SHA256:` and Base64 without padding, as every SSH program shows it. One key is one person's.
  fingerprint text not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index ssh_key_person on ssh_key (person_id);
