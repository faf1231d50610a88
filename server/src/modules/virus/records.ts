import type { UseTerms } from '@geneward/api';
import { readDate, tableRules, dayOf, VirusProblem } from '@geneward/phylo';
import type { RecordRow } from './store.ts';
import type { TakenAt } from './tables.ts';

/** Columns by what they hold, as tables of laboratories and of the INSDC call them; of several the first counts. */
const called = {
  name: ['name', 'strain', 'seqname', 'accession'],
  date: ['date', 'collection_date', 'isolate_collection_date'],
  from: ['from'],
  to: ['to'],
  place: ['place', 'country', 'location', 'geo_loc_name', 'geographic_location'],
  source: ['source'],
  license: ['license'],
  terms: ['terms'],
  withdrawn: ['withdrawn'],
  status: ['status'],
  reason: ['reason'],
} as const satisfies Record<string, readonly string[]>;
type Column = keyof typeof called;
/** What a status says of a record that its source has taken back. */
const takenBack = new Set(['withdrawn', 'suppressed']);
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

interface Records {
  readonly records: Record<string, TakenAt>;
  /** Names that were taken back, by the reason given. */
  readonly gone: ReadonlyMap<string, readonly string[]>;
  /** Rows with a fault, which were taken without what is wrong. */
  readonly faults: readonly VirusProblem[];
}

/**
 * Reads the table of who, when and where, and of terms where one genome has others than its batch. Dates may be known to the month
 * or the year only.
 * Throws VirusProblem with the line for a table without names, and for a date that cannot be read unless it is to be `lenient`.
 */
export function readRecords(text: string, { lenient = false } = {}): Records {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split('\t').map((cell) => cell.trim().toLowerCase().replaceAll(' ', '_'));
  const at = Object.fromEntries(
    Object.entries(called).map(([column, names]) => [
      column,
      names.map((name) => header.indexOf(name)).find((index) => index >= 0) ?? -1,
    ]),
  ) as Record<Column, number>;
  if (at.name < 0)
    throw new VirusProblem(tableRules.column, { name: 'name', known: header.join(', ').slice(0, 200) }, { line: 1 });
  const records = new Map<string, TakenAt>();
  const gone = new Map<string, string[]>();
  const faults: VirusProblem[] = [];
  for (const [index, line] of lines.slice(1, mostRecords).entries()) {
    if (line.trim() === '') continue;
    const cells = line.split('\t').map((cell) => cell.trim());
    const cell = (column: Column): string => cells[at[column]] ?? '';
    const name = cell('name');
    if (cell('withdrawn') !== '' || takenBack.has(cell('status').toLowerCase())) {
      const reason = cell('reason') || cell('status') || 'withdrawn';
      gone.set(reason, [...(gone.get(reason) ?? []), name]);
      continue;
    }
    let days: Pick<TakenAt, 'from' | 'to'> = {};
    try {
      days = at.date < 0 ? rangeOf(cell('from'), cell('to')) : daysOf(cell('date'), name, index + 2);
    } catch (error) {
      if (!lenient || !(error instanceof VirusProblem)) throw error;
      faults.push(error);
    }
    records.set(name, { ...days, ...placeOf(cell('place')), ...useOf(cell) });
  }
  return { records: Object.fromEntries(records), gone, faults };
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

const rangeOf = (from: string, to: string): Pick<TakenAt, 'from' | 'to'> =>
  isDay(from) && isDay(to) && from <= to ? { from, to } : {};

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

/** `Portugal: Lisbon` of the INSDC is Portugal. */
function placeOf(written: string): Pick<TakenAt, 'place'> {
  const place = (written.split(':', 1)[0] ?? '').trim();
  return place === '' || place === '?' ? {} : { place: place.slice(0, 200) };
}

function useOf(cell: (column: Column) => string): Pick<TakenAt, 'use'> {
  const [source, license, terms] = [cell('source'), cell('license'), cell('terms')];
  const use = {
    ...(source !== '' && { source: source.slice(0, 500) }),
    ...(license !== '' && { license: license.slice(0, 100) }),
    ...(terms !== '' && { terms: terms.slice(0, 2000) }),
  };
  return Object.keys(use).length > 0 ? { use } : {};
}
