import { SegmentTree, spent } from '@geneward/crypt4gh';
import type { BlobStore, Verification } from '../blobs.ts';
import type { ObjectKey } from '../keys/key-service.ts';
import { crypto } from '../keys/suite-a.ts';
import { Problem } from '../problem.ts';
import * as registry from './registry.ts';
import { DamagedError, openSegments } from './sealed-body.ts';
import { bodyState, copyBody, openBody } from './body.ts';
import { storeOf, type StorageParts } from './stores.ts';

/** Reads every copy of an object, notes what was found, and makes good what is not sound from a copy that is. */
export async function verifyObject(parts: StorageParts, key: string): Promise<Verification> {
  const object = await registry.findObject(parts.db, key);
  if (!object) return verifyPlain(parts, key);
  const opened = await parts.keys.open(object.header);
  const known = object.copies.map(({ store }) => store);
  const missing = parts.placement.storesOf(key).filter((store) => !known.includes(store));
  const faults: { store: string; reason: 'missing' | 'damaged' }[] = [];
  const sound: string[] = [];
  for (const store of known) {
    const found = await stateOf(storeOf(parts, store), object, opened);
    await registry.noteVerified(parts.db, { key, store, at: parts.now(), faulty: found !== 'sound' });
    if (found === 'sound') sound.push(store);
    else faults.push({ store, reason: found });
  }
  const [good] = sound;
  if (good === undefined)
    return { verdict: faults.some(({ reason }) => reason === 'damaged') ? 'damaged' : 'missing', faults };
  for (const store of [...faults.map((fault) => fault.store), ...missing])
    await copy(parts, object, opened, good, store);
  return { verdict: faults.length > 0 ? 'mended' : 'sound', faults };
}

/** What an earlier version wrote in the clear has no tree; that it is there is all that can be said here. */
async function verifyPlain({ stores }: StorageParts, key: string): Promise<Verification> {
  for (const store of stores.values())
    if ((await store.size(key)) !== undefined) return { verdict: 'sound', faults: [] };
  return { verdict: 'missing', faults: [] };
}

async function copy(
  parts: StorageParts,
  object: registry.StoredObject,
  opened: ObjectKey,
  from: string,
  to: string,
): Promise<void> {
  const { key } = object;
  const target = storeOf(parts, to);
  await copyBody(storeOf(parts, from), target, object);
  const made = await stateOf(target, object, opened);
  await registry.noteVerified(parts.db, { key, store: to, at: parts.now(), faulty: made !== 'sound' });
  if (made !== 'sound') throw new Error(`a copy of ${key} that was just written to ${to} is ${made}`);
}

async function stateOf(
  store: BlobStore,
  object: registry.StoredObject,
  opened: ObjectKey,
): Promise<'sound' | 'missing' | 'damaged'> {
  const tree = new SegmentTree(crypto);
  try {
    const state = await bodyState(store, object);
    if (state !== 'there') return state;
    for await (const plain of openSegments(await openBody(store, object), opened, 0)) {
      tree.update(plain);
      spent(plain);
    }
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return 'missing';
    if (error instanceof DamagedError) return 'damaged';
    throw error;
  }
  return Buffer.from(object.tree).equals(tree.root()) ? 'sound' : 'damaged';
}
