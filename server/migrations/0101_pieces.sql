-- An object that came in several requests lies in pieces: bodies of their own that are read one after the other.
create table stored_piece (
  -- Name of the piece in its stores; nobody else ever writes under it.
  piece text primary key,
  key text not null references stored_object on delete cascade,
  -- Where it stands in the sealed body, and how many of its bytes count: a last segment that was not full is written anew.
  start bigint not null check (start >= 0),
  size bigint not null check (size > 0),
  -- Bytes before the sealed body in the piece itself: the header of a file that its sender sealed.
  skip bigint not null default 0 check (skip >= 0),
  stores text[] not null
);
create index stored_piece_key on stored_piece (key, start);

-- The object that an upload grows into.
alter table upload add column key text unique;
