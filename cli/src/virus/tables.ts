import {
  dayNumber,
  findingOf,
  readDate,
  tableRules,
  VirusProblem,
  type CountRow,
  type DateRange,
} from '@geneward/phylo';
import type { Finding } from '@geneward/metadata';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { linesOf } from './files.ts';

/** When and where samples were taken. */
export interface SampleTable {
  readonly dates: ReadonlyMap<string, DateRange>;
  readonly places: ReadonlyMap<string, string>;
  /** Rows that cannot be used; the rest is. */
  readonly findings: readonly Finding[];
}

export interface SampleColumns {
  readonly name: string;
  readonly date: string;
  readonly place: string;
}

/** Rows of a table divided by tabs, by the names in its first row. */
async function* rowsOf(
  path: string,
  needed: readonly string[],
): AsyncGenerator<{ line: number; cell: (name: string) => string }> {
  let header: string[] | undefined;
  let line = 0;
  for await (const raw of linesOf(path)) {
    line += 1;
    const cells = raw.replace(/\r$/u, '').split('\t');
    if (!header) {
      header = cells.map((cell) => cell.trim());
      const missing = needed.find((name) => !header?.includes(name));
      if (missing !== undefined)
        throw new VirusProblem(tableRules.column, { name: missing, known: header.join(', ') }, { file: path, line });
      continue;
    }
    if (raw.trim() === '') continue;
    const at = header;
    yield { line, cell: (name) => cells[at.indexOf(name)]?.trim() ?? '' };
  }
}

/** Reads dates and places of samples. A date that does not exist is told and left out; an unknown place is told and kept. */
export async function readSamples(
  path: string,
  columns: SampleColumns,
  known?: ReadonlySet<string>,
): Promise<SampleTable> {
  const dates = new Map<string, DateRange>();
  const places = new Map<string, string>();
  const findings: Finding[] = [];
  for await (const { line, cell } of rowsOf(path, [columns.name, columns.date])) {
    const name = cell(columns.name);
    const at = { file: path, line, alias: name };
    try {
      const date = readDate(cell(columns.date), name);
      if (date) dates.set(name, date);
      else findings.push(findingOf(tableRules.undated, at, { name }));
    } catch (error) {
      if (!(error instanceof VirusProblem)) throw error;
      findings.push({ ...error.finding, place: at });
    }
    const place = cell(columns.place);
    if (place === '' || place === '?') continue;
    places.set(name, place);
    if (known && known.size > 0 && !known.has(place)) findings.push(findingOf(tableRules.place, at, { place }));
  }
  return { dates, places, findings };
}

/** What columns of counts are called. */
export interface CountColumns {
  readonly date: string;
  readonly place: string;
  readonly lineage: string;
  readonly count: string;
}

/** Reads counts by day, place and lineage, from a table divided by tabs or from Parquet. Throws with the line of the first bad one. */
export async function readCounts(path: string, columns: CountColumns): Promise<CountRow[]> {
  if (/\.parquet$/iu.test(path)) return parquetCounts(path, columns);
  const rows: CountRow[] = [];
  for await (const { line, cell } of rowsOf(path, Object.values(columns)))
    rows.push(
      countRow(cell(columns.date), cell(columns.place), cell(columns.lineage), cell(columns.count), {
        file: path,
        line,
      }),
    );
  return rows;
}

async function parquetCounts(path: string, columns: CountColumns): Promise<CountRow[]> {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  const [first = {}] = rows;
  const missing = Object.values(columns).find((name) => !(name in first));
  if (missing !== undefined)
    throw new VirusProblem(tableRules.column, { name: missing, known: Object.keys(first).join(', ') }, { file: path });
  return rows.map((row, at) => {
    const date: unknown = row[columns.date];
    const written = date instanceof Date ? date.toISOString().slice(0, 10) : String(date);
    const text = (name: string): string => String(row[name]);
    return countRow(written, text(columns.place), text(columns.lineage), text(columns.count), {
      file: path,
      record: at + 1,
    });
  });
}

function countRow(date: string, place: string, lineage: string, count: string, at: object): CountRow {
  const day = dayNumber(date);
  const value = Number(count);
  if (day === undefined) throw new VirusProblem(tableRules.day, { date }, at);
  if (count === '' || !Number.isInteger(value) || value < 0)
    throw new VirusProblem(tableRules.count, { value: count }, at);
  return { place, day, lineage, count: value };
}
