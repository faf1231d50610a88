import type { JobAbort, JobMoment, JobReceipt, JobState, Learnt } from '@geneward/api';
import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;
type OptionalJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

export interface PartyTable {
  id: Generated<string>;
  organisation_id: string;
  name: string;
  fingerprint: string;
  certificate: string;
  registered_by: string;
  registered_at: Date;
  retired_at: Date | null;
}

export interface OfferTable {
  party_id: string;
  name: string;
  title: string;
  individuals: number;
  variants: number | null;
  columns: Json<{ name: string; meaning: string }[]>;
  updated_at: Date;
}

export interface JobTable {
  id: Generated<string>;
  organisation_id: string;
  opened_by: string;
  specification: string;
  specification_sha256: string;
  kind: string;
  purpose: string;
  state: Generated<JobState>;
  opened_at: Date;
  expires_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  receipt: OptionalJson<JobReceipt>;
  result_sha256: string | null;
  result_key: string | null;
  result_size: string | null;
  abort: OptionalJson<Omit<JobAbort, 'job'>>;
}

export interface JobPartyTable {
  job_id: string;
  position: number;
  party_id: string;
  organisation_id: string;
  name: string;
  fingerprint: string;
  commitment: string;
  approved_by: string | null;
  approved_at: Date | null;
  learns: OptionalJson<Learnt[]>;
  learns_sha256: string | null;
}

export interface JobReaderTable {
  job_id: string;
  organisation_id: string;
  manner: 'private' | 'controlled';
}

export interface MomentTable {
  seq: Generated<string>;
  job_id: string;
  at: Date;
  type: JobMoment['type'];
  party: string | null;
  content: Json<Pick<JobMoment, 'progress' | 'abort'>>;
}

export interface FreezeTable {
  id: Generated<string>;
  organisation_id: string;
  reference: string;
  reason: string;
  frozen_by: string;
  at: Date;
}

declare module '../../platform/db.ts' {
  interface Tables {
    compute_party: PartyTable;
    compute_offer: OfferTable;
    compute_job: JobTable;
    compute_job_party: JobPartyTable;
    compute_job_reader: JobReaderTable;
    compute_moment: MomentTable;
    compute_freeze: FreezeTable;
  }
}
