import { lines, type Bytes } from '../lines.ts';
import { InputProblem } from '../problem.ts';

/** What counts as missing in a table of phenotypes, beside an empty field. */
const missing = new Set(['', 'NA', 'NaN', 'nan', 'N/A', '.', '-9']);

/** Values of one institution's individuals by column: NaN where missing. */
export interface Table {
  /** Individuals in the order of the file. */
  readonly ids: readonly string[];
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/**
 * Reads a TSV of phenotypes and covariates: a first line with names, one column IID (or #IID, sample), others of numbers;
 * FID is passed over. Only the wanted columns are read, so that free text beside them does no harm. Throws InputProblem.
 */
export async function readTable(source: Bytes, wanted: readonly string[], file = 'phenotypes.tsv'): Promise<Table> {
  let header: { id: number; at: number[] } | undefined;
  const ids: string[] = [];
  const seen = new Set<string>();
  const values = wanted.map(() => [] as number[]);
  let number = 0;
  for await (const batch of lines(source, file, 16 * 1024 * 1024))
    for (const line of batch) {
      number += 1;
      if (line.trim() === '') continue;
      const fields = line.split('\t').map((field) => field.trim());
      if (!header) {
        header = headerOf(fields, wanted, file);
        continue;
      }
      const id = fields[header.id] ?? '';
      if (seen.has(id)) throw new InputProblem('sample-twice', { file, line: number }, { found: id });
      seen.add(id);
      ids.push(id);
      for (const [k, at] of header.at.entries())
        values[k]?.push(numberOf(fields[at], { file, line: number, field: wanted[k] ?? '' }));
    }
  if (!header) throw new InputProblem('no-column', { file, line: 1 }, { found: 'IID', expected: '(none)' });
  return { ids, columns: new Map(wanted.map((name, k) => [name, Float64Array.from(values[k] ?? [])])) };
}

function headerOf(fields: readonly string[], wanted: readonly string[], file: string) {
  const names = fields.map((name, at) => (at === 0 ? name.replace(/^\uFEFF?#?/, '') : name));
  for (const [at, name] of names.entries())
    if (name !== '' && names.indexOf(name) !== at)
      throw new InputProblem('column-twice', { file, line: 1 }, { found: name });
  const find = (name: string) => {
    const at = names.indexOf(name);
    if (at < 0) throw new InputProblem('no-column', { file, line: 1 }, { found: name, expected: names.join(', ') });
    return at;
  };
  return { id: names.includes('sample') ? find('sample') : find('IID'), at: wanted.map(find) };
}

function numberOf(text: string | undefined, place: { file: string; line: number; field: string }): number {
  if (text === undefined || missing.has(text)) return Number.NaN;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InputProblem('not-a-number', place, { found: text });
  return value;
}

/** Values in the order of the given samples; NaN for one that the table does not name. */
export function align(table: Table, column: string, samples: readonly { readonly id: string }[]): Float64Array {
  const row = new Map(table.ids.map((id, at) => [id, at]));
  const values = table.columns.get(column);
  return Float64Array.from(samples, ({ id }) => values?.[row.get(id) ?? -1] ?? Number.NaN);
}

/** Checks that times are not negative and events are 1 or 0. Throws InputProblem. */
export function checkSurvival(table: Table, time: string, event: string, file: string): void {
  for (const [at, value] of (table.columns.get(time) ?? []).entries())
    if (value < 0) throw new InputProblem('negative-time', { file, line: at + 2, field: time }, { found: value });
  for (const [at, value] of (table.columns.get(event) ?? []).entries())
    if (value !== 0 && value !== 1 && !Number.isNaN(value))
      throw new InputProblem('not-an-event', { file, line: at + 2, field: event }, { found: value });
}
