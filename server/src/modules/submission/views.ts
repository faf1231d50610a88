import {
  ruleCatalogue,
  type FindingView,
  type ReplyOf,
  type submissionRoutes,
  type SubmissionSheet,
} from '@geneward/api';
import { render, type ArchiveRecord, type Finding, type Language } from '@geneward/metadata';
import type { Db } from '../../platform/db.ts';
import { labelOf } from '../access/index.ts';
import { addCounts, countsOutsideSheets, type KeptFinding } from './findings.ts';
import { acceptanceOrder } from './rules.ts';
import { countArrived } from './service/file-states.ts';
import type { EntryRow } from './store-read-entries.ts';
import { byType, countEntries, sheetsOf, type SheetRow, type SubmissionRow } from './store.ts';

type Whole = ReplyOf<typeof submissionRoutes.getSubmission>;
type Entry = ReplyOf<typeof submissionRoutes.getEntry>;

/** A submission by itself, as lists show it. */
export function briefView(row: SubmissionRow) {
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    version: row.etag,
    organisation: row.organisation_id,
    submitter: row.submitter_id,
    manner: row.manner,
    useTerms: row.use_terms,
    ...(row.release_on !== null && { releaseOn: row.release_on }),
    label: labelOf(row),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    ...(row.submitted_at !== null && { submittedAt: row.submitted_at.toISOString() }),
    ...(row.decided_at !== null && { decidedAt: row.decided_at.toISOString() }),
  };
}

/** A submission with its sheets, its objects and files by number, and all that was found. */
export async function submissionView(db: Db, row: SubmissionRow): Promise<Whole> {
  const sheets = await sheetsOf(db, row.id);
  const objects = await countEntries(db, row.id);
  const outside = await countsOutsideSheets(db, row.id);
  return {
    ...briefView(row),
    objects: objects.toSorted(byType(acceptanceOrder)),
    files: await countArrived(db, row),
    sheets: sheets.map(sheetView),
    counts: sheets.reduce((sum, sheet) => addCounts(sum, sheetCounts(sheet)), outside),
  };
}

const sheetCounts = ({ errors, warnings, hints, counts }: SheetRow) => ({ errors, warnings, hints, codes: counts });

/** A sheet and what came of reading it. */
export function sheetView(row: SheetRow): SubmissionSheet {
  const { new: fresh = 0, revised = 0, unchanged = 0, removed = 0 } = row.records;
  return {
    name: row.name,
    sha256: row.sha256,
    size: row.size,
    state: row.state,
    progress: row.progress,
    records: { new: fresh, revised, unchanged, removed },
    counts: sheetCounts(row),
    receivedAt: row.received_at.toISOString(),
    ...(row.read_at !== null && { readAt: row.read_at.toISOString() }),
  };
}

/** A finding in the reader's language. */
export function findingView(finding: Finding, language: Language): FindingView {
  const { code, level, place, value, suggestion } = finding;
  return {
    code,
    level,
    place,
    ...(value !== undefined && { value }),
    ...(suggestion !== undefined && { suggestion }),
    ...render(finding, language, ruleCatalogue),
  };
}

/** A kept finding, which also tells who found it. */
export const keptFindingView = (finding: KeptFinding, language: Language) => ({
  ...findingView(finding, language),
  source: finding.source,
});

/** What an entry says, in the form in which every reader and writer has it. */
export function recordOf(row: EntryRow): ArchiveRecord {
  return {
    type: row.type,
    alias: row.alias,
    ...(row.accession !== null && { accession: row.accession }),
    ...(row.title !== null && { title: row.title }),
    ...(row.checklist !== null && { checklist: row.checklist }),
    attributes: row.attributes,
    ...(Object.keys(row.units).length > 0 && { units: row.units }),
    references: row.refs,
    files: row.files,
    place: row.place,
  };
}

/** An entry of a submission. @param errors how many errors name it */
export function entryView(row: EntryRow, errors: number): Entry {
  return {
    object: row.object_id,
    version: row.version,
    change: row.version === 1 ? 'new' : 'revised',
    type: row.type,
    alias: row.alias,
    ...(row.accession !== null && { accession: row.accession }),
    ...(row.title !== null && { title: row.title }),
    ...(row.checklist !== null && { checklist: row.checklist }),
    ...(row.sheet !== null && { sheet: row.sheet }),
    attributes: row.attributes,
    units: row.units,
    references: row.refs,
    files: row.files.map(({ readTypes, ...file }) => ({ ...file, ...(readTypes && { readTypes: [...readTypes] }) })),
    errors,
  };
}
