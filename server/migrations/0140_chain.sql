-- What the consortium chain has made final of the log, and what was laid down outside of it.

-- So many validators have signed the checkpoint as the policy's group `chain` asks for.
alter table ledger_checkpoint add column final boolean not null default false;
create index ledger_checkpoint_final on ledger_checkpoint (size) where final;

-- Where the log stood with the chain when it was last asked.
create table ledger_chain (
  only_one boolean primary key default true check (only_one),
  standing text not null check (standing in ('final', 'pending', 'unreachable', 'refused')),
  -- The largest head that the chain was seen to have.
  size bigint not null default 0 check (size >= 0),
  detail text not null default '',
  at timestamptz not null
);

-- Checkpoints that an EVM chain has accepted.
create table ledger_anchor (
  size bigint primary key check (size > 0),
  chain_id bigint not null,
  contract text not null,
  transaction text not null,
  block bigint not null,
  at timestamptz not null
);
revoke delete, truncate on ledger_anchor from geneward_app;
