import { SegmentTree, segmentSize } from '@geneward/crypt4gh';
import { crypto } from '../keys/suite-a.ts';
import type { ObjectKey } from '../keys/key-service.ts';
import { Problem } from '../problem.ts';
import * as registry from './registry.ts';
import { bodyState, openBody } from './body.ts';
import { openSegments, sealedRange } from './sealed-body.ts';
import { storeOf, type StorageParts } from './stores.ts';

/**
 * Opens the plain bytes of an object, whole or a range. A copy that breaks off or does not open is left for the next one at the
 * segment where it failed. The first bytes are read before it returns, so that an object that cannot be read is told of at once.
 * Throws Problem `not_found` when no copy is there, `storage_damaged` when none opens, `storage_unavailable` when one may be sound
 * and does not answer.
 */
export async function openObject(
  parts: StorageParts,
  object: registry.StoredObject,
  range: { start: bigint; end: bigint } = { start: 0n, end: object.plainSize },
): Promise<AsyncIterable<Uint8Array>> {
  const key = await parts.keys.open(object.header);
  const end = range.end > object.plainSize ? object.plainSize : range.end;
  const plain = range.start < end ? cut(parts, object, key, { start: range.start, end }) : nothing();
  const first = await plain.next();
  return (async function* () {
    try {
      if (first.done) return;
      yield first.value;
      yield* plain;
    } finally {
      await plain.return(undefined);
    }
  })();
}

/** The sealed body as it lies there, from the first copy that answers: for who has the data key. */
export async function openSealedBody(
  parts: StorageParts,
  object: registry.StoredObject,
  range: { start: bigint; end: bigint },
): Promise<AsyncIterable<Uint8Array>> {
  let last: unknown;
  for (const { store } of object.copies)
    try {
      const from = storeOf(parts, store);
      if ((await bodyState(from, object)) === 'there') return await openBody(from, object, range);
    } catch (error) {
      last = error;
    }
  throw isAway(last) ? last : new Problem('storage_damaged', { cause: last });
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An empty range has no bytes.
}

/** The bytes of a range out of its segments; read from the start to the end, they are held against the tree as well. */
async function* cut(
  parts: StorageParts,
  object: registry.StoredObject,
  key: ObjectKey,
  range: { start: bigint; end: bigint },
): AsyncGenerator<Uint8Array> {
  // An object that still grows has no root yet.
  const whole = range.start === 0n && range.end === object.plainSize && object.tree.length > 0;
  const tree = whole ? new SegmentTree(crypto) : undefined;
  let at = (range.start / BigInt(segmentSize)) * BigInt(segmentSize);
  for await (const plain of segments(parts, object, key, range)) {
    tree?.update(plain);
    const from = at < range.start ? Number(range.start - at) : 0;
    const left = range.end - at;
    at += BigInt(plain.length);
    // Held back until it is known that all before it was right.
    if (tree && at >= range.end && !Buffer.from(object.tree).equals(tree.root())) throw await damaged(parts, object);
    yield plain.subarray(from, left < BigInt(plain.length) ? Number(left) : plain.length);
  }
}

async function* segments(
  parts: StorageParts,
  object: registry.StoredObject,
  key: ObjectKey,
  range: { start: bigint; end: bigint },
): AsyncGenerator<Uint8Array> {
  let at = (range.start / BigInt(segmentSize)) * BigInt(segmentSize);
  let there = false;
  let unanswered: unknown;
  let away: Problem | undefined;
  for (const { store } of object.copies) {
    const { first, start, end } = sealedRange({ start: at, end: range.end }, object.sealedSize, key.suite.overhead);
    try {
      const sealed = await openBody(storeOf(parts, store), object, { start, end });
      there = true;
      for await (const plain of openSegments(sealed, key, first)) {
        at += BigInt(plain.length);
        yield plain;
      }
      if (at >= range.end) return;
    } catch (error) {
      parts.log.error({ err: error, key: object.key, store }, 'a copy could not be read; the next one is taken');
      if (isAway(error)) {
        // Nothing is known of what lies there: it is not noted as faulty.
        away ??= error;
        continue;
      }
      if (!(error instanceof Problem && error.code === 'not_found')) unanswered = error;
    }
    await registry.noteFault(parts.db, { key: object.key, store, at: parts.now() }).catch(() => undefined);
  }
  // With a copy out of reach the object may well be whole.
  if (away) throw away;
  throw new Problem(there || unanswered ? 'storage_damaged' : 'not_found', { cause: unanswered });
}

const isAway = (error: unknown): error is Problem => error instanceof Problem && error.code === 'storage_unavailable';

async function damaged(parts: StorageParts, object: registry.StoredObject): Promise<Problem> {
  const [first] = object.copies;
  if (first) await registry.noteFault(parts.db, { key: object.key, store: first.store, at: parts.now() });
  parts.log.error({ key: object.key, store: first?.store }, 'the segments of a copy do not add up to what was written');
  return new Problem('storage_damaged');
}
