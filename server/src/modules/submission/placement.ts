import type { ObjectStatus } from '@geneward/api';
import type { ArchiveRecord } from '@geneward/metadata';

/** What the archive knows of the object that a record means. */
export interface Known {
  readonly object: string;
  readonly alias: string;
  readonly accession: string | null;
  readonly status: ObjectStatus;
  /** The accepted version. */
  readonly current: { readonly version: number; readonly sha256: string } | undefined;
  /** A version that waits for acceptance, in this or another submission. */
  readonly proposed:
    | { readonly version: number; readonly sha256: string; readonly submission: string; readonly sheet: string | null }
    | undefined;
}

/** What is done with a record of a sheet. */
export type Placement =
  | { readonly kind: 'new' }
  /** A version of an accepted object. */
  | { readonly kind: 'revise'; readonly object: string; readonly version: number }
  /** The submission has it already, saying something else. */
  | { readonly kind: 'rewrite'; readonly object: string; readonly version: number }
  /** The submission has it already, and so. */
  | { readonly kind: 'keep'; readonly object: string; readonly version: number }
  /** The archive has it already, and so. */
  | { readonly kind: 'unchanged'; readonly object: string }
  | { readonly kind: 'refuse'; readonly because: Refused; readonly sheet?: string };

export type Refused =
  | 'accession_unknown'
  | 'accession_of_other_alias'
  | 'in_other_submission'
  | 'gone'
  | 'in_other_sheet';

/** Decides what a record of a sheet does. `sheet` is undefined for an object that is edited singly. */
export function placeRecord(
  record: Pick<ArchiveRecord, 'alias' | 'accession'>,
  sha256: string,
  known: Known | undefined,
  at: { readonly submission: string; readonly sheet: string | undefined },
): Placement {
  if (!known)
    return record.accession === undefined ? { kind: 'new' } : { kind: 'refuse', because: 'accession_unknown' };
  const { object, current, proposed } = known;
  if (known.alias !== record.alias) return { kind: 'refuse', because: 'accession_of_other_alias' };
  if (record.accession !== undefined && record.accession !== known.accession)
    return { kind: 'refuse', because: known.accession === null ? 'accession_unknown' : 'accession_of_other_alias' };
  if (known.status === 'withdrawn' || known.status === 'destroyed') return { kind: 'refuse', because: 'gone' };
  if (proposed && proposed.submission !== at.submission) {
    // To name an accepted object unchanged is no revision, whoever revises it elsewhere.
    return current?.sha256 === sha256
      ? { kind: 'unchanged', object }
      : { kind: 'refuse', because: 'in_other_submission' };
  }
  if (!proposed) {
    if (!current) return { kind: 'refuse', because: 'in_other_submission' };
    return current.sha256 === sha256
      ? { kind: 'unchanged', object }
      : { kind: 'revise', object, version: current.version + 1 };
  }
  if (at.sheet !== undefined && proposed.sheet !== null && proposed.sheet !== at.sheet)
    return { kind: 'refuse', because: 'in_other_sheet', sheet: proposed.sheet };
  const { version } = proposed;
  // Back to what is accepted: the proposed version goes with the other entries that the sheet no longer brings.
  if (current?.sha256 === sha256) return { kind: 'unchanged', object };
  return proposed.sha256 === sha256 ? { kind: 'keep', object, version } : { kind: 'rewrite', object, version };
}
