import type { Finding } from '../../rules/rule.ts';
import type { ArchiveRecord } from '../../model/record.ts';
import type { IntakeOptions, Instruction } from '../items.ts';
import { readSubmission } from '../submission.ts';
import type { Source } from '../source.ts';

/** What came out of one reading. */
export interface Collected {
  readonly records: ArchiveRecord[];
  readonly findings: Finding[];
  readonly codes: string[];
  readonly instructions: Instruction[];
  readonly actions: (string | undefined)[];
}

/** Reads one file to its end. */
export async function collect(name: string, content: string | Source, options: IntakeOptions = {}): Promise<Collected> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return await collectFiles([{ name, bytes }], options);
}

/** Reads several files to their end. */
export async function collectFiles(
  files: readonly { name: string; bytes: Source }[],
  options: IntakeOptions = {},
): Promise<Collected> {
  const collected: Collected = { records: [], findings: [], codes: [], instructions: [], actions: [] };
  for await (const item of readSubmission(files, options))
    if ('record' in item) {
      collected.records.push(item.record);
      collected.actions.push(item.action);
    } else if ('finding' in item) {
      collected.findings.push(item.finding);
      collected.codes.push(item.finding.code);
    } else collected.instructions.push(item.instruction);
  return collected;
}
