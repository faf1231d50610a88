import type { ColumnType, Generated } from 'kysely';
import type { Category, FileState, Scope } from '@geneward/api';
import type { Check } from './check.ts';

interface BlobTable {
  sha256: string;
  md5: string;
  size: string;
  key: string | null;
  stored_at: Date;
  verified_at: Date;
  lost_at: Date | null;
}

/** What is kept of a state; the others follow from a claim, a sheet or a lost blob. */
export type KeptState = Extract<FileState, 'receiving' | 'checking' | 'stored' | 'faulty' | 'expired'>;

export interface FileTable {
  id: Generated<string>;
  name: string;
  organisation_id: string;
  person_id: string;
  state: KeptState;
  key: string | null;
  received: Generated<string>;
  sha256: string | null;
  kind: string | null;
  report: ColumnType<Check | null, string | null, string | null>;
  names: Buffer | null;
  grade: Generated<number>;
  categories: Generated<Category[]>;
  jurisdictions: Generated<string[]>;
  claim_kind: string | null;
  claim_id: string | null;
  standing: ColumnType<string, never, never>;
  uploaded_at: Date;
  heard_at: Date;
  expires_at: Date | null;
  warned_at: Date | null;
}

interface DownloadTokenTable {
  id: Generated<string>;
  secret_sha256: Buffer;
  person_id: string;
  scopes: Scope[];
  files: number;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

interface DownloadTokenFileTable {
  token_id: string;
  file_id: string;
}

interface DownloadRateTable {
  grant_key: string;
  since: Date;
  requests: number;
  bytes: string;
}

interface DownloadCountTable {
  grant_key: string;
  file_id: string;
  bytes: string;
  last_at: Date;
}

export interface UploadTable {
  id: Generated<string>;
  name: string | null;
  organisation_id: string;
  person_id: string;
  state: 'open' | 'complete' | 'refused' | 'used';
  length: string | null;
  received: Generated<string>;
  writer: string | null;
  key: string | null;
  head: Buffer | null;
  direct_piece: string | null;
  direct_id: string | null;
  part_size: string | null;
  sha256: string | null;
  md5: string | null;
  accept_duplicate: Generated<boolean>;
  joined: string[] | null;
  file_id: string | null;
  problem: string | null;
  begun_at: Date;
  expires_at: Date;
}

interface RecipientHeaderTable {
  blob_key: string;
  recipient: Buffer;
  header: Buffer;
  made_at: Date;
}

declare module '../../platform/db.ts' {
  interface Tables {
    blob: BlobTable;
    file: FileTable;
    download_token: DownloadTokenTable;
    download_token_file: DownloadTokenFileTable;
    download_rate: DownloadRateTable;
    download_count: DownloadCountTable;
    recipient_header: RecipientHeaderTable;
    upload: UploadTable;
  }
}
