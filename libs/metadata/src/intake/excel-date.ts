import type { CellNote } from './raw-row.ts';

/** Precision that a number format shows, or nothing when it shows no date. Formats: ECMA-376 part 1, 18.8.30. */
export function datePrecision(formatId: number, formatCode: string | undefined): DatePrecision | undefined {
  if (formatCode === undefined) {
    if (formatId === 17) return 'month';
    if (formatId === 22 || (formatId >= 18 && formatId <= 21) || (formatId >= 45 && formatId <= 47)) return 'time';
    const day =
      (formatId >= 14 && formatId <= 16) || (formatId >= 27 && formatId <= 36) || (formatId >= 50 && formatId <= 58);
    return day ? 'day' : undefined;
  }
  const code = formatCode.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '').split(';')[0] ?? '';
  if (/general/i.test(code) || !/[ymdhs]/i.test(code)) return undefined;
  if (/h|s/i.test(code)) return 'time';
  return /d/i.test(code) || !/y/i.test(code) ? 'day' : 'month';
}

export type DatePrecision = Extract<CellNote, { kind: 'date' }>['precision'];

const day = 86_400_000;

/**
 * Writes an Excel serial as ISO 8601. Day 1 is 1900-01-01 in the 1900 system, which also counts a 29 February 1900 that
 * never was (serial 60), and day 0 is 1904-01-01 in the 1904 system (ECMA-376 part 1, 18.17.4.1).
 */
export function serialToIso(serial: number, date1904: boolean, precision: DatePrecision): string {
  const days = date1904 ? serial : serial >= 60 ? serial - 1 : serial;
  const start = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 31);
  const moment = new Date(start + Math.round((days * day) / 1000) * 1000);
  if (Number.isNaN(moment.getTime()) || moment.getUTCFullYear() > 9999) return String(serial);
  const iso = moment.toISOString();
  if (precision === 'month') return iso.slice(0, 7);
  const time = iso.slice(11, 19);
  if (precision === 'time' && serial < 1) return time;
  return precision === 'time' && time !== '00:00:00' ? iso.slice(0, 19) : iso.slice(0, 10);
}

/** The date that a bare number in a date column would stand for, between 1927 and 2091; nothing for other texts. */
export function serialLike(value: string): string | undefined {
  return /^[1-6]\d{4}(\.\d+)?$/.test(value) ? serialToIso(Number(value), false, 'day') : undefined;
}
