import type { LedgerAlarm } from '@geneward/api';
import type { Generated, JSONColumnType } from 'kysely';

export interface LedgerStateTable {
  only_one: Generated<boolean>;
  origin: string | null;
  size: Generated<string>;
  range: Generated<Buffer>;
  epoch: Generated<string>;
  led_until: Generated<Date>;
  alarm: JSONColumnType<LedgerAlarm> | null;
}

export interface LedgerEntryTable {
  index: string;
  event_seq: string | null;
  type: string;
  at: Date;
  entry: Buffer;
  salt: Buffer | null;
  /** The statement, unsigned; of an entry of the first form, its envelope. */
  statement: Buffer | null;
  object_kind: string | null;
  object_id: string | null;
}

export interface LedgerCheckpointTable {
  size: string;
  root: Buffer;
  at: Date;
  note: string;
  witnessed: Generated<boolean>;
  final: Generated<boolean>;
}

export interface LedgerChainTable {
  only_one: Generated<boolean>;
  standing: 'final' | 'pending' | 'unreachable' | 'refused';
  size: Generated<string>;
  detail: Generated<string>;
  at: Date;
}

export interface LedgerAnchorTable {
  size: string;
  chain_id: string;
  contract: string;
  transaction: string;
  block: string;
  at: Date;
}

declare module '../../platform/db.ts' {
  interface Tables {
    ledger_state: LedgerStateTable;
    ledger_entry: LedgerEntryTable;
    ledger_checkpoint: LedgerCheckpointTable;
    ledger_chain: LedgerChainTable;
    ledger_anchor: LedgerAnchorTable;
    ledger_pending: { event_seq: string; erased: Generated<boolean> };
    ledger_module: { module: string; acts: string };
    ledger_witness: { key: string; size: string; at: Date };
  }
}
