import type { BlobStore } from '../../../platform/blobs.ts';
import type { Context } from '../../../platform/context.ts';
import { openFile } from '../../files/index.ts';
import { sequencesOffered, type SequencesOffered } from '../../submission/index.ts';
import { withoutRecords } from '../fasta.ts';
import { readRecords } from '../records.ts';
import type { SourceRow } from '../store.ts';
import type { TakenAt } from '../tables.ts';
import type { Look } from './look.ts';

const page = 200;
const begin = { since: '-infinity', after: '00000000-0000-0000-0000-000000000000' };

/**
 * What this archive has released of an organism: every FASTA file of an open object is a batch, under the terms of the object, with date
 * and place of the sample that it stands on. An object that is open no more is taken back.
 */
export async function* lookIntoArchive(
  { db }: Context,
  blobs: BlobStore,
  row: SourceRow,
  taken: (external: string) => Promise<unknown>,
): Look {
  let position = { ...begin, ...(row.position as Partial<typeof begin>) };
  for (;;) {
    const objects = await sequencesOffered(db, { ...position, limit: page });
    for (const object of objects) {
      if (isOf(object, row.address))
        for (const { id, name } of object.files) {
          const external = `${object.accession} ${id}`;
          const known = await taken(external);
          if (object.open && !known) {
            const names = await namesIn(await openFile(db, blobs, id));
            const records = Object.fromEntries(names.map((one) => [one, takenAt(object)]));
            const fasta = await openFile(db, blobs, id);
            yield { kind: 'arrival', external, title: `${object.accession} ${name}`, records, fasta };
          }
          if (!object.open && known)
            yield { kind: 'gone', external, reason: `${object.accession} is not open any more` };
        }
      position = { since: object.changed, after: object.id };
    }
    if (objects.length > 0) yield { kind: 'reached', position };
    if (objects.length < page) return;
  }
}

const valueOf = ({ attributes }: SequencesOffered, ...names: string[]): string | undefined => {
  for (const each of attributes)
    for (const name of names) {
      const value = each[name];
      const [text] = typeof value === 'string' ? [value] : (value ?? []);
      if (text !== undefined && text !== '') return text;
    }
  return undefined;
};

const isOf = (object: SequencesOffered, organism: string): boolean =>
  valueOf(object, 'organism')?.toLowerCase() === organism.toLowerCase();

/** Date and place of its sample, in the words that a table would have them, and the terms of the object. */
function takenAt(object: SequencesOffered): TakenAt {
  const [date = '', place = ''] = [valueOf(object, 'collection_date'), valueOf(object, 'geo_loc_name')];
  const { records } = readRecords(`name\tdate\tplace\nx\t${date}\t${place}\n`, { lenient: true });
  const terms = object.useTerms.slice(0, 2000);
  return { ...records['x'], use: { source: object.accession, ...(terms !== '' && { terms }) } };
}

async function namesIn(bytes: AsyncIterable<Uint8Array>): Promise<string[]> {
  const names: string[] = [];
  const nothing = withoutRecords(bytes, (_, name) => names.push(name) > 0);
  while (!(await nothing.next()).done);
  return names;
}
