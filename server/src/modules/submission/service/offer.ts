import type { AccessManner, Label, ObjectStatus } from '@geneward/api';
import type { ObjectType } from '@geneward/metadata';
import type { Db } from '../../../platform/db.ts';
import { labelOf } from '../../access/index.ts';
import { fileSizes } from '../../files/index.ts';
import { attributesBelow, offeredObjects } from '../store-offer.ts';

type Attributes = Readonly<Record<string, string | readonly string[]>>;

/** What a catalogue is offered of an object. */
export interface OfferedObject {
  readonly id: string;
  readonly type: ObjectType;
  readonly accession?: string;
  readonly alias: string;
  readonly organisation: string;
  readonly submitter: string;
  readonly status: ObjectStatus;
  readonly manner: AccessManner;
  readonly label: Label;
  readonly releasedAt?: Date;
  readonly updatedAt: Date;
  readonly title?: string;
  readonly attributes: Attributes;
  readonly files: readonly { name: string; md5?: string; sha256?: string; bytes: bigint }[];
  /** Attributes of the samples and experiments that it stands on, nearest first. */
  readonly inherited: readonly Attributes[];
}

/** Objects as they are now, for a catalogue to index; it decides on access by what they carry. */
export async function objectsToIndex(db: Db, ids: readonly string[]): Promise<OfferedObject[]> {
  const rows = await offeredObjects(db, ids);
  const below = await attributesBelow(
    db,
    rows.map((row) => row.id),
  );
  const sizes = await fileSizes(
    db,
    rows.flatMap((row) => row.files.flatMap((file) => file.file_id ?? [])),
  );
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    alias: row.alias,
    organisation: row.organisation_id,
    submitter: row.submitter_id,
    status: row.status,
    manner: row.manner,
    label: labelOf(row),
    updatedAt: row.updated_at,
    attributes: row.attributes,
    inherited: below.get(row.id) ?? [],
    files: row.files.map(({ name, md5, sha256, file_id }) => ({
      name,
      ...(md5 !== null && { md5 }),
      ...(sha256 !== null && { sha256 }),
      bytes: (file_id !== null && sizes.get(file_id)) || 0n,
    })),
    ...(row.accession !== null && { accession: row.accession }),
    ...(row.released_at !== null && { releasedAt: row.released_at }),
    ...(row.title !== null && { title: row.title }),
  }));
}
