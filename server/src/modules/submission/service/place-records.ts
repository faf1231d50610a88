import { join, openLabel, submissionRules, type Label } from '@geneward/api';
import { found, objectRules, type ArchiveRecord, type Finding } from '@geneward/metadata';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { contentOf } from '../content.ts';
import { dropObjectFindings } from '../findings.ts';
import type { Intake } from '../intake.ts';
import { placeRecord, type Placement, type Refused } from '../placement.ts';
import * as entries from '../store-entries.ts';
import type { SubmissionRow } from '../store.ts';
import { classifierFor } from './classifier.ts';
import { freeFiles } from './remove.ts';

/** Where the records of a sheet are put, and what the sheet has brought before. */
interface Target {
  readonly row: SubmissionRow;
  readonly sheet: string;
  readonly seen: entries.Seen;
}

/** What became of some records. */
export interface Placed {
  readonly findings: readonly Finding[];
  /** The label of all that they ask for. */
  readonly label: Label;
  readonly new: number;
  readonly revised: number;
  readonly unchanged: number;
}

interface Step {
  readonly given: ArchiveRecord;
  readonly entry: entries.Entry;
  readonly placement: Placement;
}

/** Writes some records of a sheet: those that are new or say something else. What cannot be placed becomes findings. */
export async function placeRecords(
  tx: Tx,
  context: Context,
  intake: Intake,
  { row, sheet, seen }: Target,
  records: readonly ArchiveRecord[],
): Promise<Placed> {
  const findings: Finding[] = [];
  const steps = await plan(tx, context, { row, sheet }, firstOfEach(records, findings));
  const before = await seen.find(steps.flatMap(({ placement }) => ('object' in placement ? placement.object : [])));
  const placed: (entries.VersionEntry & { readonly kept: boolean })[] = [];
  const fresh: entries.Entry[] = [];
  let unchanged = 0;
  for (const { given, entry, placement } of steps) {
    if (placement.kind === 'refuse') findings.push(refusal(given, placement));
    else if (placement.kind === 'new') fresh.push(entry);
    else if (before.has(placement.object)) findings.push(twice(given, before.get(placement.object) ?? 0));
    else if (placement.kind === 'unchanged') unchanged += 1;
    else placed.push({ ...entry, ...placement, kept: placement.kind === 'keep' });
  }
  const rewritten = placed.filter((entry) => !entry.kept);
  const made = await entries.insertObjects(tx, row, fresh);
  const brought = fresh.map((entry, at) => ({ ...entry, object: made[at] ?? '', version: 1 }));
  await freeFiles(tx, context, intake, row.id, objectsOf(rewritten));
  await entries.writeVersions(tx, writer(context, row, sheet), [...rewritten, ...brought]);
  await entries.giveToSheet(tx, row.id, objectsOf(placed.filter((entry) => entry.kept)), sheet);
  await dropObjectFindings(tx, row.id, objectsOf(placed));
  await seen.add([...placed, ...brought].map(({ object, record }) => ({ object, row: lineOf(record) })));
  const revised = placed.filter(({ version }) => version > 1).length;
  return {
    findings,
    label: [...placed, ...brought].reduce((label, entry) => join(label, entry.label), openLabel),
    new: brought.length + placed.length - revised,
    revised,
    unchanged,
  };
}

/** Who writes versions, when and from which sheet. */
export function writer(context: Context, row: SubmissionRow, sheet: string | null) {
  return {
    submission: row.id,
    submitter: row.submitter_id,
    sheet,
    by: context.principal.kind === 'person' ? context.principal.id : row.submitter_id,
    at: context.now(),
    reason: '',
  };
}

async function plan(
  tx: Tx,
  context: Context,
  { row, sheet }: { row: SubmissionRow; sheet: string },
  records: readonly ArchiveRecord[],
): Promise<Step[]> {
  const known = await entries.knownObjects(tx, row.submitter_id, row.organisation_id, records);
  const contents = records.map((given) => ({ given, content: contentOf(given) }));
  const classify = await classifierFor(
    tx,
    contents.map(({ content }) => content.record),
    context.now(),
  );
  return contents.map(({ given, content }) => {
    const { record, sha256 } = content;
    const object = known.get(entries.nameKey(record.type, record.alias));
    return {
      given,
      entry: { ...content, label: classify(record) },
      placement: placeRecord(record, sha256, object, { submission: row.id, sheet }),
    };
  });
}

/** Within one batch, the first record of each name; the others are told of. */
function firstOfEach(records: readonly ArchiveRecord[], findings: Finding[]): ArchiveRecord[] {
  const first = new Map<string, ArchiveRecord>();
  for (const record of records) {
    const key = entries.nameKey(record.type, record.alias);
    const before = first.get(key);
    if (before) findings.push(twice(record, lineOf(before)));
    else if (record.alias.length <= 500) first.set(key, record);
  }
  return [...first.values()];
}

const lineOf = ({ place }: ArchiveRecord): number => place.row ?? place.line ?? place.record ?? 0;
const objectsOf = (list: readonly { readonly object: string }[]): string[] => list.map(({ object }) => object);

const twice = ({ type, alias, place }: ArchiveRecord, first: number): Finding =>
  found(objectRules.aliasTwice, { ...place, alias, column: 'alias' }, { value: alias, params: { type, first } });

const rules = {
  accession_unknown: submissionRules.accessionUnknown,
  accession_of_other_alias: submissionRules.accessionOfOther,
  in_other_submission: submissionRules.otherSubmission,
  gone: submissionRules.gone,
  in_other_sheet: submissionRules.otherSheet,
} as const satisfies Record<Refused, unknown>;

/** The finding on a record that cannot be placed. */
export function refusal(record: ArchiveRecord, refused: Extract<Placement, { kind: 'refuse' }>): Finding {
  const { type, alias, accession, place } = record;
  const { because, sheet } = refused;
  const byAccession = because === 'accession_unknown' || because === 'accession_of_other_alias';
  return found(
    rules[because],
    { ...place, alias, column: byAccession ? 'accession' : 'alias' },
    { value: byAccession ? (accession ?? '') : alias, params: { type, alias, ...(sheet !== undefined && { sheet }) } },
  );
}
