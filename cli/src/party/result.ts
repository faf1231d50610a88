import type { JobResult as Result } from '@geneward/api';
import type { Variant } from '@geneward/mpc';

export type { JobResult as Result, OwnResult as Own } from '@geneward/api';

export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The columns that say which variant a row is about. */
export const places = ['CHR', 'BP', 'SNP', 'A1', 'A2'] as const;

/** A result with a row a variant; what is not finite is not available. */
export function variantTable(
  kind: string,
  individuals: number,
  columns: readonly string[],
  panel: readonly Variant[],
  row: (at: number) => readonly (string | number)[],
): Result {
  const rows = panel.map(({ chromosome, position, id, counted, other }, at) => [
    chromosome,
    position,
    id,
    counted,
    other,
    ...row(at).map((value) => (typeof value === 'number' ? finite(value) : value)),
  ]);
  return { kind, individuals, columns: [...places, ...columns], rows, summary: { variants: panel.length } };
}
