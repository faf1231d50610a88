import type { ArchiveRecord } from '../model/record.ts';
import { fieldRules } from '../rules/catalogue/core.ts';
import { found } from '../rules/found.ts';
import type { Finding, Place } from '../rules/rule.ts';
import { builtInTaxonomy } from '../taxonomy/built-in.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { earliest, readDate } from '../value/date.ts';
import type { Checklist, Field } from './checklist.ts';
import { fieldsOf } from './checklist.ts';
import type { RowCheck } from './across.ts';
import { conditionChecks, groupChecks, organismChecks, pointChecks } from './across.ts';
import type { Header } from './header.ts';
import { headerReader } from './header.ts';
import { judgeOf } from './judge.ts';
import { taxonJudge } from './judge-taxon.ts';
import { unitJudge } from './judge-unit.ts';
import type { Verdict } from './verdict.ts';
import { passes, place, remember } from './verdict.ts';

/** The part of a record that a checklist looks at. */
export type Row = Pick<ArchiveRecord, 'attributes' | 'units' | 'place'>;

/** What a validator needs besides its checklist: nothing is taken from the clock. */
export interface CompileOptions {
  /** `YYYY-MM-DD`; dates that lie after it everywhere on earth are in the future. */
  readonly today: string;
  /** The built-in set when absent. */
  readonly taxonomy?: Taxonomy;
}

/** A compiled checklist. It keeps caches, so make one per sheet or request, not per row. */
export interface Validator {
  readonly checklist: Checklist;
  /** Every finding on the values of a row. Columns under a synonym are judged as the field they mean. */
  readonly validate: (row: Row) => Finding[];
  /** Findings on the column names of a sheet, to be asked once per sheet: synonyms, slips, attributes of one's own. */
  readonly headers: (names: Iterable<string>, where: Place) => Finding[];
}

interface Column {
  readonly name: string;
  readonly single: boolean;
  readonly whenEmpty: readonly Verdict[];
  readonly judge: (value: string) => readonly Verdict[];
  readonly unit: ((value: string, unit: string | undefined) => readonly Verdict[]) | undefined;
}

/**
 * Turns a checklist into closures, one per column, with remembered verdicts for values that repeat. A row that passes
 * allocates nothing but its empty list of findings. Throws `RangeError` when `today` is no date.
 */
export function compileChecklist(
  checklist: Checklist,
  { today, taxonomy = builtInTaxonomy() }: CompileOptions,
): Validator {
  const reading = readDate(today);
  if (!reading.ok) throw new RangeError(`today must be YYYY-MM-DD, not "${today}"`);
  const now = earliest({ ...reading.from, hour: 23, minute: 59, second: 59, zone: -12 * 60 });
  const world = { now, taxon: (field: Field) => taxonJudge(field, taxonomy, checklist.label.en) };
  const fields = fieldsOf(checklist);
  const known = new Set(fields.map((field) => field.name));
  const readHeader = remember(headerReader(checklist));
  const columns = fields.map((field): Column => ({
    name: field.name,
    single: field.multiple !== true,
    whenEmpty: emptyVerdict(field),
    judge: remember(judgeOf(field, world)),
    unit: unitJudge(field),
  }));
  const checks: readonly RowCheck[] = [
    ...groupChecks(checklist),
    ...organismChecks(fields, taxonomy),
    ...pointChecks(fields),
    ...conditionChecks(checklist),
  ];

  const validate = (row: Row): Finding[] => {
    const findings: Finding[] = [];
    const plain = allKnown(row.attributes, known);
    const own = plain ? undefined : standing(row, readHeader);
    const { attributes, units } = own ?? row;
    for (const column of columns) judgeCell(column, attributes[column.name], units?.[column.name], row.place, findings);
    for (const check of checks) check(attributes, row.place, findings);
    return own ? findings.map((finding) => asWritten(finding, own.written)) : findings;
  };

  const headers = (names: Iterable<string>, where: Place): Finding[] => {
    const findings: Finding[] = [];
    for (const name of names) {
      const header = readHeader(name);
      if (header.kind === 'field') continue;
      const at = { ...where, column: name };
      const params = { field: name };
      if (header.kind === 'synonym')
        findings.push(found(fieldRules.fieldSynonym, at, { params, suggestion: header.field.name }));
      else if (header.suggestion === undefined) findings.push(found(fieldRules.unknownField, at, { params }));
      else findings.push(found(fieldRules.fieldSpelling, at, { params, suggestion: header.suggestion }));
    }
    return findings;
  };

  return { checklist, validate, headers };
}

function emptyVerdict({ name, requirement }: Field): readonly Verdict[] {
  if (requirement === 'optional') return passes;
  return [
    {
      rule: requirement === 'mandatory' ? fieldRules.missing : fieldRules.recommended,
      detail: { params: { field: name } },
    },
  ];
}

function judgeCell(
  column: Column,
  value: string | readonly string[] | undefined,
  unit: string | undefined,
  where: Place,
  findings: Finding[],
): void {
  if (typeof value === 'string' && value !== '') {
    judgeValue(column, value, unit, where, findings);
    return;
  }
  const values = typeof value === 'string' || value === undefined ? [] : value.filter((item) => item !== '');
  if (values.length === 0) place(column.whenEmpty, where, column.name, findings);
  if (values.length > 1 && column.single) {
    const detail = { value: values.join(' | '), params: { field: column.name, count: values.length } };
    place([{ rule: fieldRules.several, detail }], where, column.name, findings);
  }
  for (const item of values) judgeValue(column, item, unit, where, findings);
}

function judgeValue(column: Column, value: string, unit: string | undefined, where: Place, findings: Finding[]): void {
  const verdicts = column.judge(value);
  if (verdicts !== passes) place(verdicts, where, column.name, findings);
  if (!column.unit) return;
  const onUnit = column.unit(value, unit);
  if (onUnit !== passes) place(onUnit, where, column.name, findings);
}

function allKnown(attributes: Row['attributes'], known: ReadonlySet<string>): boolean {
  for (const name in attributes) if (!known.has(name)) return false;
  return true;
}

interface Standing extends Pick<Row, 'attributes' | 'units'> {
  /** Field name to the column name that the user wrote. */
  readonly written: ReadonlyMap<string, string>;
}

/** The cells under the names of the fields that their headers mean; a field's own column wins over its synonyms. */
function standing({ attributes, units = {} }: Row, readHeader: (name: string) => Header): Standing {
  const written = new Map<string, string>();
  const cells: [string, string | readonly string[]][] = [];
  const unitCells: [string, string][] = [];
  for (const [name, cell] of Object.entries(attributes)) {
    const header = readHeader(name);
    if (header.kind === 'unknown') continue;
    const { name: field } = header.field;
    if (header.kind === 'synonym' && (Object.hasOwn(attributes, field) || written.has(field))) continue;
    if (header.kind === 'synonym') written.set(field, name);
    cells.push([field, cell]);
    const unit = units[name];
    if (unit !== undefined) unitCells.push([field, unit]);
  }
  return { attributes: Object.fromEntries(cells), units: Object.fromEntries(unitCells), written };
}

function asWritten(finding: Finding, written: ReadonlyMap<string, string>): Finding {
  const name = written.get(String(finding.place.column));
  return name === undefined ? finding : { ...finding, place: { ...finding.place, column: name } };
}
