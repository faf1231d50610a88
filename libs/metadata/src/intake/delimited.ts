import type { Place } from '../rules/rule.ts';
import type { IntakeLimits } from './limits.ts';
import { Refusal } from './report.ts';
import type { Report } from './report.ts';
import type { RawRow } from './raw-row.ts';

export type Delimiter = '\t' | ',' | ';' | '|';

/** Reads rows out of delimited text that comes in pieces. */
export interface RowReader {
  /** Adds the rows that the text completes to `rows`; a refusal leaves those before it there. */
  write: (text: string, rows: RawRow[]) => void;
  end: (rows: RawRow[]) => void;
}

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Reads TSV and CSV by RFC 4180: a cell that begins with a quotation mark may hold delimiters, line breaks and doubled
 * marks; a mark inside a plain cell is a character. Lines end with LF, CRLF or CR. A cell, a row and the table are refused
 * at their limits before they are held.
 */
export function delimitedReader(delimiter: Delimiter, place: Place, limits: IntakeLimits, report: Report): RowReader {
  const separator = delimiter.charCodeAt(0);
  let state: 'start' | 'plain' | 'quoted' | 'closing' = 'start';
  let cell = '';
  let cells: string[] = [];
  let afterCarriageReturn = false;
  let number = 1;
  let line = 1;
  let rowLine = 1;
  let quoteLine = 1;

  const here = (): Place => ({ ...place, row: number, line });
  const take = (text: string): void => {
    cell += text;
    if (cell.length > limits.cell) {
      if (state === 'quoted')
        throw new Refusal('GW3009', { ...here(), line: quoteLine }, { params: { limit: limits.cell } });
      throw new Refusal('GW3009', here(), { params: { limit: limits.cell } });
    }
  };
  const endCell = (): void => {
    cells.push(cell);
    if (cells.length > limits.columns) throw new Refusal('GW3010', here(), { params: { limit: limits.columns } });
    cell = '';
    state = 'start';
  };
  const endRow = (rows: RawRow[]): void => {
    endCell();
    rows.push({ number, line: rowLine, cells });
    cells = [];
    number++;
    rowLine = line;
  };

  const write = (text: string, rows: RawRow[]): void => {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (afterCarriageReturn) {
        afterCarriageReturn = false;
        if (code === LF) {
          if (state === 'quoted') continue;
          from = at + 1;
          continue;
        }
      }
      if (state === 'quoted') {
        if (code === QUOTE) {
          take(text.slice(from, at));
          state = 'closing';
        } else if (code === LF || code === CR) {
          line++;
          afterCarriageReturn = code === CR;
        }
        continue;
      }
      if (state === 'closing' && code === QUOTE) {
        state = 'quoted';
        from = at;
        continue;
      }
      if (code === separator || code === LF || code === CR) {
        if (state === 'plain') take(text.slice(from, at));
        from = at + 1;
        if (code === separator) {
          endCell();
          continue;
        }
        line++;
        afterCarriageReturn = code === CR;
        endRow(rows);
        continue;
      }
      if (state === 'start') {
        from = at;
        state = code === QUOTE ? 'quoted' : 'plain';
        if (state === 'quoted') {
          from = at + 1;
          quoteLine = line;
        }
      } else if (state === 'closing') {
        report('GW3015', here(), { value: cell });
        state = 'plain';
        from = at;
      }
    }
    if (state === 'plain' || state === 'quoted') take(text.slice(from));
  };

  const end = (rows: RawRow[]): void => {
    if (state === 'quoted')
      throw new Refusal('GW3014', { ...here(), line: quoteLine }, { params: { line: quoteLine } });
    if (state !== 'start' || cells.length > 0) endRow(rows);
  };
  return { write, end };
}

/** Finds what separates the cells of the header: a tab if there is one, else the sign that stands most often. */
export function findDelimiter(head: string): Delimiter {
  const line = headerLine(head).replace(/"(?:[^"]|"")*"/g, '');
  if (line.includes('\t')) return '\t';
  let best: Delimiter = '\t';
  let most = 0;
  for (const candidate of [',', ';', '|'] as const) {
    const count = line.split(candidate).length - 1;
    if (count > most) [best, most] = [candidate, count];
  }
  return best;
}

/** The first line that separates cells or names the alias; captions and comments above it do neither. */
const headerLine = (head: string): string => {
  const lines = head.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const separates = (line: string): boolean => /[\t,;|]|alias|别名|名称/iu.test(line);
  return lines.find((line) => !line.startsWith('#') && separates(line)) ?? lines.find(separates) ?? '';
};
