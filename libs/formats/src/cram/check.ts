import type { Rule } from '@geneward/metadata';
import { bamRules } from '../bam/rules.ts';
import { ByteReader, bytesOf, type Bytes } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { reportTo } from '../layers/gzip-header.ts';
import { gunzip } from '../layers/gzip.ts';
import type { Inflate } from '../layers/inflate.ts';
import { portableInflate } from '../layers/portable-inflate.ts';
import { findingsFor, openAs, reportOf, type FileReport } from '../report.ts';
import type { AlignmentOptions } from '../sam/check.ts';
import { samRules } from '../sam/rules.ts';
import { headerText, readSamHeader, type Reference, type SamHeaderReader } from '../sam/header.ts';
import { readBlock, readContainer, type Block, type Container } from './container.ts';
import { cramRules } from './rules.ts';

export interface CramReport extends FileReport {
  readonly format: 'cram';
  readonly statistics: {
    readonly version: string;
    readonly containers: number;
    readonly records: number;
    readonly sortOrder: string;
    readonly readGroups: readonly string[];
    /** The references that a reader has to find, by name and MD5. */
    readonly references: readonly Reference[];
  };
}

const versions: ReadonlySet<string> = new Set(['2.1', '3.0', '3.1']);
const contentTypes = { fileHeader: 0, compressionHeader: 1, sliceHeader: 2, external: 4, core: 5 } as const;
/** Raw, gzip, bzip2, lzma, rANS; the others came with 3.1. */
const highestMethod: Readonly<Record<string, number>> = { '2.1': 4, '3.0': 4, '3.1': 8 };
/** The end container starts at “EOF” and has no records (section 9). */
const endStart = 0x454f46;
const headerTextLimit = 256 * 1024 * 1024;

/**
 * Checks the structure of a CRAM file: version, containers, blocks, their CRC-32s, the header, the running count of
 * records and the end. Reads are not decoded. Constant memory but for the header.
 */
export async function checkCram(source: Bytes, options: AlignmentOptions = {}): Promise<CramReport> {
  const findings = findingsFor(options);
  const { content, compression, state } = await openAs(source, ['cram'], findings, options);
  const reader = readSamHeader(findings);
  const tally = { containers: 0, records: 0 };
  let version = '';
  if (!state.broken) {
    const definition = await content.take(26);
    version = `${definition[4] ?? '?'}.${definition[5] ?? '?'}`;
    if (!versions.has(version)) findings.add(cramRules.version, { offset: 4 }, version, { version });
    else await readContainers(content, version, reader, options.inflate ?? portableInflate, findings, tally);
  }
  await content.close();
  if (tally.records === 0 && !findings.refused)
    findings.add(options.reads === true ? bamRules.noReads : samRules.noRecords, {});
  const { header } = reader;
  const references = [...header.references.values()];
  for (const { name, md5 } of references) if (md5 === undefined) findings.add(cramRules.md5, {}, name, { name });
  const statistics = { version, ...tally, sortOrder: header.sortOrder, readGroups: [...header.readGroups], references };
  return { ...reportOf('cram', compression, findings), format: 'cram', statistics };
}

async function readContainers(
  content: ByteReader,
  version: string,
  reader: SamHeaderReader,
  inflate: Inflate,
  findings: Findings,
  tally: { containers: number; records: number },
): Promise<void> {
  const major = Number(version[0]);
  for (;;) {
    const offset = content.offset;
    if ((await content.peek(1)).length === 0) return findings.add(cramRules.end, { offset });
    tally.containers += 1;
    const container = tally.containers;
    const wrong = (field: string) =>
      findings.add(cramRules.container, { record: container, offset }, undefined, { container, field });
    const read = await readContainer(content, major);
    if (read === 'truncated')
      return findings.add(cramRules.truncated, { offset: content.offset }, undefined, { container });
    if (read === 'malformed') return wrong('header');
    if (!read.intact)
      return findings.add(cramRules.checksum, { record: container, offset }, undefined, {
        container,
        part: 'container header',
      });
    const end = read.records === 0 && read.reference === -1 && read.start === endStart;
    if (read.reference >= reader.header.references.size && container > 1) wrong('reference');
    if (container > 1 && !end && read.counter !== tally.records)
      findings.add(cramRules.counter, { record: container, offset }, undefined, {
        container,
        actual: read.counter,
        expected: tally.records,
      });
    if (!(await readBlocks(content, version, container, read, end, reader, inflate, findings))) return;
    if (end) {
      if ((await content.peek(1)).length > 0) findings.add(cramRules.trailing, { offset: content.offset });
      return;
    }
    if (container > 1) tally.records += read.records;
  }
}

/** Reads the blocks of a container; false when there is no going on. */
async function readBlocks(
  content: ByteReader,
  version: string,
  container: number,
  { length, blocks, landmarks }: Container,
  end: boolean,
  reader: SamHeaderReader,
  inflate: Inflate,
  findings: Findings,
): Promise<boolean> {
  const start = content.offset;
  const stop = (rule: Rule, field = '') => {
    findings.add(rule, { record: container, offset: content.offset }, undefined, {
      container,
      ...(field !== '' && { field }),
    });
    return false;
  };
  const slices = new Set<number>();
  for (let index = 0; index < blocks; index += 1) {
    const at = content.offset - start;
    if (at >= length) return stop(cramRules.container, 'blocks');
    const block = await readBlock(content, Number(version[0]), container === 1 && index === 0);
    if (block === 'truncated') return stop(cramRules.truncated);
    if (block === 'malformed') return stop(cramRules.container, 'block');
    if (!block.intact) {
      findings.add(cramRules.checksum, { record: container, offset: start + at }, undefined, {
        container,
        part: `block ${index + 1}`,
      });
      continue;
    }
    if (block.method > (highestMethod[version] ?? 0)) stop(cramRules.container, 'method');
    const expected = container === 1 ? contentTypes.fileHeader : contentTypes.compressionHeader;
    if (index === 0 && block.contentType !== expected) stop(cramRules.container, 'content_type');
    if (
      index === 0 &&
      container === 1 &&
      block.data !== undefined &&
      !(await readHeaderText(block, reader, inflate, findings))
    )
      stop(cramRules.container, 'file_header');
    if (block.contentType === contentTypes.sliceHeader) slices.add(at);
  }
  const used = content.offset - start;
  if (used > length) return stop(cramRules.container, 'length');
  // The header container may hold padding, so that the header can be edited in place.
  await content.take(length - used);
  if (content.offset - start < length) return stop(cramRules.truncated);
  if (container > 1 && used < length) stop(cramRules.container, 'length');
  if (container > 1 && !end && (landmarks.length !== slices.size || !landmarks.every((at) => slices.has(at))))
    stop(cramRules.container, 'landmarks');
  return true;
}

/** The SAM header: its length as int32, then the text, plain or gzipped (section 8.2). */
async function readHeaderText(
  block: Block,
  reader: SamHeaderReader,
  inflate: Inflate,
  findings: Findings,
): Promise<boolean> {
  if (block.data === undefined || block.method > 1 || block.rawSize > headerTextLimit) return false;
  const source = new ByteReader(bytesOf(block.data));
  const state = { broken: false };
  const plain = block.method === 1 ? new ByteReader(gunzip(source, inflate, reportTo(findings, state))) : source;
  const bytes = await plain.take(block.rawSize);
  if (state.broken || bytes.length !== block.rawSize || bytes.length < 4) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
  if (length < 0 || length > bytes.length - 4) return false;
  const text = headerText(bytes.subarray(4, 4 + length));
  for (const [index, line] of text.split('\n').entries())
    if (line !== '') reader.line(line, { line: index + 1, column: 1 });
  reader.end();
  return true;
}
