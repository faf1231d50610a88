import { near } from '../suggest/distance.ts';
import type { Checklist, Field } from './checklist.ts';
import { fieldsOf } from './checklist.ts';

/** What a column header turned out to be. */
export type Header =
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'synonym'; readonly field: Field }
  | { readonly kind: 'unknown'; readonly suggestion?: string };

/** Folds what people vary in names: case, spaces, underscores, hyphens, full-width forms. */
export const foldName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/gu, ' ')
    .trim();

/**
 * Finds the field that a header means: by its name, by another spelling, by a synonym or by its Chinese or English label;
 * otherwise names the nearest field, for a person to confirm.
 */
export function headerReader(checklist: Checklist): (header: string) => Header {
  const fields = fieldsOf(checklist);
  const exact = new Map(fields.map((field) => [field.name, field]));
  const folded = new Map<string, Field>();
  for (const field of fields)
    for (const name of [field.name, ...(field.synonyms ?? []), field.label.en, field.label.zh])
      if (!folded.has(foldName(name))) folded.set(foldName(name), field);
  const spellings = [...folded.keys()];
  return (header) => {
    const field = exact.get(header);
    if (field) return { kind: 'field', field };
    const other = folded.get(foldName(header));
    if (other) return { kind: 'synonym', field: other };
    const suggestion = folded.get(near(foldName(header), spellings) ?? '')?.name;
    return suggestion === undefined ? { kind: 'unknown' } : { kind: 'unknown', suggestion };
  };
}
