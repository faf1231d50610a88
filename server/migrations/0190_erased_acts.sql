-- An act that is erased before it has its place gets an entry that opens to nothing.
alter table ledger_pending add column erased boolean not null default false;
