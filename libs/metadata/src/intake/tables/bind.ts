import type { Checklist } from '../../checklist/checklist.ts';
import type { Header } from '../../checklist/header.ts';
import { headerReader } from '../../checklist/header.ts';
import type { ObjectType } from '../../model/record.ts';
import type { IntakeOptions } from '../items.ts';
import type { Report } from '../report.ts';
import type { Table } from '../table.ts';
import type { Dialect } from './kind.ts';
import type { Role } from './names.ts';
import { fieldOfHeader, headerOf, roleOf, unitOf } from './names.ts';

/** A column with its meaning; `at` is its place among the values of a row. */
export interface BoundColumn {
  readonly at: number;
  readonly header: string;
  readonly role: Role;
}

/** The field that an attribute column fills, which depends on the checklist of the row. */
export interface FieldName {
  readonly name: string;
  readonly unit?: string;
}

/** The columns of a table with their meaning. */
export interface Binding {
  readonly columns: readonly BoundColumn[];
  readonly hasFiles: boolean;
  /** Field names in the order of `columns`; only those of attribute columns are meant. */
  readonly fieldNames: (checklist: string | undefined) => readonly FieldName[];
}

/** Understands the header of a table once, and says where a header was read as something else. */
export function bindTable(
  table: Table,
  type: ObjectType,
  dialect: Dialect,
  options: IntakeOptions,
  report: Report,
): Binding {
  const columns: BoundColumn[] = [];
  const taken = new Set<string>();
  const tell = (header: string, read: string): void => {
    const usual = dialect === 'ena' || read === header;
    if (!usual) report('GW3022', { ...table.place, column: header }, { value: header, params: { read } });
  };
  const hasAlias = table.columns.some(({ header }) => header === 'alias');
  table.columns.forEach(({ header }, at) => {
    const meant = roleOf(header, type);
    // Beside a column `alias`, "sample name" is a field, as in some ENA checklists.
    const role: Role =
      meant.kind === 'alias' && hasAlias && header !== 'alias' ? { kind: 'attribute', name: header } : meant;
    const name = headerOf(role, type);
    if (taken.has(name)) {
      report('GW3020', { ...table.place, column: header }, { value: header });
      return;
    }
    taken.add(name);
    if (role.kind !== 'attribute' && role.kind !== 'units' && !header.includes('[')) tell(header, name);
    columns.push({ at, header, role });
  });

  const known = new Map<Checklist | undefined, readonly FieldName[]>();
  const told = new Set<string>();
  const fieldNames = (checklist: string | undefined): readonly FieldName[] => {
    const list = checklist === undefined ? undefined : options.checklist?.(checklist);
    const names = known.get(list);
    if (names) return names;
    const read = list === undefined ? undefined : headerReader(list);
    const fresh = columns.map(({ header, role }) => {
      if (role.kind !== 'attribute' || role.exact === true) return { name: role.kind === 'attribute' ? role.name : '' };
      const field = fieldName(role.name, read);
      const shown = field.unit === undefined ? field.name : `${field.name} (${field.unit})`;
      if (shown !== role.name && !told.has(header)) tell(header, shown);
      told.add(header);
      return field;
    });
    known.set(list, fresh);
    return fresh;
  };
  return { columns, hasFiles: columns.some(({ role }) => role.kind === 'file'), fieldNames };
}

function fieldName(header: string, read: ((header: string) => Header) | undefined): FieldName {
  const name = header.replace(/^\s*\*\s*|\s*\*\s*$/g, '');
  const whole = read?.(name);
  if (whole && whole.kind !== 'unknown') return { name: whole.field.name };
  const split = unitOf(name);
  if (!split) return { name: fieldOfHeader(name) };
  const base = read?.(split.name);
  return { name: base && base.kind !== 'unknown' ? base.field.name : split.name, unit: split.unit };
}
