/** What a reader accepts at most; a file beyond a limit is refused at that point, without being held in memory. */
export interface IntakeLimits {
  /** Bytes of one file as it comes in. A workbook and a JSON document are held whole, other formats stream. */
  readonly bytes: number;
  /** Bytes of a workbook that may be held in memory; a JSON document, which grows when parsed, may have a quarter. */
  readonly heldBytes: number;
  /** Data rows of one table. */
  readonly rows: number;
  readonly columns: number;
  /** Characters of one cell, XML text or attribute. */
  readonly cell: number;
  readonly sheets: number;
  /** Parts in a zip container. */
  readonly parts: number;
  /** Bytes of a workbook after inflating, all parts together. */
  readonly inflatedBytes: number;
  /** Inflated bytes to one compressed byte of one part; judged only past the first megabyte. */
  readonly ratio: number;
  /** Characters of all shared strings of a workbook, which are held while its sheets are read. */
  readonly sharedText: number;
  /** Nesting of XML elements and JSON values. */
  readonly depth: number;
  /** XML elements of one object (a SAMPLE, a RUN), which is held until its end tag. */
  readonly elements: number;
  /** Characters of one object in XML or of one JSON line. */
  readonly object: number;
  /** Findings listed for one file. */
  readonly findings: number;
}

/** Limits that a normal submission never meets. */
export const defaultLimits: IntakeLimits = {
  bytes: 4 * 2 ** 30,
  heldBytes: 256 * 2 ** 20,
  rows: 1_000_000,
  columns: 2_000,
  cell: 100_000,
  sheets: 200,
  parts: 10_000,
  inflatedBytes: 2 * 2 ** 30,
  ratio: 200,
  sharedText: 64 * 2 ** 20,
  depth: 40,
  elements: 50_000,
  object: 2_000_000,
  findings: 100_000,
};

/** Fills the limits that a caller leaves open. */
export const withDefaults = (limits: Partial<IntakeLimits> | undefined): IntakeLimits => ({
  ...defaultLimits,
  ...limits,
});
