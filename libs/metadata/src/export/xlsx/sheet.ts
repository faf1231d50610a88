import { style } from './package.ts';
import { cellText, columnLetters, escapeXml } from './xml.ts';

/** A column of a sheet that is written. */
export interface SheetColumn {
  readonly header: string;
  readonly style?: number;
  /** Characters. */
  readonly width?: number;
  readonly validation?: Validation;
}

/** What a program shows and checks when a cell of the column is chosen. */
interface Validation {
  readonly title: string;
  readonly prompt: string;
  /** Reference to the permitted values, such as `_lists!$A$1:$A$9`. */
  readonly list?: string;
  /** Other values are refused, not only remarked on. */
  readonly strict?: boolean;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const lastRow = 1_048_576;

/** Writes a worksheet whose columns are text, with the header kept in sight (ECMA-376 part 1, 18.3.1.99). */
export function sheetXml(
  columns: readonly SheetColumn[],
  rows: readonly (readonly string[])[],
  bodyStyle: number = style.text,
): string {
  const header = row(
    1,
    columns.map((column) => column.header),
    (index) => columns[index]?.style ?? style.header,
  );
  const body = rows.map((cells, index) => row(index + 2, cells, () => bodyStyle)).join('');
  return (
    `<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${columns.map(columnXml(bodyStyle)).join('')}</cols><sheetData>${header}${body}</sheetData>${validations(columns)}</worksheet>`
  );
}

const columnXml =
  (bodyStyle: number) =>
  ({ width, header }: SheetColumn, index: number): string =>
    `<col min="${index + 1}" max="${index + 1}" width="${width ?? Math.min(40, Math.max(12, header.length + 2))}" style="${bodyStyle}" customWidth="1"/>`;

function row(number: number, cells: readonly string[], styleOf: (index: number) => number): string {
  const xml = cells.map((cell, index) => {
    if (cell === '') return '';
    const space = /^\s|\s$/u.test(cell) ? ' xml:space="preserve"' : '';
    return `<c r="${columnLetters(index)}${number}" s="${styleOf(index)}" t="inlineStr"><is><t${space}>${cellText(cell)}</t></is></c>`;
  });
  return `<row r="${number}">${xml.join('')}</row>`;
}

/** Excel shows at most 32 characters of a title and 255 of a prompt (ECMA-376 part 1, 18.3.1.32). */
function validations(columns: readonly SheetColumn[]): string {
  const items = columns.flatMap(({ validation }, index) => {
    if (!validation) return [];
    const { title, prompt, list, strict } = validation;
    const letter = columnLetters(index);
    const kind =
      list === undefined
        ? ''
        : ` type="list" showErrorMessage="1" errorStyle="${strict === true ? 'stop' : 'warning'}"`;
    const text = ` allowBlank="1" showInputMessage="1" promptTitle="${attribute(title, 32)}" prompt="${attribute(prompt, 255)}"`;
    const range = ` sqref="${letter}2:${letter}${lastRow}"`;
    const formula = list === undefined ? '' : `<formula1>${escapeXml(list)}</formula1>`;
    return [`<dataValidation${kind}${text}${range}>${formula}</dataValidation>`];
  });
  return items.length === 0 ? '' : `<dataValidations count="${items.length}">${items.join('')}</dataValidations>`;
}

const attribute = (text: string, longest: number): string => {
  const clean = text.replace(/[^\P{Cc}\n]/gu, ' ');
  const short = clean.length <= longest ? clean : `${clean.slice(0, longest - 1).toWellFormed()}…`;
  return escapeXml(short).replaceAll('\n', '&#10;');
};
