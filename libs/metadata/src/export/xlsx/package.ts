import { zipSync } from 'fflate';
import { escapeXml, xmlDeclaration } from './xml.ts';

/** A sheet as the package takes it. */
export interface PackageSheet {
  readonly name: string;
  readonly xml: string;
  readonly hidden?: boolean;
}

/** Styles that the sheets use by number. */
export const style = { plain: 0, text: 1, header: 2, mandatory: 3, recommended: 4, note: 5 } as const;

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const kinds = 'http://schemas.openxmlformats.org/package/2006';
const office = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/**
 * Packs sheets into an XLSX workbook with the fewest parts that spreadsheet programs ask for (ECMA-376 part 1, 12.2). The
 * bytes depend on nothing but the sheets.
 */
export function packWorkbook(sheets: readonly PackageSheet[]): Uint8Array {
  const parts: Record<string, string> = {
    '[Content_Types].xml': contentTypes(sheets.length),
    '_rels/.rels': relations([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': workbook(sheets),
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, index) => [`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`] as const),
      [`rId${sheets.length + 1}`, 'styles', 'styles.xml'],
    ]),
    'xl/styles.xml': styles,
  };
  sheets.forEach(({ xml }, index) => (parts[`xl/worksheets/sheet${index + 1}.xml`] = xml));
  const encoder = new TextEncoder();
  const files = Object.entries(parts).map(([name, xml]) => [name, encoder.encode(xmlDeclaration + xml)] as const);
  return zipSync(Object.fromEntries(files), { level: 3, mtime: new Date(1980, 0, 1) });
}

const contentTypes = (sheets: number): string =>
  `<Types xmlns="${kinds}/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  `<Override PartName="/xl/workbook.xml" ContentType="${office}.sheet.main+xml"/>` +
  `<Override PartName="/xl/styles.xml" ContentType="${office}.styles+xml"/>` +
  Array.from(
    { length: sheets },
    (_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${office}.worksheet+xml"/>`,
  ).join('') +
  '</Types>';

const relations = (items: readonly (readonly [id: string, kind: string, target: string])[]): string =>
  `<Relationships xmlns="${kinds}/relationships">` +
  items
    .map(([id, kind, target]) => `<Relationship Id="${id}" Type="${relationships}/${kind}" Target="${target}"/>`)
    .join('') +
  '</Relationships>';

const workbook = (sheets: readonly PackageSheet[]): string =>
  `<workbook xmlns="${main}" xmlns:r="${relationships}"><sheets>` +
  sheets
    .map(
      ({ name, hidden }, index) =>
        `<sheet name="${escapeXml(name)}" sheetId="${index + 1}"${hidden === true ? ' state="hidden"' : ''} r:id="rId${index + 1}"/>`,
    )
    .join('') +
  '</sheets></workbook>';

const fill = (colour: string): string =>
  `<fill><patternFill patternType="solid"><fgColor rgb="FF${colour}"/><bgColor indexed="64"/></patternFill></fill>`;

/** Format 49 is text: Excel then changes nothing that is typed. */
const styles =
  `<styleSheet xmlns="${main}">` +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  `<fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('E8EDF3')}${fill('F8CBAD')}${fill('FFF2CC')}</fills>` +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  '<cellXfs count="6">' +
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>' +
  [2, 3, 4]
    .map(
      (fillId) =>
        `<xf numFmtId="49" fontId="1" fillId="${fillId}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>`,
    )
    .join('') +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>' +
  '</cellXfs></styleSheet>';
