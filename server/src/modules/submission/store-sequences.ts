import { sql } from 'kysely';
import type { Db } from '../../platform/db.ts';
import { attributesBelow } from './store-offer.ts';

type Attributes = Readonly<Record<string, string | readonly string[]>>;

/** An object with FASTA files: open to everybody, or not any more. */
export interface SequencesOffered {
  readonly id: string;
  readonly accession: string;
  readonly open: boolean;
  readonly useTerms: string;
  /** When it last changed, as the database writes it: where the next page begins. */
  readonly changed: string;
  /** Its own attributes, then those of the samples and experiments that it stands on. */
  readonly attributes: readonly Attributes[];
  readonly files: readonly { readonly name: string; readonly id: string }[];
}

interface Row extends Omit<SequencesOffered, 'attributes' | 'useTerms'> {
  readonly use_terms: string;
  readonly own: Attributes;
}

/** Objects with FASTA files that were ever open and changed on or after a time, the first changed first. */
export async function sequencesOffered(
  db: Db,
  { since, after, limit }: { since: string; after: string; limit: number },
): Promise<SequencesOffered[]> {
  const { rows } = await sql<Row>`
    select o.id, o.accession, o.use_terms, o.updated_at::text as changed, v.attributes as own,
      o.status in ('released', 'suppressed') and o.manner = 'public' and o.grade < 3 as open, f.files
    from object o
    join object_version v on v.object_id = o.id and v.version = o.current_version
    cross join lateral (select jsonb_agg(jsonb_build_object('name', name, 'id', file_id) order by ordinal) as files
      from object_file where object_id = o.id and version = v.version and file_id is not null
        and name ~* '\\.(fasta|fa|fna)(\\.gz)?$') f
    where o.released_at is not null and o.accession is not null and f.files is not null
      and (o.updated_at, o.id) > (${since}::timestamptz, ${after}::uuid)
    order by o.updated_at, o.id limit ${limit}`.execute(db);
  const below = await attributesBelow(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ own, use_terms: useTerms, ...row }) => ({
    ...row,
    useTerms,
    attributes: [own, ...(below.get(row.id) ?? [])],
  }));
}
