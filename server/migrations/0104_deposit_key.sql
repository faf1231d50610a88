-- Keys that senders encrypt files for before they send them (Crypt4GH). The secret half is wrapped like the key of an object.
create table deposit_key (
  number integer primary key,
  public_key bytea not null unique check (octet_length(public_key) = 32),
  header bytea not null,
  key_version bigint not null,
  made_at timestamptz not null
);
