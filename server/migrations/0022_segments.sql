-- Leaf hashes of the segments of stored objects, 4,096 of 64 KiB each on a page: what proves a range without reading the rest.
create table stored_leaves (
  key text not null references stored_object on delete cascade,
  page integer not null,
  root bytea not null check (octet_length(root) = 32),
  leaves bytea not null check (octet_length(leaves) between 32 and 131072),
  primary key (key, page)
);
alter table stored_leaves alter column leaves set storage external;

-- Crypt4GH headers that were made for recipients: kept, so that what a recipient downloads in pieces fits together.
create table recipient_header (
  blob_key text not null,
  recipient bytea not null check (octet_length(recipient) = 32),
  header bytea not null,
  made_at timestamptz not null,
  primary key (blob_key, recipient)
);
