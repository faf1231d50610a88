import type { Place } from '../../rules/rule.ts';
import { actions } from '../items.ts';
import type { Report } from '../report.ts';
import type { BoundColumn, FieldName } from './bind.ts';
import type { Draft } from './draft.ts';
import { declaredFile } from './files.ts';
import { splitNames } from './lists.ts';
import type { FilePart, Role } from './names.ts';

/** What the cells of a row mean, and where they stand. */
export interface RowMeaning {
  readonly columns: readonly BoundColumn[];
  readonly names: readonly FieldName[];
  readonly place: Place;
  readonly report: Report;
}

/** A cell with what is needed to take it into a draft. */
interface Cell {
  readonly value: string;
  readonly place: () => Place;
  /** Whether the cell may set what stood as `first` before; reports when the two differ. */
  readonly agrees: (first: string | undefined) => boolean;
  readonly report: Report;
}

/** Fills in what one row says; `cells` stand in the order of the columns, and those of later rows agree with earlier ones. */
export function fillDraft(draft: Draft, cells: readonly string[], { columns, names, place, report }: RowMeaning): void {
  const files = new Map<number, Map<FilePart, string>>();
  columns.forEach(({ header, role }, index) => {
    const value = cells[index] ?? '';
    if (value === '') return;
    const cellPlace = (): Place => ({ ...place, column: header, alias: draft.alias });
    const agrees = (first: string | undefined): boolean => {
      if (first === undefined || first === value) return true;
      report('GW3052', cellPlace(), { value, params: { alias: draft.alias, first, column: header } });
      return false;
    };
    const cell: Cell = { value, place: cellPlace, agrees, report };
    if (role.kind === 'file') files.set(role.slot, (files.get(role.slot) ?? new Map()).set(role.part, value));
    else fillCell(draft, role, names[index], cell);
  });
  for (const [, parts] of [...files].toSorted(([a], [b]) => a - b)) {
    const file = declaredFile(parts);
    if (file) draft.files.push(file);
    else report('GW3053', { ...place, alias: draft.alias }, { value: [...parts.values()].join(' ') });
  }
}

function fillCell(draft: Draft, role: Exclude<Role, { kind: 'file' }>, field: FieldName | undefined, cell: Cell): void {
  const { value, agrees } = cell;
  switch (role.kind) {
    case 'alias':
      break;
    case 'checklist':
      agrees(draft.checklist);
      break;
    case 'accession':
    case 'title':
      if (agrees(draft[role.kind])) draft[role.kind] = value;
      break;
    case 'action':
      fillAction(draft, cell);
      break;
    case 'reference':
      fillReferences(draft, role, cell);
      break;
    case 'units':
      if (agrees(draft.units.get(role.name))) draft.units.set(role.name, value);
      break;
    case 'attribute':
      fillAttribute(draft, field ?? role, role.position, cell);
      break;
  }
}

function fillAttribute(
  draft: Draft,
  { name, unit }: FieldName,
  position: number | undefined,
  { value, agrees }: Cell,
): void {
  if (unit !== undefined) draft.units.set(name, unit);
  if (position === undefined) {
    if (agrees(draft.attributes.get(name))) draft.attributes.set(name, value);
    return;
  }
  const list = draft.lists.get(name) ?? new Map<number, string>();
  if (agrees(list.get(position))) draft.lists.set(name, list.set(position, value));
}

function fillReferences(draft: Draft, { relation, type }: Extract<Role, { kind: 'reference' }>, cell: Cell): void {
  const targets = splitNames(cell.value);
  if (!targets) cell.report('GW3054', cell.place(), { value: cell.value });
  for (const target of targets ?? []) {
    const known = draft.references.some(
      (ref) => ref.relation === relation && ref.type === type && ref.target === target,
    );
    if (!known) draft.references.push({ relation, type, target });
  }
}

const sentWords = new Set(['added', 'modified', 'released', 'cancelled', 'submitted', 'sent']);

function fillAction(draft: Draft, { value, place, report }: Cell): void {
  const word = value.trim().toLowerCase();
  const action = sentWords.has(word) ? 'sent' : actions.find((known) => known === word);
  if (action === undefined) report('GW3055', place(), { value });
  else draft.action = action;
  if (action === 'sent') report('GW3056', place(), { value });
}
