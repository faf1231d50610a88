/** A table of results that all parties have alike; null is “not available” or suppressed. Its hash is in the receipt. */
export interface JobResult {
  readonly kind: string;
  readonly individuals: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Further values by name. */
  readonly summary: Readonly<Record<string, number | null>>;
}
