import { createHash } from 'node:crypto';
import type { ArchiveRecord } from '@geneward/metadata';

/** A record as it is kept, with the hashes that tell whether it changed and whether samples differ. */
export interface Content {
  readonly record: ArchiveRecord;
  readonly sha256: string;
  /** For samples: hash of everything but names, titles and descriptions. */
  readonly traits: string | null;
}

/** Fields that name or describe a sample without telling it apart from another. */
const naming = new Set(['sample_name', 'sample name', 'title', 'sample_title', 'description', 'sample_description']);

/** JSON text that PostgreSQL refuses: with NUL, or with half of a surrogate pair. */
export const unstorable = /\\u0000|\\ud[89a-f]/;

/** Prepares a record to be kept. Equal content gives equal hashes, whatever the order of its columns. */
export function contentOf(record: ArchiveRecord): Content {
  const { type, alias, title = null, checklist = null, attributes, units = {}, references, files, place } = record;
  const cells = sorted(attributes);
  const json = JSON.stringify([
    title,
    checklist,
    cells,
    sorted(units),
    references.map(({ relation, type: of, target }) => [relation, of, target]),
    files.map(({ name, format, md5, sha256, unencryptedMd5, readTypes }) => [
      name,
      format,
      md5,
      sha256,
      readTypes,
      unencryptedMd5,
    ]),
  ]);
  // Intake has reported such characters; what cannot be kept is taken out here.
  if (unstorable.test(json) || unstorable.test(JSON.stringify([alias, place]))) return contentOf(clean(record));
  const telling = () => cells.filter(([name]) => !naming.has(name.toLowerCase()));
  return {
    record,
    sha256: hashOf(json),
    traits: type === 'sample' ? hashOf(JSON.stringify([checklist, telling()])) : null,
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const sorted = <T>(values: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

function clean<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\u0000', '').toWellFormed() as T;
  if (Array.isArray(value)) return value.map(clean) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), clean(inner)])) as T;
}
