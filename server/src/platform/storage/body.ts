import type { BlobStore } from '../blobs.ts';
import type { StoredObject } from './registry.ts';
import { bodyOf } from './stores.ts';

type Body = Pick<StoredObject, 'key' | 'sealedSize' | 'pieces'>;

/** The bodies that a sealed body is made of, in order. */
export const partsOf = ({ key, sealedSize, pieces }: Body) =>
  pieces.length > 0 ? pieces : [{ piece: key, start: 0n, size: sealedSize, skip: 0n }];

/** A range of a sealed body as it lies in one store. Throws Problem `not_found`. */
export async function openBody(
  store: BlobStore,
  body: Body,
  range: { start: bigint; end: bigint } = { start: 0n, end: body.sealedSize },
): Promise<AsyncIterable<Uint8Array>> {
  const wanted = partsOf(body).flatMap(({ piece, start, size, skip }) => {
    const from = range.start > start ? range.start - start : 0n;
    const to = range.end < start + size ? range.end - start : size;
    return from < to ? [() => store.open(bodyOf(piece), { start: skip + from, end: skip + to })] : [];
  });
  // The first is opened before this returns, so that a body that is not there is told of at once.
  const first = await wanted[0]?.();
  return (async function* () {
    if (first) yield* first;
    for (const open of wanted.slice(1)) yield* await open();
  })();
}

/** Whether a store holds all of a body, by the sizes of what lies there. */
export async function bodyState(store: BlobStore, body: Body): Promise<'there' | 'missing' | 'damaged'> {
  for (const { piece, size, skip } of partsOf(body)) {
    const found = await store.size(bodyOf(piece));
    if (found === undefined) return 'missing';
    // A piece may be longer than what counts of it; a body that was written at once is exactly as long.
    if (body.pieces.length > 0 ? found < skip + size : found !== size) return 'damaged';
  }
  return 'there';
}

/** Makes a copy of a body, piece by piece. */
export async function copyBody(from: BlobStore, to: BlobStore, body: Body): Promise<void> {
  for (const { piece, size, skip } of partsOf(body))
    await to.put(bodyOf(piece), await from.open(bodyOf(piece), { start: 0n, end: skip + size }));
}
