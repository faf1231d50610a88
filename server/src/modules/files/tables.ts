import type { ColumnType, Generated } from 'kysely';
import type { Category, FileState } from '@geneward/api';
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

interface DownloadTable {
  file_id: string;
  reader: string;
  sha256: string;
  since: Date;
  requests: number;
  bytes: string;
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
  sha256: string | null;
  md5: string | null;
  accept_duplicate: Generated<boolean>;
  joined: string[] | null;
  file_id: string | null;
  problem: string | null;
  begun_at: Date;
  expires_at: Date;
}

interface UploadPartTable {
  upload_id: string;
  start: string;
  size: string;
  key: string;
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
    download: DownloadTable;
    recipient_header: RecipientHeaderTable;
    upload: UploadTable;
    upload_part: UploadPartTable;
  }
}
