-- Stored objects: how each is sealed, and where its copies lie. The body never changes; the header does when keys are rotated.

create table stored_object (
  key text primary key,
  -- Letter of the suite and version of the key that wraps the data key; both stand in the header as well.
  suite text not null check (suite in ('A', 'G')),
  key_version bigint not null,
  header bytea not null,
  -- Empty while the object is being written.
  plain_size bigint,
  sealed_size bigint,
  -- Root of the hash tree over the plain 64 KiB segments (docs/formats/segment-manifest.md).
  tree bytea check (octet_length(tree) = 32),
  begun_at timestamptz not null,
  check ((plain_size is null) = (tree is null) and (plain_size is null) = (sealed_size is null))
);
create index stored_object_key_version on stored_object (suite, key_version);

-- Every copy of every object.
create table stored_copy (
  key text not null references stored_object on delete cascade,
  store text not null,
  stored_at timestamptz not null,
  -- When it was last read whole and held against the tree; long ago for one that somebody could not read or write since.
  verified_at timestamptz not null,
  -- Since when it is known to be damaged or missing.
  faulty_at timestamptz,
  primary key (key, store)
);
create index stored_copy_verified on stored_copy (verified_at);
create index stored_copy_store on stored_copy (store);
