import type { Place } from '../../rules/rule.ts';
import { textReader } from '../encoding.ts';
import type { IntakeItem } from '../items.ts';
import type { IntakeLimits } from '../limits.ts';
import { collectFindings, Refusal } from '../report.ts';
import { hold } from '../source.ts';
import { recordOf } from './record.ts';

/** Reads records from JSON: an array, an object with `records`, a single record, or one record a line (which streams). */
export async function* readJson(
  whole: AsyncGenerator<Uint8Array>,
  head: Uint8Array,
  place: Place,
  limits: IntakeLimits,
): AsyncGenerator<IntakeItem> {
  const values = isLines(head) ? readLines(whole, place, limits) : readDocument(whole, place, limits);
  const { report, drain } = collectFindings();
  let number = 0;
  for await (const { value, line } of values) {
    if (++number > limits.rows) throw new Refusal('GW3008', place, { params: { limit: limits.rows } });
    const record = recordOf(value, { ...place, record: number, ...(line === undefined ? {} : { line }) }, report);
    for (const finding of drain()) yield { finding };
    if (record) yield { record };
  }
}

interface Value {
  readonly value: unknown;
  readonly line?: number;
}

/** A document that opens with a key of a record on its first line is one record a line. */
const isLines = (head: Uint8Array): boolean =>
  /^\s*\{[ \t]*"(type|alias|accession|title|checklist|attributes|units|references|files)"[ \t]*:/.test(
    new TextDecoder().decode(head),
  );

async function* readLines(whole: AsyncIterable<Uint8Array>, place: Place, limits: IntakeLimits): AsyncGenerator<Value> {
  const text = textReader(place, () => undefined);
  let line = 0;
  let rest = '';
  const parsed = function* (lines: readonly string[]): Generator<Value> {
    for (const item of lines) {
      line++;
      if (item.trim() !== '') yield { value: parse(item, { ...place, line }, limits), line };
    }
  };
  for await (const bytes of whole) {
    const lines = (rest + text.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    yield* parsed(lines);
    if (rest.length > limits.object)
      throw new Refusal('GW3009', { ...place, line: line + 1 }, { params: { limit: limits.object } });
  }
  yield* parsed([rest + text.end()]);
}

async function* readDocument(
  whole: AsyncIterable<Uint8Array>,
  place: Place,
  limits: IntakeLimits,
): AsyncGenerator<Value> {
  const bytes = await hold(whole, place, { ...limits, heldBytes: limits.heldBytes / 4 });
  const text = textReader(place, () => undefined);
  const document = parse(text.write(bytes) + text.end(), place, limits);
  const records = Array.isArray(document) ? document : recordsOf(document);
  if (!records) throw new Refusal('GW3080', place, { params: { reason: 'records' } });
  for (const value of records) yield { value };
}

function recordsOf(document: unknown): readonly unknown[] | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  if (!('records' in document)) return 'type' in document ? [document] : undefined;
  return Array.isArray(document.records) ? document.records : undefined;
}

function parse(text: string, place: Place, limits: IntakeLimits): unknown {
  if (depthOf(text) > limits.depth) throw new Refusal('GW3072', place, { params: { limit: limits.depth } });
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const offset = Number(/position (\d+)/.exec(reason)?.[1] ?? Number.NaN);
    const before = Number.isNaN(offset) ? [] : text.slice(0, offset).split('\n');
    const at =
      before.length === 0
        ? {}
        : { line: (place.line ?? 1) + before.length - 1, column: (before.at(-1)?.length ?? 0) + 1 };
    throw new Refusal('GW3080', { ...place, ...at }, { params: { reason } });
  }
}

/** Deepest nesting of brackets outside strings; found before parsing, as parsers recurse. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}
