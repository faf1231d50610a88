import type { FieldChange, ObjectContent } from '@geneward/api';

type Value = string | string[];
type Fields = Map<string, Value>;

/**
 * What differs between two versions of an object, field by field, in a stable order.
 * Paths: `title`, `checklist`, `attributes.NAME`, `units.NAME`, `references.RELATION.TYPE`, `files.NAME`.
 */
export function diff(before: ObjectContent, after: ObjectContent): FieldChange[] {
  const old = fieldsOf(before);
  const now = fieldsOf(after);
  const changes: FieldChange[] = [];
  for (const path of [...new Set([...old.keys(), ...now.keys()])].toSorted()) {
    const from = old.get(path);
    const to = now.get(path);
    if (from === undefined && to !== undefined) changes.push({ path, change: 'added', after: to });
    else if (from !== undefined && to === undefined) changes.push({ path, change: 'removed', before: from });
    else if (from !== undefined && to !== undefined && !same(from, to))
      changes.push({ path, change: 'changed', before: from, after: to });
  }
  return changes;
}

function fieldsOf(content: ObjectContent): Fields {
  const fields: Fields = new Map();
  if (content.title !== undefined) fields.set('title', content.title);
  if (content.checklist !== undefined) fields.set('checklist', content.checklist);
  for (const [name, value] of Object.entries(content.attributes)) fields.set(`attributes.${name}`, value);
  for (const [name, unit] of Object.entries(content.units)) fields.set(`units.${name}`, unit);
  for (const { relation, type, target } of content.references) {
    const path = `references.${relation}.${type}`;
    fields.set(path, [...asList(fields.get(path)), target].toSorted());
  }
  // A file is its bytes: the checksums tell whether it changed.
  for (const { name, format, md5, sha256, readTypes } of content.files)
    fields.set(`files.${name}`, [
      format,
      ...(md5 === undefined ? [] : [`md5:${md5}`]),
      ...(sha256 === undefined ? [] : [`sha256:${sha256}`]),
      ...(readTypes ?? []),
    ]);
  return fields;
}

const asList = (value: Value | undefined): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** One value and a list of that one value mean the same. */
const same = (a: Value, b: Value): boolean => JSON.stringify(asList(a)) === JSON.stringify(asList(b));
