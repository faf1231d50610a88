import type { UseTerms } from '@geneward/api';
import { readDate, tableRules, dayOf, VirusProblem } from '@geneward/phylo';
import type { RecordRow } from './store.ts';
import type { TakenAt } from './tables.ts';

const namedBy = ['name', 'strain', 'seqName'];
const placedBy = ['place', 'country', 'location'];
const mostRecords = 1_000_000;

/** The columns of a table that is given out; it is read like one that was sent. */
export const recordColumns = [
  'name',
  'from',
  'to',
  'place',
  'source',
  'license',
  'terms',
  'withdrawn',
  'reason',
] as const;

/** A line of such a table. */
export function recordCells(row: RecordRow, batch: UseTerms): string[] {
  // Of what was withdrawn only the fact is told.
  const told = row.withdrawn_at ? undefined : row;
  const cells = [
    row.name,
    told?.collected_from,
    told?.collected_to,
    told?.place,
    row.source ?? batch.source,
    row.license ?? batch.license,
    row.terms ?? batch.terms,
    row.withdrawn_at?.toISOString(),
    row.withdrawn_reason,
  ];
  return cells.map((cell) => (cell ?? '').replaceAll(/[\t\r\n]/g, ' '));
}

/**
 * Reads the table of who, when and where, and of terms where one genome has others than its batch. Dates may be known to the month
 * or the year only.
 * Throws VirusProblem with the line.
 */
export function readRecords(text: string): Record<string, TakenAt> {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split('\t').map((cell) => cell.trim());
  const column = (names: readonly string[]) => header.findIndex((cell) => names.includes(cell));
  const [name, date, place] = [column(namedBy), column(['date']), column(placedBy)];
  const terms = { source: column(['source']), license: column(['license']), terms: column(['terms']) };
  if (name < 0)
    throw new VirusProblem(tableRules.column, { name: 'name', known: header.join(', ').slice(0, 200) }, { line: 1 });
  const records: Record<string, TakenAt> = {};
  for (const [at, line] of lines.slice(1, mostRecords).entries()) {
    if (line.trim() === '') continue;
    const cells = line.split('\t').map((cell) => cell.trim());
    records[cells[name] ?? ''] = {
      ...daysOf(cells[date] ?? '', cells[name] ?? '', at + 2),
      ...placeOf(cells[place]),
      ...useOf(cells, terms),
    };
  }
  return records;
}

function daysOf(written: string, name: string, line: number): Pick<TakenAt, 'from' | 'to'> {
  try {
    const range = readDate(written, name);
    if (!range) return {};
    const from = dayOf(range.from);
    const last = new Date(`${dayOf(range.to + 1e-6)}T00:00:00Z`).getTime() - 86_400_000;
    const to = new Date(last).toISOString().slice(0, 10);
    return { from, to: to < from ? from : to };
  } catch (error) {
    if (error instanceof VirusProblem) throw new VirusProblem(error.rule, error.values, { line, alias: name });
    throw error;
  }
}

const placeOf = (place: string | undefined): Pick<TakenAt, 'place'> =>
  place === undefined || place === '' || place === '?' ? {} : { place: place.slice(0, 200) };

/** Columns of a table by what of the terms they hold; -1 where there is none. */
type TermColumns = Readonly<Record<keyof UseTerms, number>>;

function useOf(cells: readonly string[], { source, license, terms }: TermColumns): Pick<TakenAt, 'use'> {
  const use = {
    ...(cells[source] && { source: cells[source].slice(0, 500) }),
    ...(cells[license] && { license: cells[license].slice(0, 100) }),
    ...(cells[terms] && { terms: cells[terms].slice(0, 2000) }),
  };
  return Object.keys(use).length > 0 ? { use } : {};
}
