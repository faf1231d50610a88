import { submissionRules } from '@geneward/api';
import { found, type Finding } from '@geneward/metadata';
import type { BlobStore } from '../../../platform/blobs.ts';
import type { Db } from '../../../platform/db.ts';
import { checkPairingOf, filesWanted, standing, unclaimedFiles, type FileRow } from '../../files/index.ts';
import { batchSize } from '../store-object.ts';
import { declaredFiles, declaredNames, type FileOfEntry } from '../store-check.ts';
import type { SubmissionRow } from '../store.ts';

/** A declared file and the file that has come for it. */
export interface Match {
  readonly declared: FileOfEntry;
  readonly file: FileRow | undefined;
}

/** Declared files with those that have come, in the order of their objects, some at a time, from after a given one. */
export async function* matches(
  db: Db,
  row: SubmissionRow,
  from?: { object: string; ordinal: number },
): AsyncGenerator<readonly Match[]> {
  for (let after = from; ;) {
    const some = await declaredFiles(db, row.id, after, batchSize);
    const last = some.at(-1);
    if (!last) return;
    const wanted = some.map(({ object_id: id, name, md5, sha256, owner, file_id: linked }) => {
      return { name, md5, sha256, people: [row.submitter_id, owner], claim: { kind: 'object', id }, linked };
    });
    const files = await filesWanted(db, row.organisation_id, wanted);
    yield some.map((declared, nth) => ({ declared, file: files[nth] }));
    after = { object: last.object_id, ordinal: last.ordinal };
  }
}

/** Where a declared file stands. */
export const stateOf = ({ declared: { md5, sha256 }, file }: Match) =>
  standing({ ...(md5 !== null && { md5 }), ...(sha256 !== null && { sha256 }) }, file);

/** What is wrong with the files of a submission: missing, faulty, other bytes, not of one run; and uploads that nobody names. */
export async function* checkFiles(db: Db, blobs: BlobStore, row: SubmissionRow): AsyncGenerator<Finding> {
  let together: Match[] = [];
  for await (const some of matches(db, row))
    for (const match of some) {
      yield* fileFindings(match);
      if (together[0] && together[0].declared.object_id !== match.declared.object_id) {
        yield* pairingFindings(db, blobs, together);
        together = [];
      }
      together.push(match);
    }
  yield* pairingFindings(db, blobs, together);
  const owner = { organisation: row.organisation_id, person: row.submitter_id };
  const inbox = (await unclaimedFiles(db, owner, batchSize)).map(({ name }) => name);
  const named = await declaredNames(db, row.submitter_id, inbox);
  for (const name of inbox)
    if (!named.has(name)) yield found(submissionRules.fileUnnamed, { file: name }, { value: name });
}

function* fileFindings(match: Match): Generator<Finding> {
  const { declared, file } = match;
  const at = { ...declared.place, alias: declared.alias, column: 'file_name' };
  const detail = { value: declared.name };
  switch (stateOf(match)) {
    case 'missing':
    case 'expired':
      yield found(submissionRules.fileMissing, at, detail);
      break;
    case 'receiving':
    case 'checking':
      yield found(submissionRules.fileUnderWay, at, detail);
      break;
    case 'faulty':
      yield found(submissionRules.fileFaulty, at, detail);
      break;
    case 'mismatch':
      yield* mismatchFindings(declared, file);
      break;
    case 'claimed':
      if (file?.claim_id !== declared.object_id) yield found(submissionRules.fileHeld, at, detail);
      break;
    case 'stored':
      break;
  }
}

function* mismatchFindings(declared: FileOfEntry, file: FileRow | undefined): Generator<Finding> {
  for (const [column, algorithm] of [
    ['md5', 'MD5'],
    ['sha256', 'SHA-256'],
  ] as const) {
    const [said, is] = [declared[column], file?.[column]];
    if (said === null || !is || said === is) continue;
    yield found(
      submissionRules.fileMismatch,
      { ...declared.place, alias: declared.alias, column },
      { value: declared.name, params: { algorithm, declared: said, received: is } },
    );
  }
}

/** Reads of one run must belong together. */
async function* pairingFindings(db: Db, blobs: BlobStore, run: readonly Match[]): AsyncGenerator<Finding> {
  const [first] = run;
  if (first?.declared.type !== 'run' || run.length < 2) return;
  const files = run.flatMap(({ file, declared }) =>
    file && (file.state === 'stored' || file.claim_kind) ? [{ id: file.id, readTypes: declared.read_types }] : [],
  );
  if (files.length < run.length) return;
  const { place, alias } = first.declared;
  for (const finding of await checkPairingOf(db, blobs, files))
    yield { ...finding, place: { ...finding.place, ...place, alias } };
}
