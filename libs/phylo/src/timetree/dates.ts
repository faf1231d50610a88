import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** When a sample was taken, in decimal years UTC: `from` ≤ truth < `to`; a whole day is 1/365 wide. */
export interface DateRange {
  readonly from: number;
  readonly to: number;
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const yearLength = (year: number): number => (daysIn(year, 2) === 29 ? 366 : 365);

/** The decimal year at the start of a day. */
export function decimalYear(year: number, month: number, day: number): number {
  const passed = (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000;
  return year + passed / yearLength(year);
}

/**
 * Reads YYYY-MM-DD, YYYY-MM, YYYY, with XX for what is not known; undefined when nothing is known (empty, ?, XXXX-XX-XX).
 * Throws `treeRules.date` for a day that does not exist.
 */
export function readDate(text: string, name = ''): DateRange | undefined {
  const written = text.trim();
  if (written === '' || written === '?' || /^X{4}(-XX(-XX)?)?$/iu.test(written)) return undefined;
  const [, y, m, d] = /^(\d{4})(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?$/iu.exec(written) ?? [];
  const fail = (): never => {
    throw new VirusProblem(treeRules.date, { date: written.slice(0, 20), name });
  };
  if (y === undefined) return fail();
  const year = Number(y);
  const month = m === undefined || /X/iu.test(m) ? undefined : Number(m);
  const day = d === undefined || /X/iu.test(d) ? undefined : Number(d);
  if (month === undefined) return day === undefined ? { from: year, to: year + 1 } : fail();
  if (month < 1 || month > 12 || (day !== undefined && (day < 1 || day > daysIn(year, month)))) return fail();
  const from = decimalYear(year, month, day ?? 1);
  if (day !== undefined) return { from, to: from + 1 / yearLength(year) };
  return { from, to: month === 12 ? year + 1 : decimalYear(year, month + 1, 1) };
}

/** The day of a decimal year, YYYY-MM-DD. */
export function dayOf(decimal: number): string {
  const year = Math.floor(decimal);
  const day = Math.min(yearLength(year) - 1, Math.floor((decimal - year) * yearLength(year) + 1e-6));
  return new Date(Date.UTC(year, 0, 1 + day)).toISOString().slice(0, 10);
}

export const middleOf = (range: DateRange): number => (range.from + range.to) / 2;
