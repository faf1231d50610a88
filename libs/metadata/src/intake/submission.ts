import type { ArchiveRecord } from '../model/record.ts';
import type { Place } from '../rules/rule.ts';
import { safeFileName, unsafeFileName } from './file-name.ts';
import { readJson } from './json/read.ts';
import type { IntakeItem, IntakeOptions } from './items.ts';
import { withDefaults } from './limits.ts';
import { readTableContent } from './read-table.ts';
import { collectFindings, Refusal } from './report.ts';
import { sniff } from './sniff.ts';
import { readSraXml } from './sra/read.ts';
import { peek, pieces } from './source.ts';
import type { IntakeFile } from './source.ts';
import { readObjectTables } from './tables/read.ts';

/**
 * Reads a submission: any mix of workbooks, text tables, JSON and SRA/ENA XML, each recognised by its content. Gives
 * records and findings as they come, so that nothing but the file in hand is held; never throws for what a file contains.
 */
export async function* readSubmission(
  files: Iterable<IntakeFile> | AsyncIterable<IntakeFile>,
  options: IntakeOptions = {},
): AsyncGenerator<IntakeItem> {
  for await (const file of files)
    yield* boundFindings(readFile(file, options), { file: file.name }, withDefaults(options.limits).findings);
}

/** Lists findings up to a limit; records go on, so that a caller sees how many there are. */
async function* boundFindings(
  items: AsyncIterable<IntakeItem>,
  place: Place,
  most: number,
): AsyncGenerator<IntakeItem> {
  let found = 0;
  for await (const item of items) {
    if (!('finding' in item)) yield item;
    else if (++found <= most) yield item;
    else if (found === most + 1) yield { finding: new Refusal('GW3019', place, { params: { limit: most } }).finding };
  }
}

async function* readFile(file: IntakeFile, options: IntakeOptions): AsyncGenerator<IntakeItem> {
  const limits = withDefaults(options.limits);
  const place = { file: file.name };
  try {
    const { head, whole } = await peek(pieces(file.bytes, place, limits), 512);
    const content = sniff(head);
    const items =
      content === 'xml'
        ? readSraXml(whole, place, limits)
        : content === 'json'
          ? readJson(whole, head, place, limits)
          : readObjectTables(readTableContent(content, whole, place, limits, options.encoding), place, options);
    for await (const item of items) {
      if ('record' in item) yield* checkFileNames(item.record);
      yield item;
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield { finding: error.finding };
  }
}

function* checkFileNames({ files, place, alias }: ArchiveRecord): Generator<IntakeItem> {
  const { report, drain } = collectFindings();
  for (const { name } of files) {
    const reason = unsafeFileName(name);
    if (reason !== undefined)
      report(
        'GW3060',
        { ...place, alias, column: 'file_name' },
        { value: name, suggestion: safeFileName(name), params: { reason } },
      );
  }
  for (const finding of drain()) yield { finding };
}
