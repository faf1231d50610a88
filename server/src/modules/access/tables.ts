import type { Category } from '@geneward/api';
import type { Generated } from 'kysely';

export interface LabelDowngradeTable {
  id: Generated<string>;
  object_kind: string;
  object_id: string;
  from_grade: number;
  from_categories: Category[];
  from_jurisdictions: string[];
  to_grade: number;
  to_categories: Category[];
  to_jurisdictions: string[];
  reason: string;
  proposed_by: string;
  proposed_at: Date;
  state: Generated<'proposed' | 'signed' | 'refused'>;
  signed_by: string | null;
  signed_at: Date | null;
  signature: string | null;
  public_key: string | null;
}

declare module '../../platform/db.ts' {
  interface Tables {
    label_downgrade: LabelDowngradeTable;
  }
}
