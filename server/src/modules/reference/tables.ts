import type { Checklist, ObjectType } from '@geneward/metadata';
import type { ColumnType, Generated } from 'kysely';

export interface ChecklistTable {
  id: string;
  version: string;
  object: ObjectType;
  content: ColumnType<Checklist, string, string>;
  sha256: string;
  imported_at: Date;
  imported_by: string;
}

export interface TaxonomyReleaseTable {
  id: Generated<number>;
  sha256: string;
  blob_key: string;
  state: 'loading' | 'loaded' | 'failed' | 'retired';
  reason: string | null;
  taxa: Generated<number>;
  names: Generated<number>;
  received_at: Date;
  loaded_at: Date | null;
}

export interface TaxonTable {
  release_id: number;
  id: number;
  parent_id: number;
  rank: string;
}

export interface TaxonNameTable {
  release_id: number;
  folded: string;
  name: string;
  taxon_id: number;
  kind: number;
}

export interface TaxonPastTable {
  release_id: number;
  id: number;
  into_id: number | null;
}

declare module '../../platform/db.ts' {
  interface Tables {
    checklist: ChecklistTable;
    taxonomy_release: TaxonomyReleaseTable;
    taxon: TaxonTable;
    taxon_name: TaxonNameTable;
    taxon_past: TaxonPastTable;
  }
}
