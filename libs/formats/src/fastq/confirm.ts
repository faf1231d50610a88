import type { Bytes } from '../bytes/reader.ts';
import { collectFindings, excerpt, type Findings } from '../findings.ts';
import { feed, type CheckOptions } from '../report.ts';
import { casavaMate, emptyReadName, nameHash, readName, withMate } from './names.ts';
import { splitRecords } from './records.ts';
import { fastqRules } from './rules.ts';

/**
 * Reads a source a second time and compares the suspected names letter by letter, so that a clash of hashes never
 * refuses a file. Memory is bounded by the number of suspects.
 */
export async function confirmDuplicates(
  source: Bytes,
  casava: boolean,
  suspects: ReadonlySet<number>,
  findings: Findings,
  options: CheckOptions,
): Promise<void> {
  const name = emptyReadName();
  const firstMet = new Map<string, number>();
  const splitter = splitRecords({
    record({ bytes, nameStart, nameEnd, line, record }) {
      const start = nameStart + 1;
      if (start >= nameEnd) return;
      readName(name, bytes, start, nameEnd);
      const mate = casava ? casavaMate(bytes, start, nameEnd) : 0;
      if (mate > 0) withMate(name, mate);
      if (!suspects.has(nameHash(name))) return;
      const text = String.fromCharCode(...bytes.subarray(start, Math.min(name.end, start + 1024)));
      const key = mate > 0 ? `${text} ${mate}` : text;
      const earlier = firstMet.get(key);
      if (earlier === undefined) firstMet.set(key, record);
      else
        findings.add(fastqRules.duplicate, { line, column: 2, record }, excerpt(bytes, start, name.end), {
          earlier,
          record,
        });
    },
    blankLine() {},
    broken() {},
  });
  const { complete } = await feed(source, ['fastq'], splitter, collectFindings(), options);
  splitter.end(complete);
}
