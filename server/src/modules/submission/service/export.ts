import type { QueryOf, ReplyOf, submissionRoutes } from '@geneward/api';
import {
  lossReasons,
  writeJson,
  writeSraXml,
  writeTsv,
  writeXlsx,
  type ArchiveRecord,
  type Export,
  type ObjectType,
} from '@geneward/metadata';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { organisms } from '../../reference/index.ts';
import { exportedAtOnce } from '../intake.ts';
import { batchSize } from '../store-object.ts';
import { entriesAfter, presentEntry } from '../store-read-entries.ts';
import { recordOf } from '../views.ts';
import { openFor } from './open.ts';
import { findObject } from './read-object.ts';

type Routes = typeof submissionRoutes;
type Format = QueryOf<Routes['exportSubmission']>['format'];

/** A file to send. */
export interface Exported {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

const mediaTypes: Readonly<Record<Format, string>> = {
  tsv: 'text/tab-separated-values; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** A submission in a format that reads back: TSV and XML hold one type of object, the others all. */
export async function exportSubmission(
  context: Context,
  submission: string,
  { format, type }: QueryOf<Routes['exportSubmission']>,
): Promise<Exported> {
  const row = await openFor(context, submission, 'submission:read');
  if (type === undefined && (format === 'tsv' || format === 'xml')) throw new Problem('export_type_needed');
  const records = await recordsOf(context.db, submission, type);
  await record(context.db, context, {
    type: 'submission.exported',
    object: { kind: 'submission', id: row.id },
    content: { format, objects: records.length },
  });
  return pack(await write(context.db, records, format), format, submission, type);
}

/** What SRA/ENA XML cannot carry of a submission. */
export async function listLosses(
  context: Context,
  submission: string,
  limit: number,
): Promise<ReplyOf<Routes['listLosses']>> {
  await openFor(context, submission, 'submission:read');
  const { losses } = await write(context.db, await recordsOf(context.db, submission, undefined), 'xml');
  const items = losses
    .slice(0, limit)
    .map((loss) => ({ ...loss, message: lossReasons[loss.reason][context.language] }));
  return { items, total: losses.length };
}

/** One object as it stands now, for whoever may read it. */
export async function exportObject(context: Context, name: string, format: Format): Promise<Exported> {
  const object = await findObject(context, name, 'object:read_metadata');
  const entry = await presentEntry(context.db, object.id);
  if (!entry) throw new Problem('not_found');
  return pack(
    await write(context.db, [recordOf(entry)], format),
    format,
    object.accession ?? object.alias,
    object.type,
  );
}

async function recordsOf(db: Db, submission: string, type: ObjectType | undefined): Promise<ArchiveRecord[]> {
  const records: ArchiveRecord[] = [];
  for (let after: string | undefined; ;) {
    const rows = await entriesAfter(db, submission, { type, after, limit: batchSize });
    records.push(...rows.map(recordOf));
    if (records.length > exportedAtOnce) throw new Problem('export_too_large', { params: { limit: exportedAtOnce } });
    if (rows.length < batchSize) return records;
    after = rows.at(-1)?.object_id;
  }
}

async function write(db: Db, records: readonly ArchiveRecord[], format: Format): Promise<Export> {
  if (format === 'tsv') return writeTsv(records);
  if (format === 'json') return writeJson(records);
  if (format === 'xlsx') return writeXlsx(records);
  const known = await organisms(db);
  const names = records.flatMap(({ attributes: { organism } }) => (typeof organism === 'string' ? organism : []));
  await known.prepare(db, names, []);
  return writeSraXml(records, { taxonId: (name) => known.taxonomy.byName(name)?.taxon.id });
}

function pack({ files }: Export, format: Format, of: string, type: ObjectType | undefined): Exported {
  const file = files.find(({ name }) => type === undefined || name.startsWith(`${type}.`)) ?? files[0];
  return {
    name: `${of}${type === undefined ? '' : `.${type}`}.${format}`,
    type: mediaTypes[format],
    bytes: file?.bytes ?? new Uint8Array(),
  };
}
