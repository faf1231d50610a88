import type { Place } from '../rules/rule.ts';
import { delimitedReader, findDelimiter } from './delimited.ts';
import type { RowReader } from './delimited.ts';
import { textReader } from './encoding.ts';
import type { Encoding } from './encoding.ts';
import { withDefaults } from './limits.ts';
import type { IntakeLimits } from './limits.ts';
import type { RawRow } from './raw-row.ts';
import { collectFindings, Refusal } from './report.ts';
import { sniff } from './sniff.ts';
import type { Content } from './sniff.ts';
import { peek, pieces } from './source.ts';
import type { Source } from './source.ts';
import { tableBuilder } from './table.ts';
import { rowEvents } from './table-events.ts';
import type { TableEvent } from './table-events.ts';
import { readWorkbook } from './xlsx/workbook.ts';

export interface TableOptions {
  /** File name, for places; the content decides how the file is read. */
  readonly name: string;
  readonly limits?: Partial<IntakeLimits>;
  /** Encoding of a text table when the caller knows it, instead of finding it out. */
  readonly encoding?: Encoding;
}

/**
 * Reads TSV, CSV or XLSX as a stream of rows with the findings about them. Never throws for what the file contains: a file
 * that cannot be read ends with the finding that says why and where.
 */
export async function* readTable(source: Source, options: TableOptions): AsyncGenerator<TableEvent> {
  const limits = withDefaults(options.limits);
  const place = { file: options.name };
  try {
    const { head, whole } = await peek(pieces(source, place, limits), 512);
    yield* readTableContent(sniff(head), whole, place, limits, options.encoding);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield { finding: error.finding };
  }
}

/** The same for content that is already recognised. Throws `Refusal`. */
export async function* readTableContent(
  content: Content,
  whole: AsyncGenerator<Uint8Array>,
  place: Place,
  limits: IntakeLimits,
  encoding?: Encoding,
): AsyncGenerator<TableEvent> {
  if (content === 'text') yield* readText(whole, place, limits, encoding);
  else if (content === 'zip' || content === 'compound') yield* readWorkbook(whole, place, limits);
  else if (content === 'empty') throw new Refusal('GW3011', place);
  else throw new Refusal('GW3004', place, { params: { kind: content } });
}

const headLength = 4096;

async function* readText(
  whole: AsyncGenerator<Uint8Array>,
  place: Place,
  limits: IntakeLimits,
  encoding: Encoding | undefined,
): AsyncGenerator<TableEvent> {
  const { report, drain } = collectFindings();
  const text = textReader(place, report, encoding);
  const builder = tableBuilder(place, limits, report);
  let reader: RowReader | undefined;
  let head = '';
  const feed = (piece: string, last: boolean, rows: RawRow[]): void => {
    head = reader ? piece : head + piece;
    if (!reader && head.length < headLength && !last) return;
    reader ??= delimitedReader(findDelimiter(head), place, limits, report);
    reader.write(head, rows);
    if (last) reader.end(rows);
  };
  for await (const bytes of whole) yield* rowEvents((rows) => feed(text.write(bytes), false, rows), builder, drain);
  yield* rowEvents((rows) => feed(text.end(), true, rows), builder, drain);
  if (!builder.table()) throw new Refusal('GW3011', place);
  builder.end();
  yield* drain().map((finding) => ({ finding }));
}
