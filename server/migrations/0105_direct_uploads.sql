-- An upload whose bytes its sender brings straight to an S3-compatible store, in parts with pre-signed addresses.
alter table upload add column direct_piece text unique;
alter table upload add column direct_id text;
alter table upload add column part_size bigint check (part_size > 0);
alter table upload add check ((direct_piece is null) = (direct_id is null) and (direct_id is null) = (part_size is null));
