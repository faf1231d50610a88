import { checkAgp } from './assembly/agp.ts';
import { checkFasta } from './assembly/fasta.ts';
import { checkBam } from './bam/check.ts';
import { ByteReader, bytesOf, type Bytes } from './bytes/reader.ts';
import { checkCram } from './cram/check.ts';
import { checkFastq } from './fastq/check.ts';
import { collectFindings } from './findings.ts';
import { checkGff3 } from './gff3/check.ts';
import { checkBai, checkCsi, checkTabix } from './indexes/check.ts';
import { checkCrai } from './indexes/crai.ts';
import { openLayers } from './layers/open.ts';
import { portableInflate } from './layers/portable-inflate.ts';
import { layerRules } from './layers/rules.ts';
import { feed, findingsFor, reportOf, type FileReport } from './report.ts';
import { checkSam, type AlignmentOptions } from './sam/check.ts';
import type { Kind } from './sniff.ts';
import { checkVcf, type VcfOptions } from './vcf/check.ts';

type Check = (source: Bytes, options: CheckFileOptions) => Promise<FileReport>;

const checks: Readonly<Partial<Record<Kind, Check>>> = {
  fastq: checkFastq,
  fasta: checkFasta,
  agp: checkAgp,
  sam: checkSam,
  bam: checkBam,
  cram: checkCram,
  vcf: checkVcf,
  gff3: checkGff3,
  bai: checkBai,
  csi: checkCsi,
  tabix: checkTabix,
  crai: checkCrai,
};

/** Formats that are recognised and kept, but not looked into. */
const kept: ReadonlySet<Kind> = new Set<Kind>(['bcf', 'hdf5', 'pod5', 'sff', 'crypt4gh']);

export interface CheckFileOptions extends AlignmentOptions, VcfOptions {
  /** Lets what is none of the formats known here pass, with its compression checked: tables, documents, pictures. */
  readonly passOthers?: boolean;
}

/** How much of a file is unpacked to tell what it is. */
const headLength = 65_536;

/**
 * Tells what a file is by its content and runs the check of that format, in one pass. A file that is none of the
 * formats known here is refused with what it is. Narrow the answer by its `format`.
 */
export async function checkFile(source: Bytes, options: CheckFileOptions = {}): Promise<FileReport> {
  const reader = new ByteReader(source);
  const kind = await kindInside(await reader.peek(headLength), options);
  const check = checks[kind];
  if (check !== undefined) return check(rest(reader), options);
  const findings = findingsFor(options);
  const machine = { push() {}, over: false };
  const { compression, complete } = await feed(
    rest(reader),
    kept.has(kind) || (options.passOthers && kind !== 'empty') ? [kind] : (Object.keys(checks) as Kind[]),
    machine,
    findings,
    options,
  );
  if (kept.has(kind) && complete) findings.add(layerRules.unsupported, { offset: 0 }, undefined, { kind });
  return reportOf(kind, compression, findings);
}

async function kindInside(head: Uint8Array, options: AlignmentOptions): Promise<Kind> {
  const { inflate = portableInflate } = options;
  const { kind, content } = await openLayers(bytesOf(head), { inflate, findings: collectFindings(0) });
  await content.close();
  return kind;
}

async function* rest(reader: ByteReader): AsyncGenerator<Uint8Array> {
  try {
    for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) yield chunk;
  } finally {
    await reader.close();
  }
}
