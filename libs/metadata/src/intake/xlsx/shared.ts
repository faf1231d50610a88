import type { DatePrecision } from '../excel-date.ts';
import { datePrecision } from '../excel-date.ts';
import { Refusal } from '../report.ts';
import type { ZipPart } from '../zip.ts';
import type { XmlListener } from '../xml.ts';
import { parseWhole } from './parts.ts';
import type { Workings } from './parts.ts';

/** Reads the texts that cells share (ECMA-376 part 1, 18.4.9); phonetic runs are left out. */
export function readSharedStrings(part: ZipPart | undefined, workings: Workings): readonly string[] {
  const strings: string[] = [];
  if (!part) return strings;
  let current = '';
  let inText = false;
  let inPhonetic = false;
  let held = 0;
  const listener: XmlListener = {
    open: (name) => {
      if (name === 'si') current = '';
      else if (name === 'rPh') inPhonetic = true;
      else if (name === 't') inText = true;
    },
    text: (text) => {
      if (!inText || inPhonetic) return;
      current += text;
      held += text.length;
      if (held > workings.limits.sharedText)
        throw new Refusal('GW3007', workings.place, { params: { part: part.name } });
    },
    close: (name) => {
      if (name === 'si') strings.push(unescapeText(current));
      else if (name === 'rPh') inPhonetic = false;
      else if (name === 't') inText = false;
    },
  };
  parseWhole(part, workings, listener, workings.limits.sharedText / 16);
  return strings;
}

/** Characters that XML cannot hold stand as _x0007_ in a workbook (ECMA-376 part 1, 22.4.2.4). */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

/** Reads which cell styles show a date (ECMA-376 part 1, 18.8); the position in the list is the style of a cell. */
export function readDateStyles(part: ZipPart | undefined, workings: Workings): readonly (DatePrecision | undefined)[] {
  const codes = new Map<number, string>();
  const styles: (DatePrecision | undefined)[] = [];
  if (!part) return styles;
  let inCellFormats = false;
  parseWhole(part, workings, {
    open: (name, { numFmtId = '0', formatCode }) => {
      const id = Number(numFmtId);
      if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'numFmt' && formatCode !== undefined) codes.set(id, formatCode);
      else if (name === 'xf' && inCellFormats) styles.push(datePrecision(id, codes.get(id)));
    },
    text: () => undefined,
    close: (name) => {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return styles;
}
