import type { Field, FieldType } from '../checklist/checklist.ts';
import { foldName } from '../checklist/header.ts';
import { fieldsOf } from '../checklist/checklist.ts';
import { builtInChecklists } from '../checklist/built-in.ts';
import type { Text } from '../rules/rule.ts';

const known = new Map<string, Field>();
for (const field of builtInChecklists.flatMap(fieldsOf))
  for (const name of [field.name, ...(field.synonyms ?? [])])
    if (!known.has(foldName(name))) known.set(foldName(name), field);

/** The built-in field of the same name or synonym, from which an imported one takes its Chinese label. */
export const knownField = (name: string): Field | undefined => known.get(foldName(name));

/** A source's own label, with the Chinese one where the platform knows the field; otherwise the source's words in both. */
export function labelFor(name: string, label: string): Text {
  const zh = knownField(name)?.label.zh;
  return { en: label, zh: zh ?? label };
}

const strict: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ['collection date', { kind: 'date', ranges: true }],
  ['receipt date', { kind: 'date' }],
  ['lat lon', { kind: 'text', format: 'lat_lon' }],
  ['geo loc name', { kind: 'text', format: 'geo_loc_name' }],
  ['geographic location (latitude)', { kind: 'text', format: 'latitude' }],
  ['geographic location (longitude)', { kind: 'text', format: 'longitude' }],
  ['geographic location (country and/or sea)', { kind: 'text', format: 'country' }],
  ['taxon id', { kind: 'taxon', by: 'id', of: 'scientific_name' }],
  ['scientific name', { kind: 'taxon', by: 'name' }],
]);

/** The strict type of fields whose imported pattern is known to let nonsense through (facts: 2016-02-31, latitude 150). */
export const strictType = (name: string): FieldType | undefined => strict.get(foldName(name));
