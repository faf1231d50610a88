import { rowBytesOf, type Genotypes, type Variant } from '../inputs/genotypes.ts';
import { startHarmonising, swapRow, type AmbiguousPolicy, type Exclusion } from '../inputs/harmonise.ts';

/** One institution's genotypes of the agreed panel. */
export interface Cohort {
  readonly individuals: number;
  readonly panel: readonly Variant[];
  /** Packed rows as they come, each with its index in the panel; `offset` is where it starts in `packed`. */
  rows(): AsyncIterable<{ readonly index: number; readonly packed: Uint8Array; readonly offset: number }>;
}

/** Own variants that took no part in the last pass, by reason. */
export type Exclusions = Partial<Record<Exclusion, number>>;

/** Genotypes of a source matched to the panel, alleles exchanged where the source counts the other one. */
export function cohortOf(
  genotypes: Genotypes,
  panel: readonly Variant[],
  policy: AmbiguousPolicy = 'exclude',
): Cohort & { readonly exclusions: Exclusions } {
  const exclusions: Exclusions = {};
  return {
    individuals: genotypes.samples.length,
    panel,
    exclusions,
    async *rows() {
      for (const reason of Object.keys(exclusions)) delete exclusions[reason as Exclusion];
      const match = startHarmonising(panel, policy);
      const seen = new Uint8Array(panel.length);
      for await (const block of genotypes.blocks())
        for (const [row, variant] of block.variants.entries()) {
          const result = match(variant);
          if (typeof result === 'string') {
            exclusions[result] = (exclusions[result] ?? 0) + 1;
            continue;
          }
          if (result.swap) swapRow(block, row);
          seen[result.panel] = 1;
          yield { index: result.panel, packed: block.packed, offset: row * block.rowBytes };
        }
      const absent = seen.reduce((sum, value) => sum + (1 - value), 0);
      if (absent > 0) exclusions.absent = absent;
    },
  };
}

/** All rows of the panel in its order, for analyses that pass over them often; what the source lacks is missing. */
export async function loadPanel(cohort: Cohort): Promise<{ packed: Uint8Array; rowBytes: number }> {
  const rowBytes = rowBytesOf(cohort.individuals);
  const packed = new Uint8Array(cohort.panel.length * rowBytes).fill(0x55);
  for await (const row of cohort.rows())
    packed.set(row.packed.subarray(row.offset, row.offset + rowBytes), row.index * rowBytes);
  return { packed, rowBytes };
}
