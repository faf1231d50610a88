import { bamRules } from '../bam/rules.ts';
import { lineLimit, splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { textRules } from '../layers/text-rules.ts';
import { feed, findingsFor, reportOf, type CheckOptions, type FileReport } from '../report.ts';
import { readSamHeader, type SamHeader } from './header.ts';
import { readAlignment, type SamRecord } from './record.ts';
import { samRules } from './rules.ts';

/** What a check of alignments may be told. */
export interface AlignmentOptions extends CheckOptions {
  /** True when the file is sent as the reads of a run: then it needs reads, and each primary record its bases. */
  readonly reads?: boolean;
}

/** What an alignment file holds. */
export interface AlignmentStatistics {
  readonly records: number;
  readonly mapped: number;
  readonly references: number;
  readonly readGroups: readonly string[];
  readonly sortOrder: string;
}

export interface SamReport extends FileReport {
  readonly format: 'sam';
  readonly statistics: AlignmentStatistics;
}

/** Bit 0x4 of FLAG: the read is not mapped. */
export const unmappedFlag = 4;
/** Bits 0x100 and 0x800: a secondary or supplementary record, which may leave its bases out. */
export const secondaryFlags = 0x900;

/** Checks a SAM file by the SAM specification. Constant memory but for the header; never throws for what is in the file. */
export async function checkSam(source: Bytes, options: AlignmentOptions = {}): Promise<SamReport> {
  const findings = findingsFor(options);
  const reader = readSamHeader(findings);
  const { header } = reader;
  const order = checkCoordinates(header, findings);
  let records = 0;
  let mapped = 0;
  const lines = splitLines({
    tooLong: (line) => findings.add(textRules.lineTooLong, { line }, undefined, { line, limit: lineLimit }),
    line(text, line) {
      if (text === '') findings.add(textRules.blankLine, { line }, undefined, { line });
      else if (isHeaderLine(text)) {
        if (records > 0) findings.add(samRules.headerOrder, { line, column: 1 }, text, { type: text.slice(0, 3) });
        reader.line(text, { line, column: 1 });
      } else {
        records += 1;
        const record = readAlignment(text, line, header, findings);
        if (record === undefined) return;
        if ((record.flag & unmappedFlag) === 0) mapped += 1;
        if (options.reads === true && record.bases === 0 && (record.flag & secondaryFlags) === 0)
          findings.add(bamRules.emptyRead, { line, record: records }, undefined, { record: records });
        if (!order(record)) findings.add(samRules.unsorted, { line }, text);
      }
    },
  });
  const { compression, complete } = await feed(source, ['sam', 'text'], lines, findings, options);
  lines.end(complete);
  reader.end();
  if (complete && records === 0 && !findings.refused)
    findings.add(options.reads === true ? bamRules.noReads : samRules.noRecords, {});
  const { sortOrder } = header;
  const statistics = {
    records,
    mapped,
    references: header.references.size,
    readGroups: [...header.readGroups],
    sortOrder,
  };
  return { ...reportOf('sam', compression, findings), format: 'sam', statistics };
}

/** A line of the header, also a malformed one: a read name cannot start with “@”. */
const isHeaderLine = (text: string) =>
  /^@CO(?:\t|$)/.test(text) || (text.startsWith('@') && !/^@[^\t]*\t\d+\t/.test(text));

/** Tells of each record whether it keeps the coordinate order, when the header declares one. */
function checkCoordinates(header: SamHeader, findings: Findings): (record: SamRecord) => boolean {
  let [lastReference, lastPosition] = [-1, 0];
  return ({ reference, position }) => {
    if (header.sortOrder !== 'coordinate' || findings.counts.has(samRules.unsorted.code)) return true;
    const index = header.references.get(reference)?.index ?? Number.POSITIVE_INFINITY;
    const kept =
      index > lastReference ||
      (index === lastReference && (position >= lastPosition || index === Number.POSITIVE_INFINITY));
    [lastReference, lastPosition] = [index, position];
    return kept;
  };
}
