import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sm2 } from 'sm-crypto-v2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeyHeader, writeKeyHeader } from './header.ts';
import { sealedKeys, type SealedKeysOptions } from './sealed-keys.ts';
import { suiteA } from './suite-a.ts';
import { suiteG } from './suite-g.ts';
import type { Suite, SuiteId } from './suite.ts';

let data: string;
beforeEach(() => void (data = mkdtempSync(join(tmpdir(), 'geneward-keys-'))));
afterEach(() => rmSync(data, { recursive: true }));

const open = (suite: SuiteId = 'A', options: Partial<SealedKeysOptions> = {}) =>
  sealedKeys({ data, suite, now: () => new Date(), ...options });
const codeOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return (error as { code: unknown }).code;
  }
};
const flipped = (bytes: Uint8Array, at: number) => {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe.each<[string, Suite]>([
  ['A', suiteA],
  ['G', suiteG],
])('suite %s', (_, suite) => {
  const dataKey = suite.newDataKey();
  const pair = suite.newKeyPair();
  const sealed = (plain: Uint8Array, index = 0) => {
    const out = new Uint8Array(plain.length + suite.overhead);
    suite.seal(dataKey, index, plain, out);
    return out;
  };

  it('opens what it sealed, and nothing that was altered in any byte', () => {
    const plain = new TextEncoder().encode('ACGT'.repeat(20));
    const closed = sealed(plain);
    const out = new Uint8Array(plain.length);
    expect(suite.open(dataKey, 0, closed, out)).toBe(true);
    expect(out).toEqual(plain);
    for (let at = 0; at < closed.length; at += 1) expect(suite.open(dataKey, 0, flipped(closed, at), out)).toBe(false);
    expect(suite.open(suite.newDataKey(), 0, closed, out)).toBe(false);
    for (const length of [0, 1, suite.overhead, closed.length - 1])
      expect(suite.open(dataKey, 0, closed.subarray(0, length), out)).toBe(false);
  });

  it('never seals the same bytes to the same bytes', () => {
    expect(sealed(new Uint8Array(64))).not.toEqual(sealed(new Uint8Array(64)));
  });

  it('wraps a data key for one pair of keys alone', async () => {
    const wrapped = suite.wrap(dataKey, pair);
    expect(Buffer.from(suite.unwrap(wrapped, pair))).toEqual(Buffer.from(dataKey));
    expect(Buffer.from(wrapped).includes(Buffer.from(dataKey))).toBe(false);
    expect(await codeOf(() => suite.unwrap(wrapped, suite.newKeyPair()))).toBe('wrong_key');
    for (const at of [0, 40, wrapped.length - 1])
      expect(await codeOf(() => suite.unwrap(flipped(wrapped, at), pair))).toBe('wrong_key');
    expect(await codeOf(() => suite.unwrap(new Uint8Array(3), pair))).toBe('wrong_key');
  });
});

it('suite G wraps keys together, each for one pair of keys alone and apart from the others', async () => {
  const pair = suiteG.newKeyPair();
  const dataKeys = Array.from({ length: 5 }, () => suiteG.newDataKey());
  const wrapped = suiteG.wrapTogether?.(dataKeys, pair) ?? [];
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  expect(wrapped.map((one) => text(suiteG.unwrap(one, pair)))).toEqual(dataKeys.map(text));
  for (const one of wrapped) {
    for (const dataKey of dataKeys) expect(text(one)).not.toContain(text(dataKey));
    expect(await codeOf(() => suiteG.unwrap(one, suiteG.newKeyPair()))).toBe('wrong_key');
  }
  const [first = new Uint8Array()] = wrapped;
  for (let at = 0; at < first.length; at += 1)
    expect(await codeOf(() => suiteG.unwrap(flipped(first, at), pair))).toBe('wrong_key');
});

it.each(['A', 'G'] as const)('rewraps many headers of suite %s in their order, again and again', async (id) => {
  const keys = open(id);
  const made = await Promise.all(Array.from({ length: 20 }, () => keys.newKey()));
  let headers: readonly Uint8Array[] = made.map(({ header }) => header);
  for (let round = 0; round < 2; round += 1) {
    const version = await keys.rotate(id);
    headers = await keys.rewrap(headers);
    expect(new Set(headers.map((header) => readKeyHeader(header).version))).toEqual(new Set([version]));
    for (const [nth, { dataKey }] of made.entries())
      expect(Buffer.from((await open(id).open(headers[nth] ?? new Uint8Array())).dataKey)).toEqual(
        Buffer.from(dataKey),
      );
  }
});

it('suite G binds a segment to its place', () => {
  const dataKey = suiteG.newDataKey();
  const out = new Uint8Array(10 + suiteG.overhead);
  suiteG.seal(dataKey, 4, new Uint8Array(10), out);
  expect(suiteG.open(dataKey, 4, out, new Uint8Array(10))).toBe(true);
  expect(suiteG.open(dataKey, 5, out, new Uint8Array(10))).toBe(false);
});

it('speaks the SM2 that others speak, both ways', () => {
  const dataKey = suiteG.newDataKey();
  const { publicKey, secretKey } = suiteG.newKeyPair();
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const theirs = Buffer.from(sm2.doEncrypt(dataKey, hex(publicKey), 1), 'hex');
  expect(hex(suiteG.unwrap(theirs, { publicKey, secretKey }))).toBe(hex(dataKey));
  const ours = suiteG.wrap(dataKey, { publicKey, secretKey }).subarray(32);
  expect(hex(sm2.doDecrypt(hex(ours), hex(secretKey), 1, { output: 'array' }))).toBe(hex(dataKey));
  const pair = sm2.generateKeyPairHex();
  const foreign = { publicKey: Buffer.from(pair.publicKey, 'hex'), secretKey: Buffer.from(pair.privateKey, 'hex') };
  expect(hex(suiteG.unwrap(suiteG.wrap(dataKey, foreign), foreign))).toBe(hex(dataKey));
});

it('names suite and key version in every header', async () => {
  for (const suite of ['A', 'G'] as const) {
    const { header, dataKey } = await open(suite).newKey();
    expect(readKeyHeader(header)).toMatchObject({ suite });
    expect(Buffer.from((await open(suite).open(header)).dataKey)).toEqual(Buffer.from(dataKey));
  }
  expect(await codeOf(() => readKeyHeader(new TextEncoder().encode('GWK1X....junk')))).toBe('header_malformed');
  expect(await codeOf(() => readKeyHeader(new Uint8Array(0)))).toBe('header_malformed');
});

it.each(['A', 'G'] as const)(
  'rotates keys of suite %s: old headers open, new ones and rewrapped ones name the new version',
  async (id) => {
    const keys = open(id);
    const { header, dataKey } = await keys.newKey();
    const before = readKeyHeader(header).version;
    const version = await open(id).rotate(id);
    expect(version).toBeGreaterThan(before);
    // Another process has rotated: this one sees it without being told.
    expect(readKeyHeader((await keys.newKey()).header).version).toBe(version);
    expect(Buffer.from((await keys.open(header)).dataKey)).toEqual(Buffer.from(dataKey));
    const [again = new Uint8Array()] = await keys.rewrap([header]);
    expect(readKeyHeader(again).version).toBe(version);
    expect(Buffer.from((await keys.open(again)).dataKey)).toEqual(Buffer.from(dataKey));
  },
);

it('says so when a header is of a key that is not here, or names another version', async () => {
  const { header } = await open().newKey();
  const { suite, wrapped } = readKeyHeader(header);
  expect(await codeOf(() => open().open(writeKeyHeader({ suite, holder: 'file', version: 77, wrapped })))).toBe(
    'unknown_key',
  );
  await open().rotate('A');
  expect(await codeOf(() => open().open(writeKeyHeader({ suite, holder: 'file', version: 2, wrapped })))).toBe(
    'wrong_key',
  );
});

it('loses no version when several rotate at once, each with what it knew before', async () => {
  const holders = Array.from({ length: 5 }, () => open());
  const versions = await Promise.all(holders.map((keys) => keys.rotate('A')));
  expect(new Set(versions).size).toBe(5);
});

it('keeps keys sealed, for their owner alone, under a secret or a password', async () => {
  const { header } = await open().newKey();
  const folder = join(data, 'keys');
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  const text = readFileSync(join(folder, 'storage-keys-1.json'), 'utf8');
  expect(text).not.toContain('secretKey');
  writeFileSync(join(folder, 'storage-keys.secret'), `${'0'.repeat(64)}\n`);
  expect(await codeOf(() => open().open(header))).toBe('key_file');
  chmodSync(join(folder, 'storage-keys.secret'), 0o644);
  expect(await codeOf(() => open())).toBe('key_file');
  expect(await codeOf(() => open('A', { password: 'a long password' }))).toBe('key_file');
});

it('opens with the password that it was sealed with and no other', async () => {
  const { header } = await open('A', { password: 'correct horse battery' }).newKey();
  await open('A', { password: 'correct horse battery' }).open(header);
  expect(await codeOf(() => open('A', { password: 'incorrect horse' }))).toBe('key_file');
  writeFileSync(join(data, 'keys', 'storage-keys-1.json'), '{"format":"geneward-keys-1"}');
  expect(await codeOf(() => open('A', { password: 'correct horse battery' }))).toBe('key_file');
});
