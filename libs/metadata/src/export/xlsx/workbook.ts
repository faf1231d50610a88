import { guard } from '../../intake/guard.ts';
import type { ArchiveRecord } from '../../model/record.ts';
import { collectLosses } from '../loss.ts';
import type { Export } from '../loss.ts';
import { sheetsOf } from '../sheets.ts';
import type { Sheet } from '../sheets.ts';
import { packWorkbook } from './package.ts';
import { sheetXml } from './sheet.ts';

/** Most characters that Excel keeps in a cell; longer texts are written and read back, but Excel cuts them. */
const longestCell = 32_767;

/** A workbook has at least one sheet. */
const emptySheet: Sheet = { type: 'project', header: ['alias'], rows: [] };

/** Writes one workbook with a sheet for each kind of object; every cell is text, so that Excel changes nothing. */
export function writeXlsx(records: readonly ArchiveRecord[]): Export {
  const { losses, lose } = collectLosses();
  for (const record of records)
    for (const [field, value] of Object.entries(record.attributes))
      for (const text of typeof value === 'string' ? [value] : value)
        if (text.length > longestCell) lose(record, field, 'too_long', `${text.slice(0, 80)}…`);
  const filled = sheetsOf(records);
  const sheets = (filled.length > 0 ? filled : [emptySheet]).map(({ type, header, rows }) => ({
    name: type,
    xml: sheetXml(
      header.map((name) => ({ header: guard(name) })),
      rows.map((cells) => cells.map(guard)),
    ),
  }));
  return { files: [{ name: 'records.xlsx', bytes: packWorkbook(sheets) }], losses };
}
