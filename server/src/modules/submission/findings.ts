import type { Finding, Level, ObjectType, Place } from '@geneward/metadata';
import { sql } from 'kysely';
import { unstorable } from './content.ts';
import type { Db, Tx } from '../../platform/db.ts';

/** How often rules were met, in all and each. */
export interface Counts {
  errors: number;
  warnings: number;
  hints: number;
  readonly codes: Record<string, number>;
}

export const noCounts = (): Counts => ({ errors: 0, warnings: 0, hints: 0, codes: {} });

/** Findings of one source that are kept; what goes beyond is counted. */
export const keptFindings = 200_000;
const batch = 1000;

const tally = { error: 'errors', warning: 'warnings', hint: 'hints' } as const satisfies Record<Level, keyof Counts>;

/** Takes findings as they come and writes them in batches in the place of those that the source had. */
export interface FindingWriter {
  readonly counts: Counts;
  add(finding: Finding): Promise<void>;
  end(): Promise<Counts>;
}

export async function writeFindings(tx: Tx, submission: string, source: string): Promise<FindingWriter> {
  await dropFindings(tx, submission, source);
  const counts = noCounts();
  let waiting: Finding[] = [];
  let seq = 0;
  const flush = async () => {
    const rows = waiting.map(({ code, level, place, value, params, suggestion }) => ({
      seq: ++seq,
      code,
      level,
      place,
      value: value ?? null,
      params: params ?? null,
      suggestion: suggestion ?? null,
    }));
    waiting = [];
    if (rows.length === 0) return;
    await sql`
      insert into finding (submission_id, source, seq, code, level, place, value, params, suggestion)
      select ${submission}, ${source}, e.seq, e.code, e.level, e.place, e.value, e.params, e.suggestion
      from jsonb_to_recordset(${storableJson(rows)}::jsonb)
        as e(seq integer, code text, level text, place jsonb, value text, params jsonb, suggestion text)`.execute(tx);
  };
  return {
    counts,
    async add(finding) {
      counts[tally[finding.level]] += 1;
      counts.codes[finding.code] = (counts.codes[finding.code] ?? 0) + 1;
      if (seq + waiting.length >= keptFindings) return;
      waiting.push(finding);
      if (waiting.length >= batch) await flush();
    },
    async end() {
      await flush();
      return counts;
    },
  };
}

/** PostgreSQL holds no NUL and no half of a surrogate pair. A finding that quotes one shows a replacement sign. */
function storableJson(rows: unknown): string {
  const json = JSON.stringify(rows);
  if (!unstorable.test(json)) return json;
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\u0000', '\ufffd').toWellFormed() : value,
  );
}

export async function dropFindings(tx: Tx, submission: string, source: string): Promise<void> {
  await tx.deleteFrom('finding').where('submission_id', '=', submission).where('source', '=', source).execute();
}

/** A finding as it is kept, with the source that found it. */
export interface KeptFinding extends Finding {
  readonly source: string;
  readonly seq: number;
}

export interface FindingFilter {
  readonly level?: Level | undefined;
  readonly code?: string | undefined;
  readonly source?: string | undefined;
}

/** Findings in the order of their sources and places, after a given one. */
export async function findingsAfter(
  db: Db,
  submission: string,
  filter: FindingFilter,
  after: { source: string; seq: number } | undefined,
  limit: number,
): Promise<KeptFinding[]> {
  let query = db
    .selectFrom('finding')
    .selectAll()
    .where('submission_id', '=', submission)
    .orderBy('source')
    .orderBy('seq')
    .limit(limit);
  if (filter.level) query = query.where('level', '=', filter.level);
  if (filter.code) query = query.where('code', '=', filter.code);
  if (filter.source) query = query.where('source', '=', filter.source);
  if (after) query = query.where(sql<boolean>`(source, seq) > (${after.source}, ${after.seq}::int)`);
  return (await query.execute()).map(keptFinding);
}

/** The findings of a source that matter most: errors first, then in their order. */
export async function firstFindings(db: Db, submission: string, source: string, limit: number): Promise<KeptFinding[]> {
  const rows = await db
    .selectFrom('finding')
    .selectAll()
    .where('submission_id', '=', submission)
    .where('source', '=', source)
    .orderBy(sql`array_position(array['error', 'warning', 'hint'], level)`)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(keptFinding);
}

/** How many errors of a submission name each of these aliases. */
export async function errorsByAlias(
  db: Db,
  submission: string,
  aliases: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (aliases.length === 0) return new Map();
  const rows = await db
    .selectFrom('finding')
    .select([sql<string>`place ->> 'alias'`.as('alias'), sql<number>`count(*)::int`.as('count')])
    .where('submission_id', '=', submission)
    .where('level', '=', 'error')
    .where(sql<string>`place ->> 'alias'`, '=', sql<string>`any(${[...aliases]}::text[])`)
    .groupBy(sql`place ->> 'alias'`)
    .execute();
  return new Map(rows.map(({ alias, count }) => [alias, count]));
}

/** Counts of what was found elsewhere than in sheets, which count for themselves: on single objects and on the whole. */
export async function countsOutsideSheets(db: Db, submission: string): Promise<Counts> {
  const rows = await db
    .selectFrom('finding')
    .select(['code', 'level', sql<number>`count(*)::int`.as('count')])
    .where('submission_id', '=', submission)
    .where('source', 'not like', 'sheet:%')
    .groupBy(['code', 'level'])
    .execute();
  return counted(rows);
}

function counted(rows: readonly { code: string; level: Level; count: number }[]): Counts {
  const counts = noCounts();
  for (const { code, level, count } of rows) {
    counts[tally[level]] += count;
    counts.codes[code] = (counts.codes[code] ?? 0) + count;
  }
  return counts;
}

/** Drops what a sheet said about one object of it. @returns how much that was */
export async function dropFindingsOf(
  tx: Tx,
  submission: string,
  source: string,
  { alias, place: { sheet } }: { readonly alias: string; readonly place: Place },
): Promise<Counts> {
  const { rows } = await sql<{ code: string; level: Level; count: number }>`
    with gone as (
      delete from finding where submission_id = ${submission} and source = ${source} and place ->> 'alias' = ${alias}
        and place ->> 'sheet' is not distinct from ${sheet ?? null}::text
      returning code, level)
    select code, level, count(*)::int as count from gone group by code, level`.execute(tx);
  return counted(rows);
}

/** Drops what was found about objects that were edited singly: their sheet speaks for them again, or they are gone. */
export async function dropObjectFindings(tx: Tx, submission: string, objects: readonly string[]): Promise<void> {
  if (objects.length === 0) return;
  await tx
    .deleteFrom('finding')
    .where('submission_id', '=', submission)
    .where('source', '=', sql<string>`any(${objects.map((object) => `object:${object}`)}::text[])`)
    .execute();
}

/** Objects that were edited singly and still have errors. */
export async function objectsWithErrors(
  db: Db,
  submission: string,
): Promise<{ type: ObjectType; alias: string; count: number }[]> {
  const { rows } = await sql<{ type: ObjectType; alias: string; count: number }>`
    select o.type, o.alias, count(*)::int as count
    from finding f join object o on o.id = substring(f.source from 8)::uuid
    where f.submission_id = ${submission} and f.source like 'object:%' and f.level = 'error'
    group by o.type, o.alias order by o.type, o.alias limit 10000`.execute(db);
  return rows;
}

/** Both counts together. */
export function addCounts(a: Counts, b: Counts): Counts {
  const codes = { ...a.codes };
  for (const [code, count] of Object.entries(b.codes)) codes[code] = (codes[code] ?? 0) + count;
  return {
    errors: a.errors + b.errors,
    warnings: a.warnings + b.warnings,
    hints: a.hints + b.hints,
    codes,
  };
}

function keptFinding(row: {
  source: string;
  seq: number;
  code: string;
  level: Level;
  place: Finding['place'];
  value: string | null;
  params: Record<string, string | number> | null;
  suggestion: string | null;
}): KeptFinding {
  return {
    source: row.source,
    seq: row.seq,
    // Only rules write codes.
    code: row.code as Finding['code'],
    level: row.level,
    place: row.place,
    ...(row.value !== null && { value: row.value }),
    ...(row.params !== null && { params: row.params }),
    ...(row.suggestion !== null && { suggestion: row.suggestion }),
  };
}
