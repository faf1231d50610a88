import type { ArchiveRecord } from '../model/record.ts';
import type { Export } from './loss.ts';

/** Writes `{"records": [...]}` by `recordJsonSchema`. Nothing is lost; where a record stood in its file is not part of it. */
export function writeJson(records: readonly ArchiveRecord[]): Export {
  const text = `${JSON.stringify({ records: records.map(withoutPlace) }, undefined, 2)}\n`;
  return { files: [{ name: 'records.json', bytes: new TextEncoder().encode(text) }], losses: [] };
}

/** Writes one record a line, so that any number of them can stream. */
export async function* writeJsonLines(
  records: Iterable<ArchiveRecord> | AsyncIterable<ArchiveRecord>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const record of records) yield encoder.encode(`${JSON.stringify(withoutPlace(record))}\n`);
}

function withoutPlace(record: ArchiveRecord): Omit<ArchiveRecord, 'place'> {
  const { type, alias, accession, title, checklist, attributes, units, references, files } = record;
  return {
    type,
    alias,
    ...(accession === undefined ? {} : { accession }),
    ...(title === undefined ? {} : { title }),
    ...(checklist === undefined ? {} : { checklist }),
    attributes,
    ...(units === undefined ? {} : { units }),
    references,
    files,
  };
}
