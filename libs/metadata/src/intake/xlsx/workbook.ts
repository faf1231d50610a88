import type { Place } from '../../rules/rule.ts';
import type { IntakeLimits } from '../limits.ts';
import type { RawRow } from '../raw-row.ts';
import { collectFindings, Refusal } from '../report.ts';
import { hold } from '../source.ts';
import { rowEvents } from '../table-events.ts';
import type { TableEvent } from '../table-events.ts';
import { tableBuilder } from '../table.ts';
import { openZip } from '../zip.ts';
import type { ZipPart } from '../zip.ts';
import { parseWhole, readRelations, requirePart } from './parts.ts';
import type { Workings } from './parts.ts';
import { readDateStyles, readSharedStrings } from './shared.ts';
import { readSheet } from './sheet.ts';

interface SheetEntry {
  readonly name: string;
  readonly hidden: boolean;
  readonly path: string;
}

/** Reads the visible sheets of an XLSX workbook one after another; its bytes are held, its sheets are streamed. */
export async function* readWorkbook(
  whole: AsyncIterable<Uint8Array>,
  place: Place,
  limits: IntakeLimits,
): AsyncGenerator<TableEvent> {
  const bytes = await hold(whole, place, limits);
  refuseOtherOffice(bytes, place);
  const parts = openZip(bytes, place, limits);
  const { report, drain } = collectFindings();
  const workings: Workings = { place, limits, report };
  const main = workbookPath(parts, workings);
  const { sheets, date1904 } = readSheetList(parts, main, workings);
  const relations = readRelations(parts, main, workings).byKind;
  const partOf = (kind: string): ZipPart | undefined => parts.get(relations.get(kind) ?? '');
  const strings = readSharedStrings(partOf('sharedStrings'), workings);
  const dates = readDateStyles(partOf('styles'), workings);
  let tables = 0;
  for (const sheet of sheets) {
    const sheetPlace = { ...place, sheet: sheet.name };
    if (sheet.hidden || sheet.name.startsWith('_')) {
      if (!/^(_|cv_)/.test(sheet.name)) report('GW3013', sheetPlace, { params: { sheet: sheet.name } });
      continue;
    }
    const builder = tableBuilder(sheetPlace, limits, report);
    let rows: RawRow[] = [];
    const context = { ...workings, place: sheetPlace, strings, dates, date1904 };
    const steps = readSheet(requirePart(parts, sheet.path, place), context, () => rows);
    const state = { done: false };
    const step = (into: RawRow[]): void => {
      rows = into;
      state.done = steps.next().done === true;
    };
    while (!state.done) yield* rowEvents(step, builder, drain);
    builder.end();
    tables += builder.table() ? 1 : 0;
    for (const finding of drain()) yield { finding };
  }
  for (const finding of drain()) yield { finding };
  if (tables === 0) throw new Refusal('GW3011', place);
}

/** Old Excel files and encrypted workbooks are compound files (MS-CFB); the stream name tells them apart. */
function refuseOtherOffice(bytes: Uint8Array, place: Place): void {
  if (bytes[0] === 0x50) return;
  const wanted = [...new TextEncoder().encode('EncryptedPackage')].flatMap((byte) => [byte, 0]);
  for (let at = 0; at + wanted.length <= bytes.length; at += 2)
    if (wanted.every((byte, index) => bytes[at + index] === byte)) throw new Refusal('GW3005', place);
  throw new Refusal('GW3004', place, { params: { kind: '.xls' } });
}

function workbookPath(parts: ReadonlyMap<string, ZipPart>, workings: Workings): string {
  const path = readRelations(parts, '', workings).byKind.get('officeDocument') ?? 'xl/workbook.xml';
  if (parts.has(path) && /\/workbook\d*\.xml$/.test(path)) return path;
  const kind = path.endsWith('.bin') ? '.xlsb' : parts.has('content.xml') ? '.ods' : '.zip';
  throw new Refusal('GW3004', workings.place, { params: { kind } });
}

function readSheetList(
  parts: ReadonlyMap<string, ZipPart>,
  main: string,
  workings: Workings,
): { sheets: readonly SheetEntry[]; date1904: boolean } {
  const { byId } = readRelations(parts, main, workings);
  const sheets: SheetEntry[] = [];
  let date1904 = false;
  parseWhole(requirePart(parts, main, workings.place), workings, {
    open: (name, attributes) => {
      if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const path = byId.get(attributes['r:id'] ?? relationId(attributes)) ?? '';
      const hidden = (attributes['state'] ?? 'visible') !== 'visible';
      sheets.push({ name: attributes['name'] ?? '', hidden, path });
    },
    text: () => undefined,
    close: () => undefined,
  });
  if (sheets.length > workings.limits.sheets)
    throw new Refusal('GW3018', workings.place, { params: { limit: workings.limits.sheets } });
  return { sheets, date1904 };
}

/** The prefix of the relationships namespace is free; its local name is always `id`. */
const relationId = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? '';
