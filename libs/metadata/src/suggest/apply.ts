import type { ArchiveRecord } from '../model/record.ts';
import type { Finding } from '../rules/rule.ts';
import { fieldRules } from '../rules/catalogue/core.ts';

const renames = new Set<string>([fieldRules.fieldSpelling.code, fieldRules.fieldSynonym.code]);
const onUnits = new Set<string>([fieldRules.unitSpelling.code]);

/**
 * Carries out the suggestions that a person accepted, on a copy. A suggestion changes a cell only while it still holds the
 * value that was found; one for a column name renames the column unless that name is taken; an empty one empties the cell.
 */
export function applySuggestions(findings: readonly Finding[], record: ArchiveRecord): ArchiveRecord {
  const attributes = new Map(Object.entries(record.attributes));
  const units = new Map(Object.entries(record.units ?? {}));
  for (const finding of findings) {
    const { code, suggestion, place } = finding;
    const column = typeof place.column === 'string' ? place.column : undefined;
    if (suggestion === undefined || column === undefined) continue;
    if (renames.has(code)) rename(attributes, units, column, suggestion);
    else if (onUnits.has(code)) units.set(column, suggestion);
    else {
      replace(attributes, column, finding.value, suggestion);
      const unit = finding.params?.['unit'];
      if (code === fieldRules.unitInValue.code && typeof unit === 'string') units.set(column, unit);
    }
  }
  return {
    ...record,
    attributes: Object.fromEntries(attributes),
    ...(units.size > 0 && { units: Object.fromEntries(units) }),
  };
}

type Cells = Map<string, string | readonly string[]>;

function rename(attributes: Cells, units: Map<string, string>, from: string, to: string): void {
  const cell = attributes.get(from);
  if (cell === undefined || attributes.has(to)) return;
  attributes.delete(from);
  attributes.set(to, cell);
  const unit = units.get(from);
  if (unit === undefined) return;
  units.delete(from);
  units.set(to, unit);
}

function replace(attributes: Cells, column: string, found: string | undefined, suggestion: string): void {
  const cell = attributes.get(column);
  if (cell === undefined || found === undefined) return;
  if (typeof cell === 'string') {
    if (!isFound(cell, found)) return;
    if (suggestion === '') attributes.delete(column);
    else attributes.set(column, suggestion);
    return;
  }
  attributes.set(
    column,
    cell.map((item) => (isFound(item, found) ? suggestion : item)).filter((item) => item !== ''),
  );
}

/** Whether a cell holds what was found; findings cut long values and end them with "…". */
const isFound = (cell: string, found: string): boolean =>
  cell === found || (found.length === 200 && found.endsWith('…') && cell.startsWith(found.slice(0, -1)));

/**
 * One finding for each place and mend: reading a table and judging its fields may both notice the same blank. The first
 * stays.
 */
export function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ place: { file, sheet, row, column }, suggestion, code }) => {
    const key = JSON.stringify([file, sheet, row, column, suggestion ?? code]);
    return !seen.has(key) && seen.add(key);
  });
}
