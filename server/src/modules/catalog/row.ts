import { documentOf } from './document.ts';
import { entryOf, type Entry, type IndexedObject } from './entry.ts';
import { fold } from './tokens.ts';

/** A row of the index as it is written; absent values are null. */
export type EntryRow = ReturnType<typeof rowOf>;

/** Makes the row of an object, once, for all who write the index. */
export function rowOf(object: IndexedObject, now: Date) {
  const entry: Entry = entryOf(object);
  return {
    object_id: entry.id,
    type: entry.type,
    accession: entry.accession ?? null,
    alias: entry.alias,
    title: entry.title,
    title_key: fold(entry.title).trim().slice(0, 100),
    accession_key: entry.accession ?? '~',
    organism: entry.organism ?? null,
    taxon: entry.taxon ?? null,
    country: entry.country ?? null,
    collected_on: entry.collectedOn ?? null,
    strategy: entry.strategy ?? null,
    platform: entry.platform ?? null,
    instrument: entry.instrument ?? null,
    organisation_id: entry.organisation,
    submitter_id: entry.submitter,
    status: entry.status,
    manner: entry.manner,
    grade: entry.label.grade,
    categories: entry.label.categories,
    jurisdictions: entry.label.jurisdictions,
    released_at: entry.releasedAt?.toISOString() ?? null,
    updated_at: entry.updatedAt.toISOString(),
    sorted_at: (entry.releasedAt ?? entry.updatedAt).toISOString(),
    year: entry.year ?? null,
    files: entry.files,
    bytes: entry.bytes.toString(),
    open: entry.open,
    listed: entry.listed,
    dice: diceOf(entry.id),
    document: documentOf(object, entry),
    indexed_at: now.toISOString(),
  };
}

const passedOn = [
  'open',
  'organism',
  'taxon',
  'country',
  'collected_on',
  'strategy',
  'platform',
  'instrument',
] as const;

/** Whether what stands on an object has to be indexed again: fields that it takes from it changed. */
export function passesOnAnew(before: Pick<EntryRow, (typeof passedOn)[number]> | undefined, after: EntryRow): boolean {
  return passedOn.some((name) => (before?.[name] ?? null) !== after[name]);
}

/** A fixed throw from 0 to 63: FNV-1a over the id, folded to six bits. */
function diceOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  return (hash ^ (hash >>> 6)) & 63;
}
