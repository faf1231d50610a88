import type { Label } from '@geneward/api';

/** The classification that a row carries. */
export const labelOf = (row: { grade: Label['grade']; categories: string[]; jurisdictions: string[] }): Label => ({
  grade: row.grade,
  // The column holds what the contract allowed in.
  categories: row.categories as Label['categories'],
  jurisdictions: row.jurisdictions,
});
