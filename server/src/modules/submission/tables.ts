import type { AccessManner, ObjectStatus, SubmissionStatus } from '@geneward/api';
import type { Level, ObjectType, Place, Reference, Relation } from '@geneward/metadata';
import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;
type JsonDefault<T> = ColumnType<T, string | undefined, string>;
type Day = ColumnType<string | null, string | null | undefined, string | null>;
type TextArray = ColumnType<string[], readonly string[] | undefined, readonly string[]>;
type BigInteger = ColumnType<string, string | number | bigint | undefined, string | number | bigint>;

export interface SubmissionTable {
  id: Generated<string>;
  organisation_id: string;
  submitter_id: string;
  title: string;
  status: Generated<SubmissionStatus>;
  manner: Generated<AccessManner>;
  use_terms: Generated<string>;
  /** Day in UTC, `YYYY-MM-DD`. */
  release_on: Day;
  grade: Generated<number>;
  categories: TextArray;
  jurisdictions: TextArray;
  etag: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  submitted_at: Date | null;
  decided_at: Date | null;
}

export interface ObjectTable {
  id: Generated<string>;
  type: ObjectType;
  alias: string;
  accession: string | null;
  organisation_id: string;
  submitter_id: string;
  submission_id: string;
  status: Generated<ObjectStatus>;
  manner: AccessManner;
  use_terms: Generated<string>;
  release_on: Day;
  released_at: Date | null;
  grade: Generated<number>;
  categories: TextArray;
  jurisdictions: TextArray;
  /** The accepted version; null before the first acceptance. */
  current_version: number | null;
  etag: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface ObjectVersionTable {
  object_id: string;
  version: number;
  submission_id: string;
  sheet: string | null;
  place: JsonDefault<Place>;
  title: string | null;
  checklist: string | null;
  attributes: JsonDefault<Record<string, string | string[]>>;
  units: JsonDefault<Record<string, string>>;
  refs: JsonDefault<Reference[]>;
  content_sha256: string;
  traits_sha256: string | null;
  grade: Generated<number>;
  categories: TextArray;
  jurisdictions: TextArray;
  created_at: Generated<Date>;
  created_by: string;
  reason: Generated<string>;
  accepted_at: Date | null;
}

export interface ObjectFileTable {
  object_id: string;
  version: number;
  ordinal: number;
  submitter_id: string;
  name: string;
  format: string;
  md5: string | null;
  sha256: string | null;
  unencrypted_md5: string | null;
  read_types: TextArray;
  /** Null until its bytes have come. */
  file_id: string | null;
}

export interface EdgeTable {
  id: Generated<string>;
  from_id: string;
  relation: Relation;
  to_id: string | null;
  /** Accession in another archive. */
  to_external: string | null;
  at: Generated<Date>;
  agent: string | null;
  ended_at: Date | null;
}

export interface AccessionCounterTable {
  prefix: string;
  last: BigInteger;
}

export interface SheetTable {
  submission_id: string;
  name: string;
  sha256: string;
  size: BigInteger;
  blob_key: string;
  state: 'reading' | 'read' | 'failed';
  progress: BigInteger;
  records: JsonDefault<Partial<Record<Change, number>>>;
  counts: JsonDefault<Record<string, number>>;
  errors: Generated<number>;
  warnings: Generated<number>;
  hints: Generated<number>;
  received_at: Generated<Date>;
  read_at: Date | null;
}

/** What a record of a sheet does to the archive. */
export type Change = 'new' | 'revised' | 'unchanged' | 'removed';

export interface FindingTable {
  submission_id: string;
  /** `sheet:<name>` or `check`. */
  source: string;
  seq: number;
  code: string;
  level: Level;
  place: Json<Place>;
  value: string | null;
  params: ColumnType<Record<string, string | number> | null, string | null | undefined, string | null>;
  suggestion: string | null;
}

export interface ReviewTable {
  submission_id: string;
  round: number;
  /** When that round was sent in: another time means another round. */
  submitted_at: Date;
  claimed_by: string | null;
  claimed_at: Date | null;
}

export interface ReviewDecisionTable {
  submission_id: string;
  round: number;
  reviewer_id: string;
  verdict: 'accept' | 'return';
  note: Generated<string>;
  reasons: JsonDefault<ReturnReason[]>;
  at: Date;
}

/** A reason to send a submission back. */
export interface ReturnReason {
  readonly object?: string | undefined;
  readonly field?: string | undefined;
  readonly text: string;
}

export interface ReviewCommentTable {
  id: Generated<string>;
  submission_id: string;
  object_id: string | null;
  field: string | null;
  side: 'submitter' | 'curator';
  author_id: string;
  body: string;
  at: Date;
  resolved_at: Date | null;
  resolved_by: string | null;
}

export interface ObjectMomentTable {
  seq: Generated<string>;
  object_id: string;
  at: Date;
  /** Null when the platform did it. */
  by_id: string | null;
  act: string;
  from_status: ObjectStatus | null;
  to_status: ObjectStatus;
  reason: Generated<string>;
}

export interface CitationTable {
  object_id: string;
  doi: string;
  by_id: string;
  at: Date;
}

export interface ReleaseNoticeTable {
  object_id: string;
  kind: 'release_soon' | 'release_blocked';
  for_day: string;
  at: Date;
}

declare module '../../platform/db.ts' {
  interface Tables {
    submission: SubmissionTable;
    object: ObjectTable;
    object_version: ObjectVersionTable;
    object_file: ObjectFileTable;
    edge: EdgeTable;
    accession_counter: AccessionCounterTable;
    sheet: SheetTable;
    finding: FindingTable;
    review: ReviewTable;
    review_decision: ReviewDecisionTable;
    review_comment: ReviewCommentTable;
    object_moment: ObjectMomentTable;
    citation: CitationTable;
    release_notice: ReleaseNoticeTable;
  }
}
