import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decrypt, nodeCrypto } from '@geneward/crypt4gh';
import * as node from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTransit } from '../../../test/fakes/transit.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { BlobStore, Storage } from '../blobs.ts';
import { directoryBlobs } from '../directory-blobs.ts';
import { keyNumber, readKeyHeader } from '../keys/header.ts';
import { readKeyFile, openSecretFile } from '../keys/key-file.ts';
import { keyService, type KeyService } from '../keys/key-service.ts';
import { sealedHolder, sealedKeys } from '../keys/sealed-keys.ts';
import { transitHolder } from '../keys/transit-holder.ts';
import type { SuiteId } from '../keys/suite.ts';
import { placementOf } from './placement.ts';
import { sealedStorage } from './sealed-storage.ts';

let parts: TestParts;
beforeAll(async () => void (parts = await testParts()));
afterAll(() => parts.close());

let made = 0;
/** Storage in two directories of its own, both with every object. */
function twoPlaces(options: { suite?: SuiteId; needed?: number; faulty?: (store: BlobStore) => BlobStore } = {}) {
  const { suite = 'A', needed = 1, faulty = (store) => store } = options;
  made += 1;
  const folders = [join(parts.config.data, `a${made}`), join(parts.config.data, `b${made}`)] as const;
  const keys = sealedKeys({ data: parts.config.data, suite, now: parts.now });
  const stores = new Map([
    ['a', directoryBlobs(folders[0])],
    ['b', faulty(directoryBlobs(folders[1]))],
  ]);
  const placement = placementOf('*=a+b', new Set(stores.keys()), needed);
  const storage = sealedStorage({ db: parts.pool.db, log: parts.log, now: parts.now, keys, stores, placement });
  const key = `files/aa/${made}-${randomBytes(4).toString('hex')}`;
  const pathIn = (nth: 0 | 1) => join(folders[nth], 'blobs', `${key}.sealed`);
  return { storage, keys, key, folders, pathIn, stores };
}

async function* pieces(bytes: Uint8Array, size = 70_001): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function read(storage: Storage, key: string, start?: number, end?: number): Promise<Buffer> {
  const range = start === undefined ? undefined : { start: BigInt(start), end: BigInt(end ?? 0) };
  const all: Uint8Array[] = [];
  for await (const chunk of await storage.open(key, range)) all.push(chunk);
  return Buffer.concat(all);
}
const change = (path: string, how: (bytes: Buffer) => Buffer) => writeFileSync(path, how(readFileSync(path)));
const flip = (at: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] ?? 0) ^ 32;
  return bytes;
};
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );

const content = randomBytes(3 * 65_536 + 777);
const segment = 65_536 + 28;

describe.each(['A', 'G'] as const)('suite %s', (suite) => {
  it('gives back any range of what was put, and nothing of it lies in the clear', async () => {
    const { storage, key, folders } = twoPlaces({ suite });
    const canary = Buffer.from('CANARY-GATTACA-CANARY');
    const bytes = Buffer.concat([canary, content, canary, randomBytes(70_000), canary]);
    expect((await storage.put(key, pieces(bytes))).size).toBe(BigInt(bytes.length));
    expect(await storage.size(key)).toBe(BigInt(bytes.length));
    expect((await read(storage, key)).equals(bytes)).toBe(true);
    const place = fc.nat(bytes.length + 10);
    await fc.assert(
      fc.asyncProperty(place, place, async (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect((await read(storage, key, start, end)).equals(bytes.subarray(start, end))).toBe(true);
      }),
      { numRuns: 30 },
    );
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    );
    expect(files).toHaveLength(2);
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name)).includes(canary.subarray(0, 12))).toBe(false);
  });

  it('finds a flipped bit anywhere, mends it from the other copy, and reads past it before that', async () => {
    const { storage, key, pathIn } = twoPlaces({ suite });
    await storage.put(key, pieces(content));
    const size = readFileSync(pathIn(0)).length;
    for (const at of [0, 5000, Math.floor(size / 2), size - 1]) {
      change(pathIn(0), flip(at));
      expect((await read(storage, key)).equals(content)).toBe(true);
      expect((await storage.due(new Date(0), 10)).map((due) => due.key)).toContain(key);
      expect(await storage.verify(key)).toEqual({ verdict: 'mended', faults: [{ store: 'a', reason: 'damaged' }] });
      expect(readFileSync(pathIn(0)).equals(readFileSync(pathIn(1)))).toBe(true);
    }
    expect(await storage.verify(key)).toEqual({ verdict: 'sound', faults: [] });
    expect((await storage.due(new Date(0), 10)).map((due) => due.key)).not.toContain(key);
  });
});

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['a cut segment', (bytes) => bytes.subarray(0, -100)],
  ['a lost last segment', (bytes) => bytes.subarray(0, 3 * segment)],
  [
    'swapped segments',
    (b) => Buffer.concat([b.subarray(segment, 2 * segment), b.subarray(0, segment), b.subarray(2 * segment)]),
  ],
  [
    'a repeated segment',
    (b) => Buffer.concat([b.subarray(0, segment), b.subarray(0, segment), b.subarray(2 * segment)]),
  ],
  ['a segment more', (b) => Buffer.concat([b.subarray(0, segment), b])],
  ['an empty file', () => Buffer.alloc(0)],
  ['other bytes', () => randomBytes(4 * segment)],
])('does not give out and mends: %s', async (_, how) => {
  const { storage, key, pathIn } = twoPlaces();
  await storage.put(key, pieces(content));
  change(pathIn(0), how);
  const got = await read(storage, key).catch((error: { code: string }) => error.code);
  expect(typeof got === 'string' ? got : got.equals(content)).toBe(typeof got === 'string' ? 'storage_damaged' : true);
  expect(await storage.verify(key)).toMatchObject({ verdict: 'mended' });
  expect((await read(storage, key)).equals(content)).toBe(true);
  for (const nth of [0, 1] as const) change(pathIn(nth), how);
  expect(await storage.verify(key)).toMatchObject({ verdict: 'damaged' });
  expect(await codeOf(read(storage, key))).toBe('storage_damaged');
});

it('makes a copy anew that is gone, and says when all are', async () => {
  const { storage, key, stores } = twoPlaces();
  await storage.put(key, pieces(content));
  await stores.get('a')?.delete(`${key}.sealed`);
  expect((await read(storage, key, 10, 20)).equals(content.subarray(10, 20))).toBe(true);
  expect(await storage.verify(key)).toEqual({ verdict: 'mended', faults: [{ store: 'a', reason: 'missing' }] });
  for (const store of stores.values()) await store.delete(`${key}.sealed`);
  expect(await storage.size(key)).toBeUndefined();
  expect(await codeOf(read(storage, key))).toBe('not_found');
  expect(await storage.verify(key)).toMatchObject({ verdict: 'missing' });
});

const failing = (store: BlobStore): BlobStore => ({
  ...store,
  put: async () => {
    throw Object.assign(new Error('InternalError'), { code: 'InternalError' });
  },
});

it('takes a file when one of two stores fails, and makes the other copy when it is back', async () => {
  let broken = true;
  const { storage, key, pathIn } = twoPlaces({
    faulty: (store) => ({ ...store, put: (...args) => (broken ? failing(store) : store).put(...args) }),
  });
  await storage.put(key, pieces(content));
  expect((await storage.due(new Date(0), 10)).map((due) => due.key)).toContain(key);
  broken = false;
  expect(await storage.verify(key)).toMatchObject({ verdict: 'mended', faults: [{ store: 'b', reason: 'missing' }] });
  expect(readFileSync(pathIn(0)).equals(readFileSync(pathIn(1)))).toBe(true);
});

it('refuses a file when fewer copies stand than are needed, and leaves nothing of it', async () => {
  const { storage, key, stores } = twoPlaces({ faulty: failing, needed: 2 });
  await expect(storage.put(key, pieces(content))).rejects.toThrow('InternalError');
  expect(await stores.get('a')?.size(`${key}.sealed`)).toBeUndefined();
  expect(await storage.size(key)).toBeUndefined();
});

it('leaves nothing when the source breaks off, and passes its error on', async () => {
  const { storage, key, stores } = twoPlaces();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield content;
    throw new Error('cut');
  }
  await expect(storage.put(key, broken())).rejects.toThrow('cut');
  expect(await stores.get('b')?.size(`${key}.sealed`)).toBeUndefined();
  await storage.put(key, pieces(content));
});

it('rotates keys without touching a body; a header that lost its key opens nothing', async () => {
  const { storage, keys, key, pathIn } = twoPlaces();
  await storage.put(key, pieces(content));
  const before = readFileSync(pathIn(0));
  const version = await keys.rotate('A');
  expect(await storage.rewrap()).toBeGreaterThan(0);
  expect(await storage.rewrap()).toBe(0);
  const { rows } = await sql<{ header: Buffer; key_version: string }>`
    select header, key_version from stored_object where key = ${key}`.execute(parts.pool.db);
  expect(rows[0]?.key_version).toBe(String(version));
  expect(readKeyHeader(rows[0]?.header ?? Buffer.alloc(0)).version).toBe(version);
  expect(readFileSync(pathIn(0)).equals(before)).toBe(true);
  expect((await read(storage, key)).equals(content)).toBe(true);
  const other = (await keys.newKey()).header;
  await sql`update stored_object set header = ${Buffer.from(other)} where key = ${key}`.execute(parts.pool.db);
  expect(await codeOf(read(storage, key))).toBe('storage_damaged');
});

it('moves headers to another holder of keys and back, without touching a body', async () => {
  const { key, pathIn, stores, keys, storage } = twoPlaces();
  const transit = await startTransit();
  try {
    await storage.put(key, pieces(content));
    const before = readFileSync(pathIn(0));
    transit.tokens.add('s.token');
    const tokenFile = join(parts.config.data, 'transit-token');
    writeFileSync(tokenFile, 's.token');
    const { data } = parts.config;
    const file = sealedHolder({ data, suite: 'A', now: parts.now });
    const service = transitHolder({ url: transit.url, mount: 'transit', key: 'k', tokenFile, timeoutSeconds: 5 });
    const placement = placementOf('*=a+b', new Set(stores.keys()), 1);
    const under = (held: KeyService) => sealedStorage({ ...parts, db: parts.pool.db, keys: held, stores, placement });
    const there = keyService('A', service, [file]);
    const held = async () => {
      const { rows } = await sql<{ header: Buffer; key_version: string }>`
        select header, key_version from stored_object where key = ${key}`.execute(parts.pool.db);
      const header = readKeyHeader(rows[0]?.header ?? Buffer.alloc(0));
      expect(rows[0]?.key_version).toBe(String(keyNumber(header)));
      return header.holder;
    };
    expect(await under(there).rewrap()).toBeGreaterThan(0);
    expect(await held()).toBe('transit');
    expect((await read(under(there), key)).equals(content)).toBe(true);
    await there.rotate('A');
    expect(await under(there).rewrap()).toBeGreaterThan(0);
    expect(await under(there).rewrap()).toBe(0);
    expect(await under(keyService('A', file, [service])).rewrap()).toBeGreaterThan(0);
    expect(await held()).toBe('file');
    expect((await read(under(keys), key)).equals(content)).toBe(true);
    expect(readFileSync(pathIn(0)).equals(before)).toBe(true);
  } finally {
    await transit.stop();
  }
});

it('is a Crypt4GH file: header and body together open with any implementation', async () => {
  const { storage, key, pathIn } = twoPlaces();
  await storage.put(key, pieces(content));
  const { rows } = await sql<{ header: Buffer }>`select header from stored_object where key = ${key}`.execute(
    parts.pool.db,
  );
  const { version, wrapped } = readKeyHeader(rows[0]?.header ?? Buffer.alloc(0));
  const folder = join(parts.config.data, 'keys');
  const newest = readdirSync(folder).filter((name) => /^storage-keys-\d+\.json$/.test(name)).length;
  const held = readKeyFile(
    join(folder, `storage-keys-${newest}.json`),
    openSecretFile(join(folder, 'storage-keys.secret'), false),
  );
  const secret = held.find((one) => one.version === version)?.secretKey ?? new Uint8Array(32);
  const crypto = nodeCrypto(node);
  const out: Uint8Array[] = [];
  for await (const chunk of decrypt(crypto, [wrapped, readFileSync(pathIn(1))], { keys: [crypto.secretKey(secret)] }))
    out.push(chunk);
  expect(Buffer.concat(out).equals(content)).toBe(true);
});

it('reads what an earlier version wrote in the clear, and seals it', async () => {
  const { storage, key, stores, folders } = twoPlaces();
  await stores.get('a')?.put(key, pieces(content));
  expect((await read(storage, key, 100, 200)).equals(content.subarray(100, 200))).toBe(true);
  expect(await storage.size(key)).toBe(BigInt(content.length));
  expect(await storage.sealPlain('files', new Date(Date.now() + 1000))).toBe(1);
  expect(await storage.sealPlain('files', new Date(Date.now() + 1000))).toBe(0);
  expect((await read(storage, key)).equals(content)).toBe(true);
  const left = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
  );
  for (const { parentPath, name } of left)
    expect(readFileSync(join(parentPath, name)).includes(content.subarray(0, 32))).toBe(false);
  const keys: string[] = [];
  for await (const found of storage.list('files')) keys.push(found.key);
  expect(new Set(keys)).toEqual(new Set([key]));
  await storage.delete(key);
  expect(await storage.size(key)).toBeUndefined();
});
