import type { ArchiveRecord, DeclaredFile, ObjectType, Reference } from '../../model/record.ts';
import type { Place } from '../../rules/rule.ts';
import type { Action } from '../items.ts';

/** A record while its rows are read. */
export interface Draft {
  readonly type: ObjectType;
  readonly alias: string;
  readonly place: Place;
  accession?: string;
  title?: string;
  checklist?: string;
  action?: Action;
  readonly attributes: Map<string, string>;
  /** Values of fields with several, by field and position. */
  readonly lists: Map<string, Map<number, string>>;
  readonly units: Map<string, string>;
  readonly references: Reference[];
  readonly files: DeclaredFile[];
}

/** Begins a record at its first row. */
export const newDraft = (type: ObjectType, alias: string, place: Place): Draft => ({
  type,
  alias,
  place,
  attributes: new Map(),
  lists: new Map(),
  units: new Map(),
  references: [],
  files: [],
});

/** The record that a draft has become. */
export function finishDraft(draft: Draft): ArchiveRecord {
  const { type, alias, place, accession, title, checklist, attributes, lists, units, references, files } = draft;
  const values: [string, string | readonly string[]][] = [...attributes];
  for (const [name, list] of lists)
    values.push([name, [...list].toSorted(([a], [b]) => a - b).map(([, value]) => value)]);
  return {
    type,
    alias,
    ...(accession === undefined ? {} : { accession }),
    ...(title === undefined ? {} : { title }),
    ...(checklist === undefined ? {} : { checklist }),
    attributes: Object.fromEntries(values),
    ...(units.size === 0 ? {} : { units: Object.fromEntries(units) }),
    references,
    files,
    place,
  };
}
