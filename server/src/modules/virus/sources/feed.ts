import { createHash, randomUUID } from 'node:crypto';
import { sourceRules, VirusProblem } from '@geneward/phylo';
import type { BlobStore } from '../../../platform/blobs.ts';
import { withoutRecords } from '../fasta.ts';
import { readRecords } from '../records.ts';
import type { SourceRow } from '../store.ts';
import { ask, textAt, type Fetched } from './http.ts';
import type { Look } from './look.ts';

/** How far a feed is: what it last gave whole, and the parts of what is under way. */
interface FeedPosition {
  /** SHA-256 of the table, and name of the sequences, that were last taken whole. */
  readonly table?: string;
  readonly whole?: string;
  /** Name of the sequences under way (their ETag), and keys of the parts that have come. */
  readonly etag?: string;
  readonly parts?: readonly string[];
  readonly bytes?: number;
}

const partBytes = 16 * 1024 ** 2;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * A table of who, when, where and under which terms beside one file of all sequences. New rows are taken, and rows whose status became
 * `withdrawn` or `suppressed` are taken back. The sequences come in parts that are kept as they come: what is cut off goes on from
 * there as long as the server says that its file is still the same.
 */
export async function* lookAtFeed(row: SourceRow, blobs: BlobStore, known: () => Promise<ReadonlySet<string>>): Look {
  const base = row.address.endsWith('/') ? row.address : `${row.address}/`;
  let position = row.position as FeedPosition;
  const text = await textAt(`${base}metadata.tsv`);
  const { records, gone, faults } = tableOf(base, text);
  const names = await known();
  for (const [reason, all] of gone) {
    const here = all.filter((name) => names.has(name));
    if (here.length > 0) yield { kind: 'gone', names: here, reason };
  }
  const table = sha256(text);
  const fresh = new Map(Object.entries(records).filter(([name]) => !names.has(name)));
  if (fresh.size > 0) {
    const same = position.table === table && position.whole !== undefined && !position.parts?.length;
    const headers = same && position.whole !== undefined ? { 'if-none-match': position.whole } : undefined;
    for await (const reached of download(`${base}sequences.fasta`, position, blobs, headers ?? {})) {
      position = reached;
      yield { kind: 'reached', position: { ...position } };
    }
    const { parts = [], etag = '' } = position;
    if (parts.length > 0)
      yield {
        kind: 'arrival',
        external: sha256(`${table} ${etag} ${parts.length}`),
        title: `${row.title} ${table.slice(0, 8)}`,
        records: Object.fromEntries(fresh),
        fasta: withoutRecords(joined(blobs, parts), (_, name) => !fresh.has(name)),
      };
    const done = etag === '' ? {} : { whole: etag };
    yield { kind: 'reached', position: { table, ...done } };
    for (const key of parts) await blobs.delete(key);
  }
  if (faults) throw faults;
}

/** The table; a row with a fault is told at the end and taken without what is wrong. */
function tableOf(address: string, text: string) {
  try {
    const { records, gone, faults } = readRecords(text, { lenient: true });
    const [first] = faults;
    return {
      records,
      gone,
      faults:
        first &&
        new VirusProblem(sourceRules.rows, {
          count: faults.length,
          file: 'metadata.tsv',
          line: first.place.line ?? 0,
          reason: first.code,
        }),
    };
  } catch (error) {
    if (!(error instanceof VirusProblem)) throw error;
    throw new VirusProblem(sourceRules.form, { address, reason: error.message });
  }
}

/** Fetches what is missing of the sequences, a part at a time; each is told when it is kept. */
async function* download(
  address: string,
  { table, whole, ...before }: FeedPosition,
  blobs: BlobStore,
  headers: Readonly<Record<string, string>>,
): AsyncGenerator<FeedPosition> {
  const goesOn: Record<string, string> =
    before.etag !== undefined && before.bytes ? { range: `bytes=${before.bytes}-`, 'if-range': before.etag } : {};
  const answer = await ask(address, { ...headers, ...goesOn }, [200, 206, 304, 416]);
  const kept = { ...(table !== undefined && { table }), ...(whole !== undefined && { whole }) };
  if (answer.status === 304) return;
  // All of it had come; only what follows was cut off.
  if (answer.status === 416) return;
  const fresh = answer.status === 200;
  if (fresh) for (const key of before.parts ?? []) await blobs.delete(key);
  const etag = strongTag(answer);
  const parts = fresh ? [] : [...(before.parts ?? [])];
  let bytes = fresh ? 0 : (before.bytes ?? 0);
  for await (const part of inParts(answer.body)) {
    const key = `virus/sources/${randomUUID()}`;
    await blobs.put(key, one(part));
    parts.push(key);
    bytes += part.length;
    yield { ...kept, parts: [...parts], bytes, ...(etag !== undefined && { etag }) };
  }
}

/** A name of a file's state that says that it is the same byte for byte; without one nothing can go on later. */
function strongTag({ headers }: Fetched): string | undefined {
  const etag = headers.get('etag');
  return etag === null || etag.startsWith('W/') ? undefined : etag;
}

/** Bytes in parts; what had come before a break is a part too, and then the break is told. */
async function* inParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  let broken: unknown;
  try {
    for await (const chunk of body) {
      held.push(chunk);
      size += chunk.length;
      if (size < partBytes) continue;
      yield Buffer.concat(held);
      [held, size] = [[], 0];
    }
  } catch (error) {
    broken = error;
  }
  if (size > 0) yield Buffer.concat(held);
  if (broken !== undefined) throw broken;
}

// oxlint-disable-next-line typescript/require-await -- a store takes its bytes one after another
async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* joined(blobs: BlobStore, parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const key of parts) yield* await blobs.open(key);
}
