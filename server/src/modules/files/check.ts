import { deserialize, serialize } from 'node:v8';
import * as zlib from 'node:zlib';
import { checkFastq, checkPairing, collectFindings, openLayers, zlibInflate, type FastqNames } from '@geneward/formats';
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

const inflate = zlibInflate(zlib);
/** The rule that a second reading confirms or clears. */
const suspectedDuplicate = 'GW5121';

/**
 * Reads a file once and says what it is and what is wrong with it. FASTQ, by name or by content, is checked by all its rules;
 * of other files the compression is checked. Never throws for what is in the file.
 * @param reopen opens the stored bytes again, when they are stored
 */
export async function checkBytes(name: string, source: Bytes, reopen?: () => Bytes): Promise<Checked> {
  if (!/\.(?:fastq|fq)(?:\.\w+)?$/i.test(name)) {
    const other = await checkLayers(source);
    if (other.check.kind !== 'fastq') return other;
    if (!reopen) return { ...other, unsure: true };
    return checkReads(reopen(), reopen);
  }
  return checkReads(source, reopen);
}

async function checkReads(source: Bytes, reopen?: () => Bytes): Promise<Checked> {
  const report = await checkFastq(source, { inflate, ...(reopen && { reopen }) });
  const { reads, bases, gc, encoding, shortest, longest, meanLength, meanQuality, readsQ30 } = report.statistics;
  const { accepted, findings, counts, names, compression } = report;
  const summary = { compression, reads, bases, gc, encoding, shortest, longest, meanLength, meanQuality, readsQ30 };
  const kind = report.format;
  return {
    check: { kind, accepted, summary, counts, findings },
    names,
    unsure: !reopen && suspectedDuplicate in counts,
  };
}

async function checkLayers(source: Bytes): Promise<Checked> {
  const findings = collectFindings();
  const { kind, compression, content } = await openLayers(source, { inflate, findings });
  if (compression !== 'none') while ((await content.read()) !== undefined);
  await content.close();
  const counts = Object.fromEntries(findings.counts);
  const check = { kind, accepted: !findings.refused, summary: { compression }, counts, findings: findings.list };
  return { check, unsure: false };
}

/** Whether the files of one run belong together, by the names that their checks gathered. */
export function pairingOf(names: readonly FastqNames[]): readonly Finding[] {
  return checkPairing(names).findings;
}

/** Names in the form in which they wait beside the file; read back by `unpackNames`. */
export function packNames({ reads, casava, mates, identifiers, stems }: FastqNames): Buffer {
  const plain = ({ level, hashes }: FastqNames['identifiers']) => ({ level, hashes });
  return serialize({ reads, casava, mates, identifiers: plain(identifiers), ...(stems && { stems: plain(stems) }) });
}

export const unpackNames = (bytes: Buffer): FastqNames => deserialize(bytes) as FastqNames;
