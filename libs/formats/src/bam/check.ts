import type { Bytes, ByteReader } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { findingsFor, openAs, reportOf, type FileReport } from '../report.ts';
import { secondaryFlags, unmappedFlag, type AlignmentOptions, type AlignmentStatistics } from '../sam/check.ts';
import { headerText, readSamHeader, type SamHeader } from '../sam/header.ts';
import { samRules } from '../sam/rules.ts';
import { readBamRecord, type BamRecord } from './record.ts';
import { bamRules } from './rules.ts';

export interface BamReport extends FileReport {
  readonly format: 'bam';
  readonly statistics: AlignmentStatistics;
}

/** Most bytes of header text, of a reference name, of a record, and most references. */
const limits = { text: 256 * 1024 * 1024, name: 65_536, record: 256 * 1024 * 1024, references: 2 ** 24 };

/**
 * Checks a BAM file by the SAM specification: BGZF blocks with their CRCs and end, header against reference list,
 * bounds and values of every record. Constant memory but for the header; never throws for what is in the file.
 */
export async function checkBam(source: Bytes, options: AlignmentOptions = {}): Promise<BamReport> {
  const findings = findingsFor(options);
  const { content, compression, state } = await openAs(source, ['bam'], findings, options);
  const reader = readSamHeader(findings);
  const tally = { records: 0, mapped: 0 };
  const truncated = () => {
    if (!state.broken)
      findings.add(bamRules.truncated, { offset: content.offset }, undefined, { record: tally.records });
    return undefined;
  };
  if (!state.broken) {
    const references = await readHeader(content, reader, findings, truncated);
    if (references !== undefined)
      await readRecords(content, references, reader.header, findings, truncated, tally, options.reads === true);
  }
  await content.close();
  const { records, mapped } = tally;
  if (!state.broken && records === 0 && !findings.refused)
    findings.add(options.reads === true ? bamRules.noReads : samRules.noRecords, {});
  const { header } = reader;
  const statistics = {
    records,
    mapped,
    references: header.references.size,
    readGroups: [...header.readGroups],
    sortOrder: header.sortOrder,
  };
  return { ...reportOf('bam', compression, findings), format: 'bam', statistics };
}

/** Magic, header text and reference list; answers the number of references, or undefined when it cannot be read. */
async function readHeader(
  content: ByteReader,
  reader: ReturnType<typeof readSamHeader>,
  findings: Findings,
  truncated: () => undefined,
): Promise<number | undefined> {
  const damaged = (field: string) => {
    findings.add(bamRules.header, { offset: content.offset }, undefined, { field });
    return undefined;
  };
  await content.take(4);
  const textLength = await int32(content);
  if (textLength === undefined) return truncated();
  if (textLength < 0 || textLength > limits.text) return damaged('l_text');
  const text = await content.take(textLength);
  if (text.length < textLength) return truncated();
  const lines = headerText(text).split('\n');
  for (const [index, line] of lines.entries())
    if (line !== '') reader.line(line.replace(/\r$/, ''), { line: index + 1, column: 1 });
  reader.end();
  const declared = [...reader.header.references.values()];

  const count = await int32(content);
  if (count === undefined) return truncated();
  if (count < 0 || count > limits.references) return damaged('n_ref');
  if (declared.length > 0 && declared.length !== count) damaged('n_ref');
  for (let index = 0; index < count; index += 1) {
    const nameLength = await int32(content);
    if (nameLength === undefined) return truncated();
    if (nameLength < 1 || nameLength > limits.name) return damaged('l_name');
    const name = (await content.take(nameLength)).slice();
    const length = await int32(content);
    if (length === undefined) return truncated();
    if (name.at(-1) !== 0) return damaged('name');
    const binary = `${new TextDecoder().decode(name.subarray(0, -1))} ${length}`;
    const told = declared[index];
    const text = told === undefined ? '' : `${told.name} ${told.length}`;
    if (declared.length > 0 && text !== binary)
      findings.add(bamRules.references, { offset: content.offset }, binary, { index, binary, text });
  }
  return count;
}

async function readRecords(
  content: ByteReader,
  references: number,
  header: SamHeader,
  findings: Findings,
  truncated: () => undefined,
  tally: { records: number; mapped: number },
  reads: boolean,
): Promise<void> {
  const sorted = header.sortOrder === 'coordinate';
  let [lastReference, lastPosition] = [0, -1];
  for (;;) {
    const offset = content.offset;
    const head = content.takeNow(4) ?? (await content.take(4));
    if (head.length === 0) return;
    tally.records += 1;
    const record = tally.records;
    if (head.length < 4) return truncated();
    const size = new DataView(head.buffer, head.byteOffset, 4).getInt32(0, true);
    const place = { record, offset };
    if (size < 0 || size > limits.record)
      return findings.add(bamRules.record, place, undefined, { record, field: 'block_size' });
    const bytes = content.takeNow(size) ?? (await content.take(size));
    if (bytes.length < size) return truncated();
    const read = readBamRecord(bytes, references);
    if (typeof read === 'string') {
      findings.add(bamRules.record, place, undefined, { record, field: read });
      continue;
    }
    if (read.mistyped) findings.add(samRules.tagType, place, read.mistyped.tag, { ...read.mistyped });
    if ((read.flag & unmappedFlag) === 0) tally.mapped += 1;
    if (reads && read.bases === 0 && (read.flag & secondaryFlags) === 0)
      findings.add(bamRules.emptyRead, place, undefined, { record });
    if (!sorted) continue;
    const reference = rank(read);
    if (reference < lastReference || (reference === lastReference && read.position < lastPosition))
      findings.add(samRules.unsorted, place);
    [lastReference, lastPosition] = [reference, read.position];
  }
}

/** Records without a reference come last in coordinate order. */
const rank = ({ reference }: BamRecord) => (reference < 0 ? Number.MAX_SAFE_INTEGER : reference);

async function int32(content: ByteReader): Promise<number | undefined> {
  const bytes = await content.take(4);
  return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
}
