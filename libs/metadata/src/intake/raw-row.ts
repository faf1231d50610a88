/** What a workbook knows about a cell beyond its text. */
export type CellNote =
  | { readonly kind: 'date'; readonly serial: string; readonly precision: 'month' | 'day' | 'time' }
  | { readonly kind: 'error' }
  | { readonly kind: 'formula' }
  | { readonly kind: 'rounded' };

/** One row as it stands in a file, before the header gives its cells their names. */
export interface RawRow {
  /** 1-based number of the row as a spreadsheet program shows it. */
  readonly number: number;
  /** 1-based line of a text file on which the row begins. */
  readonly line?: number;
  /** Texts from the first column on; short rows end early. */
  readonly cells: readonly string[];
  /** Notes by 0-based column. */
  readonly notes?: ReadonlyMap<number, readonly CellNote[]>;
  readonly hidden?: boolean;
}
