import type { AccessManner, FacetName, ObjectStatus } from '@geneward/api';
import type { ObjectType } from '@geneward/metadata';
import type { ColumnType, Generated } from 'kysely';

export interface CatalogEntryTable {
  object_id: string;
  type: ObjectType;
  accession: string | null;
  alias: string;
  title: string;
  title_key: string;
  accession_key: string;
  organism: string | null;
  taxon: number | null;
  country: string | null;
  collected_on: string | null;
  strategy: string | null;
  platform: string | null;
  instrument: string | null;
  organisation_id: string;
  submitter_id: string;
  status: ObjectStatus;
  manner: AccessManner;
  grade: number;
  categories: string[];
  jurisdictions: string[];
  released_at: Date | null;
  updated_at: Date;
  sorted_at: Date;
  year: number | null;
  files: number;
  /** A decimal string. */
  bytes: ColumnType<string, string, string>;
  open: boolean;
  listed: boolean;
  dice: number;
  facets: Buffer;
  document: string;
  indexed_at: Date;
}

export interface CatalogValueTable {
  code: Generated<number>;
  facet: FacetName;
  value: string;
}

export interface CatalogWordTable {
  word: string;
  entries: number;
}

export interface CatalogWordChangeTable {
  id: Generated<string>;
  word: string;
  change: number;
}

export interface CatalogPendingTable {
  object_id: string;
  at: Generated<Date>;
}

/** Counts of facet values, most frequent first. */
export type FacetCounts = Partial<Record<FacetName, { value: string; count: number }[]>>;

/** What anybody sees who has typed and ticked nothing. */
export interface Browse {
  readonly total: number;
  readonly facets: FacetCounts;
}

export interface Counted {
  readonly value: string;
  readonly count: number;
  readonly bytes: string;
}

export interface Figures {
  readonly objects: number;
  readonly bytes: string;
  readonly files: number;
  readonly organisms: number;
  readonly organisations: number;
  readonly byType: Counted[];
  readonly byOrganism: Counted[];
  readonly byOrganisation: Counted[];
  readonly byMonth: { month: string; objects: number; bytes: string }[];
  /** How long counting took. */
  readonly tookMs: number;
}

/** How far a building of the index is; `after` is the last object done. */
export interface Reindex {
  readonly run: string;
  readonly running: boolean;
  readonly done: number;
  readonly after?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
}

export interface CatalogDocuments {
  statistics: Figures;
  browse: Browse;
  reindex: Reindex;
}

export interface CatalogFiguresTable {
  name: keyof CatalogDocuments;
  content: ColumnType<unknown, string, string>;
  at: Date;
}

declare module '../../platform/db.ts' {
  interface Tables {
    catalog_entry: CatalogEntryTable;
    catalog_sample: CatalogEntryTable;
    catalog_value: CatalogValueTable;
    catalog_word: CatalogWordTable;
    catalog_word_change: CatalogWordChangeTable;
    catalog_pending: CatalogPendingTable;
    catalog_figures: CatalogFiguresTable;
  }
}
