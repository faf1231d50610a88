import { createHash } from 'node:crypto';
import { canonicalJson } from '@geneward/api';
import {
  dateOfDay,
  dayNumber,
  defaultForecast,
  lockForecast,
  paired,
  scoreLocked,
  tableRules,
  VirusProblem,
  type CountRow,
  type LockedForecast,
  type Paired,
  type Scored,
} from '@geneward/phylo';
import { program } from './program.ts';
import type { CountedRow } from './store.ts';

/** Days before the last one for which it is scored, where nothing was known of them. */
const back = 31;

export const hashOfText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A day so many days after another, both YYYY-MM-DD. */
export const dayAfter = (date: string, days: number): string => dateOfDay((dayNumber(date) ?? 0) + days);

/** The days of which counts are used, and those of which the truth is taken. */
export const usedDays = (asOf: string) => ({ from: dayAfter(asOf, 1 - defaultForecast.window), to: asOf });
export const scoredDays = (asOf: string, days: number) => ({ from: dayAfter(asOf, -back), to: dayAfter(asOf, days) });

/** Counts as the table that is hashed, kept and given out; the command line reads it as it is. */
export const countsTable = (rows: readonly CountedRow[]): string =>
  [
    'date\tplace\tlineage\tcount',
    ...rows.map(({ date, place, lineage, count }) =>
      [date, ...[place, lineage].map((cell) => cell.replaceAll(/[\t\r\n]/g, ' ')), count].join('\t'),
    ),
    '',
  ].join('\n');

/** The rows of such a table. */
export const rowsOfTable = (table: string): CountRow[] =>
  table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [date = '', place = '', lineage = '', count = ''] = line.split('\t');
      return { day: dayNumber(date) ?? 0, place, lineage, count: Number(count) };
    });

export interface Round {
  /** Canonical JSON with a line end: what is hashed. */
  readonly text: string;
  readonly lock: LockedForecast;
}

/** Makes a forecast from a table of counts. Throws VirusProblem when there are too few. */
export function lockRound(counts: string, asOf: string, days: number): Round {
  const { lock } = lockForecast(rowsOfTable(counts), { ...defaultForecast, asOf, days });
  const whole = { ...lock, program: { name: program }, inputs: [{ name: 'counts.tsv', sha256: hashOfText(counts) }] };
  return { text: `${canonicalJson(whole)}\n`, lock };
}

/** Makes it again, compares, and scores both by the truth. Throws VirusProblem when it comes out otherwise or nothing has come. */
export function scoreRound(locked: string, counts: string, truth: string): Scored {
  const lock = JSON.parse(locked) as LockedForecast;
  const scored = scoreLocked(lock, rowsOfTable(counts), rowsOfTable(truth), { back });
  const { asOf, days } = lock.parameters;
  if (scored.forecast.outcomes === 0) throw new VirusProblem(tableRules.untold, scoredDays(asOf, days));
  return scored;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** All rounds together: paired differences to no change, and mean coverage. */
export function roundsTogether(scores: readonly Scored[]): {
  brier?: Paired;
  energy?: Paired;
  cover50?: number;
  cover80?: number;
  cover95?: number;
} {
  if (scores.length === 0) return {};
  const of = (name: 'brier' | 'energy') => paired(scores.map(({ forecast, naive }) => forecast[name] - naive[name]));
  const cover = (name: 'cover50' | 'cover80' | 'cover95') => mean(scores.map(({ forecast }) => forecast[name]));
  return {
    brier: of('brier'),
    energy: of('energy'),
    cover50: cover('cover50'),
    cover80: cover('cover80'),
    cover95: cover('cover95'),
  };
}
