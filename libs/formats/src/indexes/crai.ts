import { splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import { feed, findingsFor, reportOf, type FileReport } from '../report.ts';
import type { IndexOptions } from './check.ts';
import { indexRules } from './rules.ts';

export interface CraiReport extends FileReport {
  readonly format: 'crai';
  readonly statistics: { readonly slices: number };
}

/** No line of six numbers is longer. */
const longestLine = 200;

/** A CRAM index: a line of six numbers for each slice (CRAM specification section 12). */
export async function checkCrai(source: Bytes, options: IndexOptions = {}): Promise<CraiReport> {
  const findings = findingsFor(options);
  const { dataSize = Infinity } = options;
  let slices = 0;
  const wrong = (line: number, text?: string) => findings.add(indexRules.cramLine, { line, column: 1 }, text, { line });
  const lines = splitLines(
    {
      line(text, line) {
        slices += 1;
        if (!isSlice(text, dataSize)) wrong(line, text);
      },
      tooLong: (line) => wrong(line),
    },
    longestLine,
  );
  const { compression, complete } = await feed(source, ['crai'], lines, findings, options);
  lines.end(complete);
  return { ...reportOf('crai', compression, findings), format: 'crai', statistics: { slices } };
}

/** Sequence (-1 unmapped, -2 several), start, span, container offset, slice offset in it, slice size. */
function isSlice(text: string, dataSize: number): boolean {
  const columns = text.split('\t');
  if (columns.length !== 6 || !columns.every((column) => /^-?\d{1,15}$/.test(column))) return false;
  const [sequence = 0, start = 0, span = 0, container = 0, slice = 0, size = 0] = columns.map(Number);
  if (sequence < -2 || sequence > 2 ** 31 - 1 || start < 0 || span < 0) return false;
  return container >= 0 && slice >= 0 && size > 0 && container + slice + size <= dataSize;
}
