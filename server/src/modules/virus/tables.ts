import type { GenomeQuestion, UseTerms, VirusForecast } from '@geneward/api';
import type { GenomeReport, Installed, Sample, Scored, UpdateDiff } from '@geneward/phylo';
import type { Finding } from '@geneward/metadata';
import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;

export interface VirusDatasetTable {
  hash: string;
  content: Json<Installed>;
  blob_key: string;
  installed_at: Date;
  installed_by: string;
}

/** Where and when a genome was taken, as its table says. */
export interface TakenAt {
  readonly from?: string;
  readonly to?: string;
  readonly place?: string;
  /** Its own terms, where they are not those of its batch. */
  readonly use?: Partial<UseTerms>;
}

export interface VirusBatchTable {
  id: Generated<string>;
  organisation_id: string;
  submitter_id: string;
  title: string;
  dataset: string;
  manner: 'public' | 'private';
  grade: number;
  categories: string[];
  jurisdictions: string[];
  source: string;
  license: string;
  terms: string;
  state: 'open' | 'waiting' | 'running' | 'done' | 'failed';
  records: ColumnType<Readonly<Record<string, TakenAt>>, string | undefined, string>;
  blob_key: string | null;
  sha256: string | null;
  /** A decimal string. */
  size: string | null;
  genomes: Generated<number>;
  accepted: Generated<number>;
  reason: ColumnType<Finding | null, string | null, string | null>;
  created_at: Date;
  finished_at: Date | null;
  /** Where it was fetched from, and what it is called there. */
  source_id: string | null;
  external: string | null;
}

export interface VirusSourceTable {
  id: Generated<string>;
  organisation_id: string;
  person_id: string;
  kind: 'archive' | 'folder' | 'feed' | 'partner';
  title: string;
  address: string;
  dataset: string;
  shared: boolean;
  source: string;
  license: string;
  terms: string;
  active: Generated<boolean>;
  position: ColumnType<Readonly<Record<string, unknown>>, string | undefined, string>;
  looked_at: Date | null;
  reason: ColumnType<Finding | null, string | null, string | null>;
  created_at: Date;
}

export interface VirusGenomeTable {
  id: Generated<string>;
  batch_id: string;
  place_in_batch: number;
  name: string;
  accepted: boolean;
  clade: string | null;
  lineages: string[];
  collected_from: string | null;
  collected_to: string | null;
  place: string | null;
  quality: 'good' | 'mediocre' | 'bad' | null;
  marks: string[];
  report: Json<GenomeReport>;
  sample: ColumnType<Sample | null, string | null, string | null>;
  withdrawn_at: Date | null;
  withdrawn_reason: string | null;
  source: string | null;
  license: string | null;
  terms: string | null;
}

export interface VirusTreeStateTable {
  /** An organisation's id, or `public`. */
  owner: string;
  dataset: string;
  number: number;
  batches: string[];
  without: string[];
  why: 'batch' | 'withdrawal';
  diff: Json<UpdateDiff & { readonly removed?: readonly string[] }>;
  inputs_sha256: string;
  tree_sha256: string;
  program: string;
  made_at: Date;
  added: number;
  moved: number;
  renamed: number;
  refused: number;
  /** Where the tree lies as it was then, of some states of large trees. */
  checkpoint: string | null;
}

export interface VirusAlertTable {
  id: Generated<string>;
  person_id: string;
  title: string;
  query: Json<GenomeQuestion>;
  created_at: Date;
  rising: boolean;
}

export interface VirusForecastTable {
  id: Generated<string>;
  /** An organisation's id, or `public`. */
  owner: string;
  dataset: string;
  organisation_id: string | null;
  person_id: string | null;
  manner: 'public' | 'private';
  grade: number;
  categories: string[];
  jurisdictions: string[];
  state: VirusForecast['state'];
  as_of: string;
  days: number;
  due_on: string;
  known_at: Date;
  batches: string[];
  /** What it was made from as a table; gone when something of it was withdrawn. */
  counts: string | null;
  counts_sha256: string | null;
  genomes: Generated<number>;
  /** What was locked: canonical JSON with a line end, the bytes that were hashed. */
  locked: string | null;
  locked_sha256: string | null;
  locked_at: Date | null;
  program: string | null;
  rising: Generated<string[]>;
  truth_batches: string[] | null;
  truth: string | null;
  truth_sha256: string | null;
  score: ColumnType<Scored | null, string | null, string | null>;
  scored_at: Date | null;
  scored_by: string | null;
  reason: ColumnType<Finding | null, string | null, string | null>;
  replaces: string | null;
}

declare module '../../platform/db.ts' {
  interface Tables {
    virus_dataset: VirusDatasetTable;
    virus_batch: VirusBatchTable;
    virus_genome: VirusGenomeTable;
    virus_tree_state: VirusTreeStateTable;
    virus_alert: VirusAlertTable;
    virus_forecast: VirusForecastTable;
    virus_source: VirusSourceTable;
  }
}
