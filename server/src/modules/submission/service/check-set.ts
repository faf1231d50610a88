import { submissionRules } from '@geneward/api';
import { found, objectRules, type Finding } from '@geneward/metadata';
import type { Db } from '../../../platform/db.ts';
import { circlesOf } from '../circles.ts';
import { objectsWithErrors } from '../findings.ts';
import { acceptanceOrder } from '../rules.ts';
import * as check from '../store-check.ts';
import type { SheetRow, SubmissionRow } from '../store.ts';

/** Accessions of other archives of the INSDC: BioProject, BioSample, SRA/ENA/DDBJ, assemblies. */
const elsewhere = /^(?:PRJ(?:EB|DB|NA)\d+|SAM(?:EA|D|N)\d+|[EDS]R[PSXRZA]\d{6,}|GC[AF]_\d{9}\.\d+)$/;

/** What only the whole of a submission shows: sheets, references, circles, samples alike, files named twice. */
export async function* checkSet(
  db: Db,
  row: SubmissionRow,
  sheets: readonly SheetRow[],
  today: string,
): AsyncGenerator<Finding> {
  yield* sheetFindings(sheets);
  for (const { type, alias, count } of await objectsWithErrors(db, row.id))
    yield found(submissionRules.objectErrors, { alias }, { value: alias, params: { type, count } });
  if (row.release_on !== null && row.release_on < today)
    yield found(submissionRules.releasePast, {}, { value: row.release_on });
  for (const reference of await check.doubtfulReferences(db, row)) yield* referenceFindings(reference);
  yield* circleFindings(db, await check.edgesToFollow(db, row, acceptanceOrder));
  for (const { alias, place, other } of await check.indistinctSamples(db, row.id))
    yield found(objectRules.indistinct, { ...place, alias }, { params: { other } });
  for (const { alias, place, name, first_alias } of await check.repeatedFiles(db, row.id, 'name'))
    yield found(
      objectRules.fileTwice,
      { ...place, alias, column: 'file_name' },
      { value: name, params: { first: first_alias } },
    );
  for (const column of ['md5', 'sha256'] as const)
    for (const { alias, place, name, value, first_name } of await check.repeatedFiles(db, row.id, column))
      yield found(
        objectRules.sameBytes,
        { ...place, alias, column },
        { value, params: { file: name, other: first_name } },
      );
  for (const { alias, place } of await check.unpairedRuns(db, row))
    yield found(objectRules.pairing, { ...place, alias }, { params: { count: 1 } });
}

function* sheetFindings(sheets: readonly SheetRow[]): Generator<Finding> {
  for (const { name, state, errors } of sheets) {
    const place = { file: name };
    if (state === 'failed') yield found(submissionRules.sheetFailed, place, { params: { sheet: name } });
    else if (errors > 0) yield found(submissionRules.sheetErrors, place, { params: { sheet: name, count: errors } });
  }
}

function* referenceFindings(reference: check.ResolvedReference): Generator<Finding> {
  const { type, alias, place, relation, target_type, target, to_id, to_type, to_status, own, published, umbrella } =
    reference;
  const at = { ...place, alias, column: target_type };
  if (to_id === null) {
    // What another archive keeps can be named, but data hang on projects, experiments and runs of this one.
    const external = elsewhere.test(target) && (relation !== 'part_of' || target_type === 'sample');
    if (!external) yield found(objectRules.unresolved, at, { value: target, params: { target: target_type } });
    return;
  }
  if (to_type !== target_type || (!own && !published))
    // An object of somebody else that is not public looks like one that does not exist.
    yield found(objectRules.unresolved, at, { value: target, params: { target: target_type } });
  else if (to_status === 'withdrawn' || to_status === 'destroyed')
    yield found(submissionRules.gone, at, { value: target, params: { type: target_type } });
  else if (!own && relation === 'part_of')
    yield found(submissionRules.foreignParent, at, { value: target, params: { target: target_type } });
  else if (relation === 'part_of' && target_type === 'project') {
    if (type === 'project' && umbrella !== true) yield found(objectRules.notUmbrella, at, { value: target });
    if (type !== 'project' && umbrella === true)
      yield found(objectRules.umbrella, at, { value: target, params: { type } });
  }
}

async function* circleFindings(db: Db, edges: readonly check.AskedEdge[]): AsyncGenerator<Finding> {
  const circles = circlesOf(edges).slice(0, 100);
  const aliases = await check.aliasesOf(db, [...new Set(circles.flat())]);
  for (const circle of circles) {
    const names = circle.map((id) => aliases.get(id) ?? id);
    yield found(
      objectRules.cycle,
      { ...(names[0] !== undefined && { alias: names[0] }) },
      { params: { path: names.slice(0, 20).join(' → ') } },
    );
  }
}
