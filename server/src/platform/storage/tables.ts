import type { SuiteId } from '../keys/suite.ts';

interface StoredObjectTable {
  key: string;
  suite: SuiteId;
  key_version: string;
  header: Buffer;
  plain_size: string | null;
  sealed_size: string | null;
  tree: Buffer | null;
  begun_at: Date;
}

interface StoredCopyTable {
  key: string;
  store: string;
  stored_at: Date;
  verified_at: Date;
  faulty_at: Date | null;
}

interface StoredLeavesTable {
  key: string;
  page: number;
  root: Buffer;
  leaves: Buffer;
}

interface DepositKeyTable {
  number: number;
  public_key: Buffer;
  header: Buffer;
  key_version: string;
  made_at: Date;
}

interface StoredPieceTable {
  piece: string;
  key: string;
  start: string;
  size: string;
  skip: string;
  stores: string[];
}

declare module '../db.ts' {
  interface Tables {
    stored_object: StoredObjectTable;
    stored_copy: StoredCopyTable;
    stored_leaves: StoredLeavesTable;
    deposit_key: DepositKeyTable;
    stored_piece: StoredPieceTable;
  }
}
