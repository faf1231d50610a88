import type { Place } from '../rules/rule.ts';
import { checkCharacters } from './characters.ts';
import { serialLike } from './excel-date.ts';
import { unguard } from './guard.ts';
import type { IntakeLimits } from './limits.ts';
import type { CellNote, RawRow } from './raw-row.ts';
import { Refusal } from './report.ts';
import type { Report } from './report.ts';
import { watchSeries, watchZeros } from './series.ts';
import type { ColumnWatch } from './series.ts';
import { traitsOf } from './traits.ts';
import type { Traits } from './traits.ts';

/** A named column of a table. */
export interface Column {
  /** Name as the user wrote it, without spaces at its edges. */
  readonly header: string;
  /** 0-based position in the sheet. */
  readonly index: number;
}

/** A sheet of a workbook or a text table, known by its header. */
export interface Table {
  readonly place: Place;
  readonly columns: readonly Column[];
}

/** One data row; `values[i]` stands in the column `table.columns[i]` and is empty when the cell is. */
export interface TableRow {
  readonly table: Table;
  readonly place: Place;
  readonly values: readonly string[];
}

interface WatchedColumn extends Column, Traits {
  readonly watches: readonly ColumnWatch[];
}

/** Gives rows their header and reports the damage that spreadsheets do to cells. Values stay as they were written. */
export interface TableBuilder {
  /** The table, once its header was met. */
  readonly table: () => Table | undefined;
  add: (raw: RawRow) => TableRow | undefined;
  end: () => void;
}

export function tableBuilder(place: Place, limits: IntakeLimits, report: Report): TableBuilder {
  let table: Table | undefined;
  let columns: readonly WatchedColumn[] = [];
  let headerCells: readonly string[] = [];
  let nameless = new Set<number>();
  let rows = 0;
  let blankAt: Place | undefined;
  let commentsTold = false;
  let hiddenTold = false;

  const placeOf = (raw: RawRow): Place => ({
    ...place,
    row: raw.number,
    ...(raw.line === undefined ? {} : { line: raw.line }),
  });

  const readHeader = (raw: RawRow): void => {
    const found: WatchedColumn[] = [];
    const names = new Set<string>();
    raw.cells.forEach((cell, index) => {
      const header = unguard(index === 0 ? cell.replace(/^#\s*/, '') : cell).trim();
      if (header === '') return;
      if (names.has(header)) {
        report('GW3020', { ...placeOf(raw), column: header }, { value: header });
        return;
      }
      names.add(header);
      const traits = traitsOf(header);
      const watches = [...(traits.repeats ? [watchSeries(report)] : []), ...(traits.prose ? [] : [watchZeros(report)])];
      found.push({ header, index, ...traits, watches });
    });
    columns = found;
    nameless = new Set(raw.cells.keys().filter((index) => (raw.cells[index] ?? '').trim() === ''));
    table = { place: placeOf(raw), columns: found.map(({ header, index }) => ({ header, index })) };
    headerCells = raw.cells;
  };
  const skip = (raw: RawRow): boolean => {
    if (isBlank(raw.cells)) {
      if (table) blankAt ??= placeOf(raw);
      return true;
    }
    if ((raw.cells[0] ?? '').startsWith('#') && !(table === undefined && commentedHeader.test(raw.cells[0] ?? ''))) {
      if (!commentsTold) report('GW3023', placeOf(raw), { value: raw.cells[0] });
      commentsTold = true;
      return true;
    }
    if (!table) {
      const title = onlyCell(raw.cells);
      if (title === undefined || aliasHeader.test(title)) return false;
      report('GW3026', placeOf(raw), { value: title });
      return true;
    }
    if (rows > 0 && sameCells(raw.cells, headerCells)) {
      report('GW3024', placeOf(raw), { value: raw.cells[0] });
      return true;
    }
    if (rows === 0 && raw.cells.every((cell) => cell === '' || templateNote.test(cell))) {
      report('GW3026', placeOf(raw), { value: raw.cells.find((cell) => cell !== '') });
      return true;
    }
    return false;
  };

  const checkCell = (
    column: WatchedColumn,
    value: string,
    notes: readonly CellNote[],
    cellPlace: () => Place,
  ): void => {
    if (value === '' && notes.length === 0) return;
    for (const note of notes) reportNote(note, value, column, cellPlace(), report);
    const serial = column.date && notes.length === 0 ? serialLike(value) : undefined;
    if (serial !== undefined) report('GW3031', cellPlace(), { value, suggestion: serial });
    checkCharacters(value, column.prose, cellPlace, report);
    for (const watch of column.watches) watch.see(value, cellPlace);
  };

  const readRow = (raw: RawRow): TableRow => {
    if (++rows > limits.rows) throw new Refusal('GW3008', placeOf(raw), { params: { limit: limits.rows } });
    if (blankAt) report('GW3025', blankAt);
    blankAt = undefined;
    if (raw.hidden === true && !hiddenTold) report('GW3016', placeOf(raw));
    hiddenTold ||= raw.hidden === true;
    const rowPlace = placeOf(raw);
    const values: string[] = [];
    for (const column of columns) {
      const value = unguard(raw.cells[column.index] ?? '');
      values.push(value);
      checkCell(column, value, raw.notes?.get(column.index) ?? noNotes, () => ({ ...rowPlace, column: column.header }));
    }
    reportNameless(raw, rowPlace);
    return { table: table ?? { place, columns: [] }, place: rowPlace, values };
  };

  const reportNameless = (raw: RawRow, rowPlace: Place): void => {
    if (nameless.size === 0 && raw.cells.length <= headerCells.length) return;
    for (let index = 0; index < raw.cells.length; index++) {
      const value = raw.cells[index] ?? '';
      if (value.trim() === '' || (index < headerCells.length && !nameless.has(index))) continue;
      report('GW3021', { ...rowPlace, column: index + 1 }, { value });
    }
  };

  return {
    table: () => table,
    add: (raw) => {
      if (skip(raw)) return undefined;
      if (table) return readRow(raw);
      readHeader(raw);
      return undefined;
    },
    end: () => {
      for (const column of columns) for (const watch of column.watches) watch.end();
    },
  };
}

const noNotes: readonly CellNote[] = [];
const templateNote = /^\((mandatory|recommended|optional)\)/i;
const commentedHeader = /^#\s*\*?(alias|sample[_ ]?(name|alias)|别名|名称|样[本品]名称)\*?\s*$/iu;
const aliasHeader = /^#?\s*\*?[\p{L}_ ]*(alias|name|别名|名称)\*?\s*$/iu;

/** The text of a row that fills one cell only: a caption above the header, as no table has a single column. */
const onlyCell = (cells: readonly string[]): string | undefined => {
  const filled = cells.filter((cell) => cell.trim() !== '');
  return filled.length === 1 ? filled[0] : undefined;
};

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell === '' || cell.trim() === '');

const sameCells = (cells: readonly string[], header: readonly string[]): boolean =>
  header.every((name, index) => name.trim() === (cells[index] ?? '').trim());

function reportNote(note: CellNote, value: string, column: Traits, place: Place, report: Report): void {
  switch (note.kind) {
    case 'date':
      report(column.date ? 'GW3030' : 'GW3032', place, { value: note.serial, params: { read: value } });
      break;
    case 'error':
      report('GW3036', place, { value });
      break;
    case 'formula':
      report('GW3035', place, { value });
      break;
    case 'rounded':
      report('GW3038', place, { value });
      break;
  }
}
