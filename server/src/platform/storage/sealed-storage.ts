import { sealHeader } from '@geneward/crypt4gh';
import { keyNumber, readKeyHeader } from '../keys/header.ts';
import type { BlobStore, Growing, GrowOptions, Storage } from '../blobs.ts';
import type { Db } from '../db.ts';
import type { KeyService } from '../keys/key-service.ts';
import { crypto } from '../keys/suite-a.ts';
import { suiteIds } from '../keys/suite.ts';
import { Problem } from '../problem.ts';
import { bodyState } from './body.ts';
import { adopt, depositKey, rewrapDeposits } from './deposit-keys.ts';
import { directFor } from './direct.ts';
import { growObject } from './growing.ts';
import { proofOf, saveLeaves } from './leaves.ts';
import * as pieces from './pieces.ts';
import { openObject, openSealedBody } from './read.ts';
import * as registry from './registry.ts';
import { plainSizeOf, sealBody } from './sealed-body.ts';
import { bodyOf, ending, storeOf, type StorageParts } from './stores.ts';
import { verifyObject } from './verify.ts';
import { writeBody } from './write.ts';

/** Rows of objects that nobody finished are forgotten after this long: no upload lasts so long. */
const unfinishedDays = 30;
const day = 86_400_000;
const rewrapBatch = 1000;

/**
 * Storage in which nothing lies in the clear: each object is sealed under a data key of its own, in the stores that its placement
 * names. Header, tree and places are in the database; without its header a body is noise.
 */
export function sealedStorage(parts: StorageParts): Storage {
  const { db, keys, stores, now } = parts;
  const all = [...stores.values()];
  const whole = async (key: string) => {
    const object = await registry.findObject(db, key);
    if (!object) throw new Problem('not_found');
    return object;
  };
  return {
    put: (key, bytes, options) => putObject(parts, key, bytes, options),
    async open(key, range) {
      const object = await registry.findObject(db, key);
      return object ? openObject(parts, object, range) : openPlain(all, key, range);
    },
    async size(key) {
      const object = await registry.findObject(db, key);
      if (object) return (await anyCopy(parts, object)) ? object.plainSize : undefined;
      return plainSize(all, key);
    },
    async delete(key) {
      const names = await registry.forgetObject(db, key);
      for (const store of all) {
        for (const name of [key, ...names]) await store.delete(bodyOf(name));
        await store.delete(key);
      }
    },
    async *list(folder) {
      for (const store of all)
        for await (const { key, at } of store.list(folder))
          yield { key: key.endsWith(ending) ? key.slice(0, -ending.length) : key, at };
    },
    async discardUnfinished(before, named) {
      await registry.forgetUnfinished(db, new Date(now().getTime() - unfinishedDays * day));
      let count = 0;
      for (const store of all)
        count += await store.discardUnfinished(before, named && ((body) => named(body.slice(0, -ending.length))));
      return count;
    },
    check: async () => void (await awayStores(parts)),
    away: () => awayStores(parts),
    async describe(key) {
      const object = await registry.findObject(db, key);
      if (!object) return undefined;
      const { plainSize: size, sealedSize, tree, header } = object;
      return { size, sealedSize, tree, suite: readKeyHeader(header).suite };
    },
    async proof(key, from, to) {
      const object = await registry.findObject(db, key);
      return object && proofOf(db, object, from, to);
    },
    headerFor: async (key, recipient) => headerFor((await keys.open((await whole(key)).header)).dataKey, recipient),
    openSealed: async (key, range) => openSealedBody(parts, await whole(key), range),
    async grow(key, options = {}) {
      const { deposit, way = 'seal' } = options;
      const { suite, dataKey, header } = deposit ? await adopt(parts, deposit) : await keys.newKey();
      const sealing = { way, suite: suite.id, dataKey };
      return growObject(parts, key, { sealing, header, pieces: [] }, options);
    },
    depositKey: () => depositKey(parts),
    directFor: (key) => directFor(parts, key),
    regrow: (key, options = {}) => regrow(parts, key, options),
    isPiece: (key) => pieces.isPiece(db, key),
    verify: (key) => verifyObject(parts, key),
    due: (before, limit) => registry.dueCopies(db, before, new Date(now().getTime() - day), limit),
    rewrap: () => rewrapAll(db, keys),
    sealPlain: (folder, before) => sealPlain(parts, folder, before),
  };
}

/** Names of stores that do not answer. Throws when fewer are left of a choice of stores than a write needs. */
async function awayStores({ stores, placement }: StorageParts): Promise<readonly string[]> {
  const away = new Map<string, unknown>();
  const ask = ([name, store]: [string, BlobStore]) => store.check().catch((error: unknown) => away.set(name, error));
  await Promise.all([...stores].map(ask));
  for (const names of placement.choices) {
    const failed = names.filter((name) => away.has(name));
    if (names.length - failed.length < Math.min(placement.needed, names.length)) throw away.get(failed[0] ?? '');
  }
  return [...away.keys()];
}

async function putObject(
  parts: StorageParts,
  key: string,
  bytes: AsyncIterable<Uint8Array>,
  options: { signal?: AbortSignal } = {},
) {
  const { db, keys, now, log } = parts;
  const objectKey = await keys.newKey();
  const header = readKeyHeader(objectKey.header);
  await registry.beginObject(db, {
    key,
    suite: header.suite,
    version: keyNumber(header),
    header: objectKey.header,
    at: now(),
  });
  const body = sealBody(bytes, objectKey, (pages) => saveLeaves(db, key, pages));
  try {
    const { stores } = await writeBody(parts, key, key, body.sealed, options);
    const { size, sealedSize, tree } = body.told();
    await pieces.complete(parts, db, { key, plainSize: size, sealedSize, tree, stores });
    return { size, tree };
  } catch (error) {
    await registry
      .forgetObject(db, key)
      .catch((cause: unknown) => log.warn({ err: cause, key }, 'a broken write is left for the sweep'));
    throw error;
  }
}

/** A Crypt4GH header for one recipient, from a writer that is forgotten at once. Throws Crypt4ghProblem `public_key_weak`. */
function headerFor(dataKey: Uint8Array, recipient: Uint8Array): Uint8Array {
  const writer = crypto.secretKey(crypto.randomBytes(32));
  return sealHeader(crypto, { dataKeys: [{ key: dataKey }] }, { writer, readers: [recipient] });
}

async function anyCopy(parts: StorageParts, object: registry.StoredObject): Promise<boolean> {
  for (const { store } of object.copies)
    if ((await bodyState(storeOf(parts, store), object)) !== 'missing') return true;
  return false;
}

/** Goes on with an object of which some pieces are there: they are read once, so that all that was known of them is known again. */
async function regrow(parts: StorageParts, key: string, options: GrowOptions): Promise<Growing | undefined> {
  const found = await pieces.growingObject(parts.db, key);
  if (!found) return undefined;
  const { suite, dataKey } = await parts.keys.open(found.header);
  const sealing = { way: options.way ?? 'seal', suite: suite.id, dataKey } as const;
  const growing = growObject(parts, key, { sealing, ...found }, options);
  const sealedSize = found.pieces.reduce((sum, { size }) => sum + size, 0n);
  const copies = parts.placement.storesOf(key).map((store) => ({ store, faulty: false }));
  const object = { key, ...found, copies, sealedSize, plainSize: 0n, tree: new Uint8Array(0) };
  try {
    if (sealing.way === 'open')
      await growing.replay(await openSealedBody(parts, object, { start: 0n, end: sealedSize }));
    else {
      const plainSize = plainSizeOf(sealedSize, suite.overhead);
      await growing.replay(await openObject(parts, { ...object, plainSize }, { start: 0n, end: plainSize }));
    }
    return growing;
  } catch (error) {
    await growing.drop();
    throw error;
  }
}

async function plainSize(stores: readonly BlobStore[], key: string): Promise<bigint | undefined> {
  for (const store of stores) {
    const size = await store.size(key);
    if (size !== undefined) return size;
  }
  return undefined;
}

async function openPlain(stores: readonly BlobStore[], key: string, range?: { start: bigint; end: bigint }) {
  for (const store of stores) if ((await store.size(key)) !== undefined) return store.open(key, range);
  throw new Problem('not_found');
}

async function rewrapAll(db: Db, keys: KeyService): Promise<number> {
  let count = await rewrapDeposits(db, keys);
  for (const suite of suiteIds)
    for (;;) {
      const old = await registry.oldHeaders(db, suite, await keys.current(suite), rewrapBatch);
      if (old.length === 0) break;
      const after = await keys.rewrap(old.map(({ header }) => header));
      const headers = after.map((header, nth) => ({
        key: old[nth]?.key ?? '',
        before: old[nth]?.header ?? header,
        after: header,
        version: keyNumber(readKeyHeader(header)),
      }));
      await registry.replaceHeaders(db, headers);
      count += headers.length;
    }
  return count;
}

/** Reads prefer the sealed body from the moment it is whole, so a crash at any place loses nothing. */
async function sealPlain(parts: StorageParts, folder: string, before: Date): Promise<number> {
  let count = 0;
  for (const store of parts.stores.values())
    for await (const { key, at } of store.list(folder)) {
      if (key.endsWith(ending) || at >= before) continue;
      if (!(await registry.findObject(parts.db, key))) {
        await registry.forgetObject(parts.db, key);
        await putObject(parts, key, await store.open(key));
        count += 1;
      }
      await store.delete(key);
    }
  return count;
}
