import { guard } from '../intake/guard.ts';
import type { ArchiveRecord } from '../model/record.ts';
import type { Export } from './loss.ts';
import { sheetsOf } from './sheets.ts';
import type { Sheet } from './sheets.ts';

/** Writes one TSV for each kind of object: UTF-8, RFC 4180 quoting, formulas made harmless. Nothing is lost. */
export function writeTsv(records: readonly ArchiveRecord[]): Export {
  return writeText(records, 'tsv', (sheet) => delimited(sheet, '\t', /["\t\r\n]/));
}

/** Writes one CSV for each kind of object, with the mark by which Excel knows UTF-8. Nothing is lost. */
export function writeCsv(records: readonly ArchiveRecord[]): Export {
  return writeText(records, 'csv', (sheet) => `\uFEFF${delimited(sheet, ',', /["\t\r\n,;|]/)}`);
}

function writeText(records: readonly ArchiveRecord[], ending: string, write: (sheet: Sheet) => string): Export {
  const encoder = new TextEncoder();
  const files = sheetsOf(records).map((sheet) => ({
    name: `${sheet.type}.${ending}`,
    bytes: encoder.encode(write(sheet)),
  }));
  return { files, losses: [] };
}

function delimited({ header, rows }: Sheet, delimiter: string, special: RegExp): string {
  const quote = (cell: string): string => {
    const safe = guard(cell);
    return special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const line = (cells: readonly string[]): string => `${cells.map(quote).join(delimiter)}\n`;
  return [header, ...rows].map(line).join('');
}
