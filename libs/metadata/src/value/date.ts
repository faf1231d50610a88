/** A calendar date or time as precise as it was given. Numbers are those of the text: no time zone is applied. */
export interface Instant {
  readonly year: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  /** Minutes east of UTC; absent when the text names no zone. */
  readonly zone?: number;
}

export type DateFault = 'form' | 'calendar' | 'order' | 'ambiguous' | 'notation';

/** A collection date of INSDC: an instant, or a range of two. */
export type DateReading =
  | { readonly ok: true; readonly from: Instant; readonly to?: Instant }
  | { readonly ok: false; readonly fault: DateFault; readonly suggestion?: string };

const iso =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days of a month in the Gregorian calendar; 0 for a month that does not exist. */
export function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0);
}

/**
 * Reads an INSDC collection date: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, a time with or without zone, or two of them with `/`.
 * Unlike the pattern of ENA's checklists it refuses 2016-02-31, T25:61Z and ranges that run backwards, and takes `+09:00`.
 * Other notations (`12-Jan-2020`, `2020/01/12`, `2020年1月12日`) are refused with the INSDC form as suggestion.
 */
export function readDate(text: string): DateReading {
  const slash = text.indexOf('/');
  if (slash < 0) {
    const from = readInstant(text);
    return from === 'form'
      ? otherNotation(text)
      : from === 'calendar'
        ? { ok: false, fault: 'calendar' }
        : { ok: true, from };
  }
  const from = readInstant(text.slice(0, slash));
  const to = readInstant(text.slice(slash + 1));
  if (from === 'form' || to === 'form') return otherNotation(text);
  if (from === 'calendar' || to === 'calendar') return { ok: false, fault: 'calendar' };
  if (earliest({ zone: 0, ...from }) > latest({ zone: 0, ...to }))
    return { ok: false, fault: 'order', suggestion: `${text.slice(slash + 1)}/${text.slice(0, slash)}` };
  return { ok: true, from, to };
}

function readInstant(text: string): Instant | 'form' | 'calendar' {
  const match = iso.exec(text);
  if (!match) return 'form';
  const [, year = '', month, day, hour, minute, second, zone] = match;
  const instant: Instant = {
    year: Number(year),
    ...(month !== undefined && { month: Number(month) }),
    ...(day !== undefined && { day: Number(day) }),
    ...(hour !== undefined && { hour: Number(hour) }),
    ...(minute !== undefined && { minute: Number(minute) }),
    ...(second !== undefined && { second: Number(second) }),
    ...(zone !== undefined && { zone: readZone(zone) }),
  };
  return real(instant) ? instant : 'calendar';
}

const readZone = (zone: string): number => {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  return (zone.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0'));
};

function real({ year, month, day, hour, minute, second, zone }: Instant): boolean {
  if (year < 1) return false;
  if (month !== undefined && (month < 1 || month > 12)) return false;
  if (day !== undefined && (day < 1 || day > daysIn(year, month ?? 0))) return false;
  return (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60 && Math.abs(zone ?? 0) <= 14 * 60;
}

/** First moment that an instant may mean, in milliseconds since 1970; without a zone, UTC+14 is assumed. */
export function earliest({
  year,
  month = 1,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
  zone = 14 * 60,
}: Instant): number {
  return utc(year, month, day, hour, minute, second) - zone * 60_000;
}

/** Last moment that an instant may mean; without a zone, UTC-12 is assumed. */
export function latest(instant: Instant): number {
  const { year, month = 12, hour = 23, minute = 59, second = 59, zone = -12 * 60 } = instant;
  return utc(year, month, instant.day ?? daysIn(year, month), hour, minute, second) - zone * 60_000;
}

function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, 0);
}

/** `YYYY-MM-DD` of a moment in UTC, the form in which callers pass `today`. */
export const isoDay = (moment: Date): string => moment.toISOString().slice(0, 10);

const two = (n: number): string => String(n).padStart(2, '0');

function written(year: number, month?: number, day?: number): string | undefined {
  if (month === undefined) return undefined;
  if (month < 1 || month > 12 || (day !== undefined && (day < 1 || day > daysIn(year, month)))) return undefined;
  return day === undefined ? `${year}-${two(month)}` : `${year}-${two(month)}-${two(day)}`;
}

/** Recognises what people and NCBI write instead; a day and a month that could be swapped are never guessed. */
function otherNotation(text: string): DateReading {
  const offer = (suggestion: string | undefined): DateReading =>
    suggestion === undefined ? { ok: false, fault: 'calendar' } : { ok: false, fault: 'notation', suggestion };
  const trimmed = text.trim();
  const ends = /^(.+?)(?:\s*\/\s*|\s+to\s+|\s*[–—~～至]\s*)(.+)$/u.exec(trimmed);
  const ncbi = /^(?:(\d{1,2})[- ])?([A-Za-z]{3})[a-z]*\.?[- ,]+(\d{4})$/.exec(trimmed);
  if (ncbi) {
    const month = months.indexOf((ncbi[2] ?? '').toLowerCase()) + 1;
    if (month > 0) return offer(written(Number(ncbi[3]), month, ncbi[1] === undefined ? undefined : Number(ncbi[1])));
  }
  const yearFirst =
    /^(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?$/.exec(trimmed) ?? /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(trimmed);
  const chinese = /^(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日?)?)?$/u.exec(trimmed);
  const named = yearFirst ?? chinese;
  if (named) {
    const [, year = '', month, day] = named;
    if (month === undefined) return offer(year);
    return offer(written(Number(year), Number(month), day === undefined ? undefined : Number(day)));
  }
  const compact = /^((?:19|20)\d{2})(\d{2})(\d{2})$/.exec(trimmed);
  if (compact) return offer(written(Number(compact[1]), Number(compact[2]), Number(compact[3])));
  const dayAndMonth = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(trimmed);
  if (dayAndMonth) {
    const [first, second, year] = [Number(dayAndMonth[1]), Number(dayAndMonth[2]), Number(dayAndMonth[3])];
    const dayFirst = written(year, second, first);
    const monthFirst = written(year, first, second);
    if (dayFirst !== undefined && monthFirst !== undefined && dayFirst !== monthFirst)
      return { ok: false, fault: 'ambiguous' };
    return offer(dayFirst ?? monthFirst);
  }
  const spaced = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:?\d{2})?$/.exec(trimmed);
  if (spaced) return offer(`${spaced[1]}T${spaced[2]}${spaced[3] ?? ''}`);
  if (ends) return rangeNotation(ends[1] ?? '', ends[2] ?? '');
  return trimmed !== text && typeof readInstant(trimmed) !== 'string' ? offer(trimmed) : { ok: false, fault: 'form' };
}

function rangeNotation(first: string, second: string): DateReading {
  const [from, to] = [first, second].map((text) => {
    const reading = readDate(text);
    return reading.ok ? text : reading.suggestion;
  });
  if (from === undefined || to === undefined) return { ok: false, fault: 'form' };
  const suggestion = `${from}/${to}`;
  return readDate(suggestion).ok ? { ok: false, fault: 'notation', suggestion } : { ok: false, fault: 'form' };
}
