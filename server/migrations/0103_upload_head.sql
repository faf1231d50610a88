-- The Crypt4GH header of a file that its sender encrypted, as far as it has come: it stands before the bytes that are kept.
alter table upload add column head bytea;
