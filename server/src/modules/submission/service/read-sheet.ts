import { join, submissionRules, type Label } from '@geneward/api';
import {
  found,
  readSubmission,
  withoutEchoes,
  type ArchiveRecord,
  type Finding,
  type IntakeItem,
} from '@geneward/metadata';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { labelOf } from '../../access/index.ts';
import { defaultChecklist } from '../../reference/index.ts';
import { writeFindings, type Counts, type FindingWriter } from '../findings.ts';
import { recordsAtOnce, sheetSource, type Intake } from '../intake.ts';
import type { Seen } from '../store-entries.ts';
import * as store from '../store.ts';
import type { Change } from '../tables.ts';
import { announce } from './announce.ts';
import { openJudge, type Judge } from './judge.ts';
import { placeRecords } from './place-records.ts';
import { letGo, tellChanged } from './remove.ts';

/** A kept sheet that is to be read into its submission, which is locked. */
interface Reading {
  readonly row: store.SubmissionRow;
  readonly sheet: store.SheetRow;
  readonly seen: Seen;
  /** Told of how many records have been read. */
  readonly progress?: (records: number) => Promise<void>;
}

/** What reading gave so far. */
interface Sum {
  read: number;
  label: Label;
  readonly changes: Record<Change, number>;
}

/**
 * Reads a sheet: rows that are new or changed are written, objects that it no longer brings are taken out, and all that was
 * found is kept. A sheet that gives no record at all changes nothing. Memory does not grow with the sheet; the transaction is
 * the caller's, so either all of it happens or nothing.
 */
export async function readSheet(tx: Tx, context: Context, intake: Intake, reading: Reading): Promise<store.SheetRow> {
  const { sheet, seen } = reading;
  const row = await store.updateSubmission(tx, reading.row.id, { updated_at: context.now() });
  const judge = await openJudge(tx, context.now());
  const findings = await writeFindings(tx, row.id, sheetSource(sheet.name));
  const sum: Sum = { read: 0, label: labelOf(row), changes: { new: 0, revised: 0, unchanged: 0, removed: 0 } };
  for await (const batch of oneAhead(batchesOf(intake, sheet, judge))) {
    await takeBatch(tx, context, intake, { row, sheet, seen, judge, findings, sum }, batch);
    await reading.progress?.(sum.read);
  }
  const counts = await findings.end();
  const failed = sum.read === 0 && counts.errors > 0;
  if (!failed) {
    const gone = await seen.missing(row.id, sheet.name);
    await letGo(tx, context, intake, row.id, gone);
    await tellChanged(tx, intake, gone);
    sum.changes.removed = gone.length;
    await store.setSubmissionLabel(tx, row.id, sum.label);
    await announce(tx, context, row.id);
  }
  return close(tx, context, { row, sheet, counts, changes: sum.changes, failed });
}

interface Batch {
  readonly records: readonly ArchiveRecord[];
  readonly findings: readonly Finding[];
}

/** The sheet in batches that memory and one statement can hold. */
async function* batchesOf({ blobs, config }: Intake, sheet: store.SheetRow, { book }: Judge): AsyncGenerator<Batch> {
  const { sheetBytes, sheetRows, cellCharacters } = config.limits;
  const source = { name: sheet.name, bytes: await blobs.open(sheet.blob_key) };
  let records: ArchiveRecord[] = [];
  let findings: Finding[] = [];
  for await (const item of readSubmission([source], {
    limits: { bytes: sheetBytes, heldBytes: sheetBytes, rows: sheetRows, cell: cellCharacters },
    checklist: (id) => book.get(id),
    defaultChecklist,
  })) {
    if ('record' in item) records.push(item.record);
    else findings.push('finding' in item ? item.finding : instructionFinding(item, sheet.name));
    if (records.length < recordsAtOnce && findings.length < recordsAtOnce) continue;
    yield { records, findings };
    records = [];
    findings = [];
  }
  yield { records, findings };
}

/** Fetches the next batch while the caller is still busy with one: reading goes on while the database writes. */
async function* oneAhead<T>(batches: AsyncGenerator<T>): AsyncGenerator<T> {
  for (let next = batches.next(); ;) {
    const { value, done } = await next;
    if (done) return;
    next = batches.next();
    // Told when it is awaited; until then nobody listens.
    next.catch(() => undefined);
    yield value;
  }
}

const instructionFinding = ({ instruction }: Extract<IntakeItem, { instruction: unknown }>, file: string): Finding =>
  found(submissionRules.instruction, { file }, { value: instruction.action });

async function takeBatch(
  tx: Tx,
  context: Context,
  intake: Intake,
  to: {
    row: store.SubmissionRow;
    sheet: store.SheetRow;
    seen: Seen;
    judge: Judge;
    findings: FindingWriter;
    sum: Sum;
  },
  { records, findings }: Batch,
): Promise<void> {
  const { row, sheet, seen, judge, sum } = to;
  const judged = await judge.judge(records);
  const placed = await placeRecords(tx, context, intake, { row, sheet: sheet.name, seen }, records);
  for (const finding of withoutEchoes([...findings, ...judged, ...placed.findings])) await to.findings.add(finding);
  sum.read += records.length;
  sum.label = join(sum.label, placed.label);
  for (const change of ['new', 'revised', 'unchanged'] as const) sum.changes[change] += placed[change];
}

async function close(
  tx: Tx,
  context: Context,
  result: {
    row: store.SubmissionRow;
    sheet: store.SheetRow;
    counts: Counts;
    changes: Record<Change, number>;
    failed: boolean;
  },
): Promise<store.SheetRow> {
  const { row, sheet, counts, changes, failed } = result;
  const { errors, warnings, hints, codes } = counts;
  const state = failed ? 'failed' : 'read';
  await record(tx, context, {
    type: 'submission.sheet_read',
    object: { kind: 'submission', id: row.id },
    content: { sheet: sheet.name, sha256: sheet.sha256, state, errors, warnings, hints, ...changes },
  });
  return store.updateSheet(tx, row.id, sheet.name, {
    state,
    errors,
    warnings,
    hints,
    progress: changes.new + changes.revised + changes.unchanged,
    records: JSON.stringify(changes),
    counts: JSON.stringify(codes),
    read_at: context.now(),
  });
}
