import { deserialize, serialize } from 'node:v8';
import * as zlib from 'node:zlib';
import {
  checkFastq,
  checkFile,
  checkPairing,
  zlibInflate,
  type FastqNames,
  type FastqReport,
  type FileReport,
} from '@geneward/formats';
import type { Finding } from '@geneward/metadata';

type Bytes = AsyncIterable<Uint8Array>;

/** What the check of a file's bytes told, as it is kept with the file. */
export interface Check {
  /** What the content is, whatever the name says. */
  readonly kind: string;
  readonly accepted: boolean;
  readonly summary: Readonly<Record<string, number | string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** A check and what goes on from it. */
export interface Checked {
  readonly check: Check;
  /** Names of the reads of a FASTQ file, for pairing. */
  readonly names?: FastqNames;
  /** Whether a second look at the stored bytes can say more: duplicate names that are only suspected. */
  readonly unsure: boolean;
}

/** A check as it goes from thread to thread and into the database. */
export interface Verdict {
  readonly check: Check;
  readonly unsure: boolean;
  /** Packed. */
  readonly names?: Uint8Array;
}

export const verdictOf = ({ check, unsure, names }: Checked): Verdict => ({
  check,
  unsure,
  ...(names && { names: packNames(names) }),
});

const inflate = zlibInflate(zlib);
/** The rule that a second reading confirms or clears. */
const suspectedDuplicate = 'GW5121';

/**
 * Reads a file once, says what it is and judges it by the rules of its format. FASTQ is told by name or content; of what is no
 * format of ours the compression is checked. Never throws for what is in the file.
 * @param reopen opens the stored bytes again, when they are stored
 */
export async function checkBytes(name: string, source: Bytes, reopen?: () => Bytes): Promise<Checked> {
  const options = { inflate, ...(reopen && { reopen }) };
  const report = /\.(?:fastq|fq)(?:\.\w+)?$/i.test(name)
    ? await checkFastq(source, options)
    : await checkFile(source, { ...options, passOthers: true });
  const { format: kind, accepted, findings, counts, compression } = report;
  const check = { kind, accepted, summary: { compression, ...summaryOf(report) }, counts, findings };
  if (!isFastq(report)) return { check, unsure: false };
  return { check, names: report.names, unsure: !reopen && suspectedDuplicate in counts };
}

const isFastq = (report: FileReport): report is FastqReport => report.format === 'fastq' && 'names' in report;

/** Figures of a check that fit in a line; lists of names and histograms stay out. */
function summaryOf(report: FileReport): Record<string, number | string> {
  const statistics: unknown = 'statistics' in report ? report.statistics : {};
  return Object.fromEntries(
    Object.entries(statistics ?? {}).filter(
      (entry): entry is [string, number | string] => typeof entry[1] === 'number' || typeof entry[1] === 'string',
    ),
  );
}

/** Whether the files of one run belong together, by the names that their checks gathered. */
export function pairingOf(names: readonly FastqNames[], readTypes: readonly (readonly string[])[]): readonly Finding[] {
  return checkPairing(names, readTypes).findings;
}

/** Names in the form in which they wait beside the file; read back by `unpackNames`. */
export function packNames({ reads, casava, mates, identifiers, stems }: FastqNames): Buffer {
  const plain = ({ level, hashes }: FastqNames['identifiers']) => ({ level, hashes });
  return serialize({ reads, casava, mates, identifiers: plain(identifiers), ...(stems && { stems: plain(stems) }) });
}

export const unpackNames = (bytes: Buffer): FastqNames => deserialize(bytes) as FastqNames;
