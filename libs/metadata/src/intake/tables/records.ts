import type { ArchiveRecord, ObjectType } from '../../model/record.ts';
import type { Action, IntakeOptions } from '../items.ts';
import type { Report } from '../report.ts';
import type { Table, TableRow } from '../table.ts';
import { bindTable } from './bind.ts';
import type { BoundColumn } from './bind.ts';
import { finishDraft, newDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import { fillDraft } from './fill.ts';
import type { Dialect } from './kind.ts';

/** A record that a table gave, with what its row asks to be done. */
export interface RecordItem {
  readonly record: ArchiveRecord;
  readonly action?: Action;
}

/** Makes records of the rows of one table; rows of one alias that stand together and carry files are one record. */
export interface RecordBuilder {
  add: (row: TableRow) => RecordItem | undefined;
  end: () => RecordItem | undefined;
}

export function recordBuilder(
  table: Table,
  type: ObjectType,
  dialect: Dialect,
  options: IntakeOptions,
  report: Report,
): RecordBuilder {
  const { columns, hasFiles, fieldNames } = bindTable(table, type, dialect, options, report);
  const aliasColumn = columns.find(({ role }) => role.kind === 'alias');
  const checklistColumn = columns.find(({ role }) => role.kind === 'checklist');
  const fallback = fallbackChecklist(table, type, dialect, options);
  if (fallback !== undefined && dialect === 'ena' && type === 'sample' && !checklistColumn)
    report('GW3057', table.place, { params: { read: fallback } });
  const finished = new Set<string>();
  let draft: Draft | undefined;

  const finish = (): RecordItem | undefined => {
    if (!draft) return undefined;
    const { action } = draft;
    const item = { record: finishDraft(draft), ...(action === undefined ? {} : { action }) };
    draft = undefined;
    return item;
  };

  const add = (row: TableRow): RecordItem | undefined => {
    const valueOf = ({ at, header }: BoundColumn): string => {
      const value = row.values[at] ?? '';
      return dialect === 'ena' && isEnaBlank(value, header) ? '' : value;
    };
    const alias = aliasColumn === undefined ? '' : valueOf(aliasColumn);
    if (alias.trim() === '') {
      report('GW3050', { ...row.place, column: aliasColumn?.header ?? 'alias' });
      return undefined;
    }
    const more = hasFiles && draft?.alias === alias;
    const before = more ? undefined : finish();
    if (!more && hasFiles) {
      if (finished.has(alias)) report('GW3051', { ...row.place, alias }, { value: alias, params: { alias } });
      finished.add(alias);
    }
    draft ??= newDraft(type, alias, { ...row.place, alias });
    const given = checklistColumn === undefined ? '' : valueOf(checklistColumn).trim();
    const checklist = given === '' ? (draft.checklist ?? fallback) : given;
    const cells = columns.map((column) => {
      const value = valueOf(column);
      const written = row.values[column.at] ?? '';
      if (value === '' && written !== '')
        report('GW3044', { ...row.place, column: column.header, alias }, { value: written });
      return value;
    });
    fillDraft(draft, cells, { columns, names: fieldNames(checklist), place: row.place, report });
    if (checklist !== undefined) draft.checklist = checklist;
    return before;
  };

  return { add, end: finish };
}

/** ena-upload-cli takes its checklist from the command line, ERC000011 by default; a workbook's name often tells it. */
function fallbackChecklist(
  { place }: Table,
  type: ObjectType,
  dialect: Dialect,
  options: IntakeOptions,
): string | undefined {
  if (dialect === 'ena' && type === 'sample') return /ERC\d{6}/.exec(place.file ?? '')?.[0] ?? 'ERC000011';
  return options.defaultChecklist?.(type);
}

/** Scripts write None into empty cells, and 0 where a single library has no insert size. */
const isEnaBlank = (value: string, header: string): boolean =>
  value === 'None' || (value === '0' && header.trim() === 'insert_size');
