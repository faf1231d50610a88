import { zipSync, strToU8 } from 'fflate';

/** A sheet of a workbook made for a test, as raw row XML. */
export interface RawSheet {
  readonly name: string;
  readonly rows: string;
  readonly state?: string;
  readonly after?: string;
}

/** Makes a workbook as Excel would, with the styles: 0 general, 1 date, 2 year and month, 3 day and month. */
export function workbookOf(
  sheets: readonly RawSheet[],
  {
    shared = '',
    date1904 = false,
    extra = {},
  }: { shared?: string; date1904?: boolean; extra?: Record<string, string> } = {},
): Uint8Array {
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels':
      '<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    'xl/workbook.xml': `<workbook xmlns:r="r"><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${sheets
      .map(
        ({ name, state }, i) =>
          `<sheet name="${name}" sheetId="${i + 1}" ${state ? `state="${state}"` : ''} r:id="s${i}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets
      .map((_, i) => `<Relationship Id="s${i}" Type="x/worksheet" Target="worksheets/sheet${i}.xml"/>`)
      .join(
        '',
      )}<Relationship Id="st" Type="x/styles" Target="styles.xml"/><Relationship Id="ss" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/styles.xml':
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm"/><numFmt numFmtId="165" formatCode="d\\-mmm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
    'xl/sharedStrings.xml': `<sst>${shared}</sst>`,
    ...extra,
  };
  sheets.forEach(({ rows, after = '' }, i) => {
    parts[`xl/worksheets/sheet${i}.xml`] = `<worksheet><sheetData>${rows}</sheetData>${after}</worksheet>`;
  });
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])));
}

/** A row of inline texts; other cells are given as XML. */
export const row = (number: number, ...cells: readonly string[]): string =>
  `<row r="${number}">${cells
    .map((cell, i) =>
      cell.startsWith('<c')
        ? cell
        : `<c r="${String.fromCharCode(65 + i)}${number}" t="inlineStr"><is><t>${cell}</t></is></c>`,
    )
    .join('')}</row>`;
