import { lineLimit, splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { textRules } from '../layers/text-rules.ts';
import { feed, findingsFor, reportOf, type CheckOptions, type FileReport } from '../report.ts';
import { againstReference } from './against-reference.ts';
import { trimmed } from './alleles.ts';
import { emptyHeader, readMeta, type VcfHeader } from './meta.ts';
import { fixedColumns, readRecord, type Undeclared, type VcfRecord } from './record.ts';
import type { Reference } from './reference.ts';
import { vcfRules } from './rules.ts';
import { versionOf } from './version.ts';

/** What a VCF file holds. */
export interface VcfReport extends FileReport {
  readonly format: 'vcf';
  readonly statistics: {
    /** `VCFv4.2`, or undefined when the first line does not say. */
    readonly version: string | undefined;
    readonly records: number;
    readonly samples: readonly string[];
    readonly contigs: number;
  };
}

/** What a VCF check may be told besides. */
export interface VcfOptions extends CheckOptions {
  /** The sequences that the variants were called against. */
  readonly reference?: Reference | undefined;
}

/** Contigs, and variants near the current position, that are remembered at most. */
const rememberedContigs = 1_000_000;
const rememberedVariants = 10_000;

/**
 * Checks a VCF file (plain, gzip or BGZF) by the specification of the version that it names, 4.1 to 4.5. Constant
 * memory; never throws for what is in the file.
 */
export async function checkVcf(source: Bytes, options: VcfOptions = {}): Promise<VcfReport> {
  const findings = findingsFor(options);
  const { lines, statistics } = startVcf(findings, options.reference);
  const { compression, complete } = await feed(source, ['vcf', 'text'], lines, findings, options);
  lines.end(complete);
  return { ...reportOf('vcf', compression, findings), format: 'vcf', statistics: statistics() };
}

function startVcf(findings: Findings, reference: Reference | undefined) {
  const header = emptyHeader();
  const compared = reference && againstReference(reference, header, findings);
  const undeclared: Undeclared = new Set();
  const order = checkOrder(findings);
  let version: string | undefined;
  let headerLine = 0;
  let records = 0;

  const lines = splitLines({
    tooLong: (line) => findings.add(textRules.lineTooLong, { line }, undefined, { line, limit: lineLimit }),
    line(text, line) {
      if (line === 1) readVersion(text);
      else if (text === '') findings.add(textRules.blankLine, { line }, undefined, { line });
      else if (headerLine === 0) readHead(text, line);
      else {
        records += 1;
        const record = readRecord(text, line, header, undeclared, findings);
        if (record === undefined) return;
        order.add(record, line);
        compared?.add(record, line);
      }
    },
  });

  function readVersion(text: string): void {
    const minor = versionOf(text);
    if (minor === undefined) findings.add(vcfRules.fileformat, { line: 1, column: 1 }, text);
    else header.version = minor;
    version = minor === undefined ? undefined : `VCFv4.${minor}`;
  }

  function readHead(text: string, line: number): void {
    if (text.startsWith('##')) readMeta(text, line, header, findings);
    else if (text.startsWith('#')) {
      headerLine = line;
      readColumns(text, line, header, findings);
    } else findings.add(vcfRules.meta, { line, column: 1 }, text);
  }

  return {
    lines: {
      push: (chunk: Uint8Array) => lines.push(chunk),
      get over() {
        return lines.over;
      },
      end(complete: boolean) {
        lines.end(complete);
        if (complete && headerLine === 0) findings.add(vcfRules.noHeader, {});
      },
    },
    statistics: () => ({ version, records, samples: header.samples, contigs: order.contigs() }),
  };
}

function readColumns(text: string, line: number, header: VcfHeader, findings: Findings): void {
  const columns = text.slice(1).split('\t');
  header.columns = columns.length;
  header.samples = columns.slice(fixedColumns.length);
  const fixed = columns.slice(0, fixedColumns.length);
  const expected = fixedColumns.slice(0, columns.length > 8 ? 9 : 8);
  if (fixed.join() !== expected.join() || columns.length === fixedColumns.length)
    findings.add(vcfRules.header, { line, column: 1 }, text);
  const seen = new Set<string>();
  for (const sample of header.samples) {
    if (sample === '') findings.add(vcfRules.header, { line }, text);
    if (seen.has(sample)) findings.add(vcfRules.sampleTwice, { line }, sample, { sample });
    seen.add(sample);
  }
}

/** Positions increase within a contig, contigs come in one piece, and no variant comes twice. */
function checkOrder(findings: Findings) {
  const finished = new Set<string>();
  /** Trimmed variants at or after the current position, with the line that brought them. */
  const near = new Map<string, { position: number; line: number }>();
  let contig: string | undefined;
  let position = 0;

  return {
    contigs: () => finished.size + (contig === undefined ? 0 : 1),
    add(record: VcfRecord, line: number): void {
      if (record.contig !== contig) {
        if (contig !== undefined && finished.size < rememberedContigs) finished.add(contig);
        if (finished.delete(record.contig))
          findings.add(vcfRules.contiguous, { line }, record.contig, { contig: record.contig });
        contig = record.contig;
        near.clear();
      } else if (record.position < position)
        findings.add(vcfRules.unsorted, { line }, String(record.position), {
          before: position,
          position: record.position,
        });
      position = record.position;
      for (const [key, variant] of near)
        if (variant.position < position || near.size > rememberedVariants) near.delete(key);
      for (const alternate of record.alternates) {
        const variant = trimmed(position, record.ref, alternate);
        if (variant === undefined) continue;
        const earlier = near.get(variant.key);
        if (earlier === undefined) near.set(variant.key, { position: variant.position, line });
        else findings.add(vcfRules.duplicate, { line }, variant.key, { earlier: earlier.line, line });
      }
    },
  };
}
