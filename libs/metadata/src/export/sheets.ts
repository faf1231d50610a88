import { joinNames } from '../intake/tables/lists.ts';
import type { FilePart, Role } from '../intake/tables/names.ts';
import { headerOf } from '../intake/tables/names.ts';
import { formatOfName } from '../intake/tables/files.ts';
import type { ArchiveRecord, DeclaredFile, ObjectType, Relation } from '../model/record.ts';
import { objectTypes } from '../model/record.ts';

/** The rows of all records of one kind in the layout of docs/guide/en/tables.md. */
export interface Sheet {
  readonly type: ObjectType;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface SheetColumn {
  readonly header: string;
  /** The cell of a record, or of one of its files. */
  readonly cell: (record: ArchiveRecord, file: DeclaredFile | undefined) => string;
}

/** Lays records out as one sheet for each kind, with exactly the columns that they fill; each further file is a row. */
export function sheetsOf(records: readonly ArchiveRecord[]): readonly Sheet[] {
  const byType = Map.groupBy(records, ({ type }) => type);
  return objectTypes.flatMap((type) => {
    const group = byType.get(type);
    return group ? [sheetOf(type, group)] : [];
  });
}

function sheetOf(type: ObjectType, records: readonly ArchiveRecord[]): Sheet {
  const columns = columnsOf(type, records);
  const rows = records.flatMap((record) =>
    (record.files.length === 0 ? [undefined] : record.files).map((file) =>
      columns.map(({ cell }) => cell(record, file)),
    ),
  );
  return { type, header: columns.map(({ header }) => header), rows };
}

function columnsOf(type: ObjectType, records: readonly ArchiveRecord[]): readonly SheetColumn[] {
  const column = (role: Role, cell: SheetColumn['cell']): SheetColumn => ({ header: headerOf(role, type), cell });
  const columns: SheetColumn[] = [column({ kind: 'alias' }, ({ alias }) => alias)];
  for (const kind of ['accession', 'title', 'checklist'] as const)
    if (records.some((record) => record[kind] !== undefined))
      columns.push(column({ kind }, (record) => record[kind] ?? ''));
  for (const { relation, target } of relationsOf(records))
    columns.push(
      column({ kind: 'reference', relation, type: target }, ({ references }) =>
        joinNames(
          references.filter((ref) => ref.relation === relation && ref.type === target).map((ref) => ref.target),
        ),
      ),
    );
  columns.push(...attributeColumns(records, column), ...fileColumns(records, column));
  return columns;
}

function relationsOf(records: readonly ArchiveRecord[]): readonly { relation: Relation; target: ObjectType }[] {
  const seen = new Map<string, { relation: Relation; target: ObjectType }>();
  for (const { references } of records)
    for (const { relation, type } of references) seen.set(`${relation} ${type}`, { relation, target: type });
  return [...seen.values()];
}

function attributeColumns(
  records: readonly ArchiveRecord[],
  column: (role: Role, cell: SheetColumn['cell']) => SheetColumn,
): readonly SheetColumn[] {
  const single = new Set<string>();
  const lists = new Map<string, number>();
  const units = new Set<string>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record.attributes))
      if (typeof value === 'string') single.add(name);
      else lists.set(name, Math.max(lists.get(name) ?? 0, value.length));
    for (const name of Object.keys(record.units ?? {})) units.add(name);
  }
  const columns = [...single].map((name) =>
    column({ kind: 'attribute', name }, (record) => {
      const value = ownValue(record.attributes, name);
      return typeof value === 'string' ? value : '';
    }),
  );
  for (const [name, length] of lists)
    for (let position = 1; position <= length; position++)
      columns.push(
        column({ kind: 'attribute', name, position }, (record) => {
          const value = ownValue(record.attributes, name);
          return typeof value === 'string' ? '' : (value?.[position - 1] ?? '');
        }),
      );
  for (const name of units)
    columns.push(column({ kind: 'units', name }, (record) => ownValue(record.units ?? {}, name) ?? ''));
  return columns;
}

/** A submitter's field may be called `constructor`. */
const ownValue = <T>(values: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

const fileCells: readonly (readonly [FilePart, (file: DeclaredFile) => string])[] = [
  ['name', ({ name }) => name],
  ['format', ({ format, name }) => (format === formatOfName(name) ? '' : format)],
  ['md5', ({ md5 }) => md5 ?? ''],
  ['sha256', ({ sha256 }) => sha256 ?? ''],
  ['unencryptedMd5', ({ unencryptedMd5 }) => unencryptedMd5 ?? ''],
  ['readTypes', ({ readTypes }) => readTypes?.join(',') ?? ''],
];

function fileColumns(
  records: readonly ArchiveRecord[],
  column: (role: Role, cell: SheetColumn['cell']) => SheetColumn,
): readonly SheetColumn[] {
  const files = records.flatMap((record) => record.files);
  return fileCells
    .filter(([, cell]) => files.some((file) => cell(file) !== ''))
    .map(([part, cell]) => column({ kind: 'file', part, slot: 0 }, (_, file) => (file ? cell(file) : '')));
}
