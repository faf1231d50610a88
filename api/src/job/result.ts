import { z } from 'zod';

/** A result as it arrives from outside. */
export const jobResult = z.object({
  kind: z.string().max(50),
  individuals: z.int().min(0),
  columns: z.array(z.string().max(200)).max(1000),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  summary: z.record(z.string(), z.number().nullable()),
});

/** A table of results that all parties have alike; null is “not available” or suppressed. Its hash is in the receipt. */
export interface JobResult {
  readonly kind: string;
  readonly individuals: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Further values by name. */
  readonly summary: Readonly<Record<string, number | null>>;
}

/** What only one party gets beside the result: it is in no receipt and goes to nobody. */
export type OwnResult = Pick<JobResult, 'columns' | 'rows'>;
