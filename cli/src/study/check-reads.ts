import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import * as zlib from 'node:zlib';
import {
  checkFastq,
  checkFile as checkFormat,
  checkPairing,
  zlibInflate,
  type FastqReport,
  type FileReport,
  type Reference,
} from '@geneward/formats';
import type { ArchiveRecord, Finding } from '@geneward/metadata';
import type { Progress } from '../progress.ts';

/** A data file as it lies on disk: its digests, and what its check found. */
export interface CheckedFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly md5: string;
  readonly sha256: string;
  readonly findings: readonly Finding[];
  readonly fastq?: FastqReport;
}

const inflate = zlibInflate(zlib);
const open = (path: string) => createReadStream(path, { highWaterMark: 1 << 20 });

/**
 * Reads a file once for its digests and the check of its format; again only to confirm suspected duplicates.
 * @param format absent: only the digests are made
 */
export async function checkFile(
  path: string,
  format: string | undefined,
  progress: Progress,
  reference?: Reference,
): Promise<CheckedFile> {
  const { size } = statSync(path);
  const name = basename(path);
  const bar = progress.start(name, size);
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  const source = (open(path) as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  const next = async () => {
    const piece = await source.next();
    if (!piece.done) {
      md5.update(piece.value);
      sha256.update(piece.value);
      bar.advance(piece.value.length);
    }
    return piece;
  };
  // No `return` on this view: a check that has seen enough must not close the file before its digests are whole.
  const bytes = { [Symbol.asyncIterator]: () => ({ next }) };
  const options = { inflate, reopen: () => open(path) };
  const report: FileReport | undefined =
    format === undefined
      ? undefined
      : format === 'fastq'
        ? await checkFastq(bytes, options)
        : await checkFormat(bytes, { ...options, passOthers: true, reference });
  while (!(await next()).done);
  bar.end();
  const findings = (report?.findings ?? []).map((finding) => ({ ...finding, place: { ...finding.place, file: name } }));
  return {
    path,
    name,
    size,
    md5: md5.digest('hex'),
    sha256: sha256.digest('hex'),
    findings,
    ...(report && isFastq(report) && { fastq: report }),
  };
}

const isFastq = (report: FileReport): report is FastqReport => report.format === 'fastq' && 'names' in report;

/** Whether the reads of each run pair as its sheet says. */
export function checkRuns(records: readonly ArchiveRecord[], files: ReadonlyMap<string, CheckedFile>): Finding[] {
  return records.flatMap((record) => {
    const read = record.files.flatMap(({ name, readTypes = [] }) => {
      const names = files.get(name)?.fastq?.names;
      return names ? [{ names, readTypes }] : [];
    });
    if (record.type !== 'run' || read.length < 2) return [];
    const { findings } = checkPairing(
      read.map(({ names }) => names),
      read.map(({ readTypes }) => readTypes),
    );
    return findings.map((finding) => ({
      ...finding,
      place: { ...record.place, ...finding.place, alias: record.alias },
    }));
  });
}
