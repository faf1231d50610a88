import type { Finding } from '../rules/rule.ts';
import type { RawRow } from './raw-row.ts';
import type { Table, TableBuilder, TableRow } from './table.ts';

/** What a table reader meets, in the order of the file: a table's findings and rows follow its `table`. */
export type TableEvent = { readonly table: Table } | { readonly row: TableRow } | { readonly finding: Finding };

/** Runs one step of a row source and gives what came of it; a refusal comes after the rows before it. */
export function* rowEvents(
  step: (rows: RawRow[]) => void,
  builder: TableBuilder,
  drain: () => readonly Finding[],
): Generator<TableEvent> {
  const rows: RawRow[] = [];
  let refusal: unknown;
  try {
    step(rows);
  } catch (error) {
    refusal = error;
  }
  let known = builder.table() !== undefined;
  for (const raw of rows) {
    const row = builder.add(raw);
    const table = builder.table();
    if (table && !known) {
      known = true;
      yield { table };
    }
    for (const finding of drain()) yield { finding };
    if (row) yield { row };
  }
  for (const finding of drain()) yield { finding };
  if (refusal !== undefined) throw refusal;
}
