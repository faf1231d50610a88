import { serialToIso } from '../excel-date.ts';
import type { DatePrecision } from '../excel-date.ts';
import type { CellNote, RawRow } from '../raw-row.ts';
import { Refusal } from '../report.ts';
import type { ZipPart } from '../zip.ts';
import { parsePart } from './parts.ts';
import type { Workings } from './parts.ts';
import { unescapeText } from './shared.ts';

/** What the cells of a sheet lean on. */
export interface SheetContext extends Workings {
  readonly strings: readonly string[];
  readonly dates: readonly (DatePrecision | undefined)[];
  readonly date1904: boolean;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  text: string;
  formula: boolean;
}

interface OpenRow {
  readonly number: number;
  readonly hidden: boolean;
  readonly cells: string[];
  readonly notes: Map<number, readonly CellNote[]>;
}

/**
 * Reads a worksheet (ECMA-376 part 1, 18.3.1) as rows of text. Numbers stand as they were stored up to the 15 digits that
 * Excel keeps, dates as ISO 8601 with a note, formulas by their stored result. `rows` receives what each step completes.
 */
export function* readSheet(part: ZipPart, context: SheetContext, rows: () => RawRow[]): Generator<void> {
  const { place, limits, report } = context;
  let row: OpenRow | undefined;
  let cell: OpenCell | undefined;
  let inValue = false;
  let lastRow = 0;
  let nextColumn = 0;

  const openRow = (attributes: Readonly<Record<string, string>>): void => {
    lastRow = Number(attributes['r'] ?? lastRow + 1);
    nextColumn = 0;
    row = { number: lastRow, hidden: isTrue(attributes['hidden']), cells: [], notes: new Map() };
  };
  const openCell = ({ r, t = 'n', s = '0' }: Readonly<Record<string, string>>): void => {
    const column = r === undefined ? nextColumn : columnIndex(r);
    nextColumn = column + 1;
    cell = { column, type: t, style: Number(s), text: '', formula: false };
  };
  const closeCell = (): void => {
    if (!cell || !row) return;
    const read = readCell(cell, context);
    if (read.text === '' && read.notes.length === 0) return;
    if (cell.column >= limits.columns)
      throw new Refusal('GW3010', { ...place, row: row.number }, { params: { limit: limits.columns } });
    while (row.cells.length < cell.column) row.cells.push('');
    row.cells[cell.column] = read.text;
    if (read.notes.length > 0) row.notes.set(cell.column, read.notes);
  };

  yield* parsePart(part, context, {
    open: (name, attributes) => {
      if (name === 'row') openRow(attributes);
      else if (name === 'c') openCell(attributes);
      else if (name === 'f' && cell) cell.formula = true;
      else if (name === 'v' || name === 't') inValue = true;
      else if (name === 'rPh') inValue = false;
      else if (name === 'mergeCell') report('GW3037', place, { value: attributes['ref'] });
    },
    text: (text) => {
      if (inValue && cell) cell.text += text;
      if (cell && cell.text.length > limits.cell)
        throw new Refusal(
          'GW3009',
          { ...place, row: lastRow, column: cell.column + 1 },
          { params: { limit: limits.cell } },
        );
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false;
      if (name === 'c') {
        closeCell();
        cell = undefined;
      }
      if (name === 'row' && row) {
        if (row.cells.length > 0) rows().push(row);
        row = undefined;
      }
    },
  });
}

/** Cell types: ECMA-376 part 1, 18.18.11. */
function readCell(cell: OpenCell, context: SheetContext): { text: string; notes: readonly CellNote[] } {
  const formula: readonly CellNote[] = cell.formula ? [{ kind: 'formula' }] : [];
  switch (cell.type) {
    case 's':
      return { text: context.strings[Number(cell.text)] ?? '', notes: formula };
    case 'inlineStr':
    case 'str':
      return { text: unescapeText(cell.text), notes: formula };
    case 'b':
      return { text: cell.text === '1' ? 'TRUE' : 'FALSE', notes: formula };
    case 'e':
      return { text: cell.text, notes: [{ kind: 'error' }] };
    case 'd':
      return { text: cell.text, notes: formula };
    default:
      return readNumber(cell, context, formula);
  }
}

function readNumber(
  { text: stored, style }: OpenCell,
  { dates, date1904 }: SheetContext,
  formula: readonly CellNote[],
): { text: string; notes: readonly CellNote[] } {
  if (stored === '') return { text: '', notes: formula };
  const precision = dates[style];
  const value = Number(stored);
  if (precision !== undefined && value >= 0)
    return {
      text: serialToIso(value, date1904, precision),
      notes: [...formula, { kind: 'date', serial: stored, precision }],
    };
  if (Math.abs(value) >= 1e15) return { text: stored, notes: [...formula, { kind: 'rounded' }] };
  return { text: shortNumber.test(stored) ? stored : String(Number(value.toPrecision(15))), notes: formula };
}

const shortNumber = /^-?(?=.{1,16}$)\d+(\.\d+)?$/;

const isTrue = (flag: string | undefined): boolean => flag === '1' || flag === 'true';

/** Column of a reference such as AB12, from 0. */
function columnIndex(reference: string): number {
  let index = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? 'A') index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}
