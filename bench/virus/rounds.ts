import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dayNumber, type CountRow } from '@geneward/phylo';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';

/** One round of the hub: what was known on its day, and what turned out. */
export interface Round {
  readonly date: string;
  readonly asOf: string;
  readonly known: readonly CountRow[];
  readonly truth: readonly CountRow[];
}

const folder = resolve(import.meta.dirname, '../../../shared/data/virus/nowcast');

async function rowsOf(path: string, count: string): Promise<CountRow[]> {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  return rows.flatMap((row) => {
    const date: unknown = row['target_date'];
    const day = dayNumber(date instanceof Date ? date.toISOString().slice(0, 10) : String(date));
    const value = Number(row[count]);
    return day === undefined || !(value > 0)
      ? []
      : [{ place: String(row['location']), day, lineage: String(row['clade']), count: value }];
  });
}

/** The shared rounds that have both sides, the first first. */
export async function rounds(most = Number.POSITIVE_INFINITY): Promise<Round[]> {
  const found: Round[] = [];
  for (const entry of readdirSync(join(folder, 'time-series')).sort()) {
    if (found.length >= most) break;
    const inner = readdirSync(join(folder, 'time-series', entry))[0] ?? '';
    const date = inner.slice('nowcast_date='.length);
    const [series] = readdirSync(join(folder, 'time-series', entry, inner));
    found.push({
      date,
      asOf: entry.slice('as_of='.length),
      known: await rowsOf(join(folder, 'time-series', entry, inner, series ?? ''), 'observation'),
      truth: await rowsOf(join(folder, 'oracle-output', inner, 'oracle.parquet'), 'oracle_value'),
    });
  }
  return found;
}
