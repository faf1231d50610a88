import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTransit, type Transit } from '../../../test/fakes/transit.ts';
import { keyNumber, readKeyHeader, writeKeyHeader } from './header.ts';
import type { KeyHolder } from './key-holder.ts';
import { keyService } from './key-service.ts';
import { pkcs11Holder } from './pkcs11-holder.ts';
import { sealedHolder } from './sealed-keys.ts';
import { transitHolder } from './transit-holder.ts';

const folder = mkdtempSync(join(tmpdir(), 'geneward-holders-'));
const at = (name: string) => join(folder, name);
const library = '/usr/lib/softhsm/libsofthsm2.so';
let transit: Transit;

beforeAll(async () => {
  transit = await startTransit();
  transit.tokens.add('s.first');
  writeFileSync(at('token'), 's.first\n');
  if (haveModule()) makeToken();
});
afterAll(async () => {
  await transit.stop();
  rmSync(folder, { recursive: true });
});

/** SoftHSM and the package that speaks to modules; in CI both must be here. */
function haveModule(): boolean {
  if (existsSync(library) && spawnSync('softhsm2-util', ['--version']).status === 0) return true;
  if (process.env['CI'] === 'true') throw new Error('softhsm2 is missing');
  console.warn('skipped: no softhsm2');
  return false;
}

function makeToken(): void {
  mkdirSync(at('tokens'));
  writeFileSync(
    at('softhsm2.conf'),
    `directories.tokendir = ${at('tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  writeFileSync(at('pin'), '1234\n', { mode: 0o600 });
  process.env['SOFTHSM2_CONF'] = at('softhsm2.conf');
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'archive', '--so-pin', '4321', '--pin', '1234']);
}

let labels = 0;
const moduleOptions = (label: string) => ({ module: library, token: 'archive', label, pinFile: at('pin') });
const transitOptions = (key: string) => ({
  url: transit.url,
  mount: 'transit',
  key,
  tokenFile: at('token'),
  timeoutSeconds: 1,
});
const file = () => sealedHolder({ data: mkdtempSync(join(folder, 'data-')), suite: 'A', now: () => new Date() });
const makers: readonly (readonly [name: string, make: () => KeyHolder])[] = [
  ['a sealed file', file],
  ['a transit engine', () => transitHolder(transitOptions(`key${(labels += 1)}`))],
  ...(haveModule() ? ([['a PKCS#11 module', () => pkcs11Holder(moduleOptions(`key${(labels += 1)}`))]] as const) : []),
];
const codeOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return (error as { code: unknown }).code;
  }
};
const bytes = (key: Uint8Array) => Buffer.from(key).toString('hex');

describe.each(makers)('%s', (_, make) => {
  it.each(['A', 'G'] as const)('wraps keys of suite %s and opens them, many at once', async (suite) => {
    const keys = keyService(suite, make());
    const made = await Promise.all(Array.from({ length: 40 }, () => keys.newKey()));
    const opened = await Promise.all(made.map(({ header }) => keys.open(header)));
    expect(opened.map(({ dataKey }) => bytes(dataKey))).toEqual(made.map(({ dataKey }) => bytes(dataKey)));
    for (const { header, dataKey } of made)
      expect(Buffer.from(header).toString('latin1')).not.toContain(Buffer.from(dataKey).toString('latin1'));
  });

  it('rotates: old headers open, rewrapped ones are of the new key, each with the data key that it had', async () => {
    const holder = make();
    const keys = keyService('A', holder);
    const made = await Promise.all(Array.from({ length: 5 }, () => keys.newKey()));
    const before = await keys.current('A');
    expect(keyNumber(readKeyHeader(made[0]?.header ?? new Uint8Array()))).toBe(before);
    await keys.rotate('A');
    const after = await keys.current('A');
    expect(after).toBeGreaterThan(before);
    const again = await keys.rewrap(made.map(({ header }) => header));
    for (const [nth, { header, dataKey }] of made.entries()) {
      const rewrapped = again[nth] ?? new Uint8Array();
      expect(keyNumber(readKeyHeader(rewrapped))).toBe(after);
      // Another process, which remembers nothing.
      const other = keyService('A', holder);
      expect(bytes((await other.open(header)).dataKey)).toBe(bytes(dataKey));
      expect(bytes((await other.open(rewrapped)).dataKey)).toBe(bytes(dataKey));
    }
  });

  it('refuses a header that was altered, and those beside it open', async () => {
    const keys = keyService('A', make());
    const made = await Promise.all(Array.from({ length: 6 }, () => keys.newKey()));
    const parsed = readKeyHeader(made[3]?.header ?? new Uint8Array());
    const wrapped = Uint8Array.from(parsed.wrapped);
    const last = parsed.holder === 'transit' ? wrapped.length - 10 : wrapped.length - 1;
    wrapped[last] = (wrapped[last] ?? 0) ^ 1;
    const headers = made.map(({ header }, nth) => (nth === 3 ? writeKeyHeader({ ...parsed, wrapped }) : header));
    const codes = await Promise.all(headers.map((header) => codeOf(() => keys.open(header))));
    expect(codes).toEqual(made.map((_made, nth) => (nth === 3 ? 'wrong_key' : undefined)));
    const other = await codeOf(() => keys.open(writeKeyHeader({ ...parsed, suite: 'G' })));
    expect(['wrong_key', 'unknown_key']).toContain(other);
  });
});

describe.each(makers.slice(1))('%s in the place of a sealed file', (_, make) => {
  it('takes over what another holder has wrapped', async () => {
    const old = file();
    const { header, dataKey } = await keyService('A', old).newKey();
    const keys = keyService('A', make(), [old]);
    expect(bytes((await keys.open(header)).dataKey)).toBe(bytes(dataKey));
    const [moved = new Uint8Array()] = await keys.rewrap([header]);
    expect(keyNumber(readKeyHeader(moved))).toBe(await keys.current('A'));
    expect(bytes((await keys.open(moved)).dataKey)).toBe(bytes(dataKey));
  });
});

it('says which holder is missing', async () => {
  const { header } = await keyService('A', transitHolder(transitOptions('missing'))).newKey();
  expect(await codeOf(() => keyService('A', file()).open(header))).toBe('unknown_key');
});

describe('a transit engine that fails', () => {
  it('is asked again when the fault passes', async () => {
    const keys = keyService('A', transitHolder(transitOptions('passing')));
    await keys.current('A');
    transit.faults.push(500, 503, 'silence');
    const { header, dataKey } = await keys.newKey();
    expect(bytes((await keyService('A', transitHolder(transitOptions('passing'))).open(header)).dataKey)).toBe(
      bytes(dataKey),
    );
  });

  it('is away when it is sealed or nobody listens, and back when it is back', async () => {
    const keys = keyService('A', transitHolder(transitOptions('sealed')));
    await keys.current('A');
    transit.sealed = true;
    expect(await codeOf(() => keys.newKey())).toBe('keys_away');
    transit.sealed = false;
    await keys.newKey();
    const nobody = transitHolder({ ...transitOptions('x'), url: 'http://127.0.0.1:9' });
    expect(await codeOf(() => nobody.current('A'))).toBe('keys_away');
  });

  it('lets us in again with a token that was renewed in its file, and says what a refused one lacks', async () => {
    const holder = transitHolder(transitOptions('renewed'));
    await holder.current('A');
    transit.tokens.delete('s.first');
    transit.tokens.add('s.second');
    await expect(holder.current('A')).rejects.toMatchObject({
      code: 'keys_refused',
      message: expect.stringContaining('transit/encrypt/renewed'),
    });
    writeFileSync(at('token'), 's.second\n');
    utimesSync(at('token'), new Date(), new Date(Date.now() + 5000));
    await holder.current('A');
  });

  it('tells a version that its policy has retired', async () => {
    const holder = transitHolder(transitOptions('retired'));
    const { header } = await keyService('A', holder).newKey();
    await holder.rotate('A');
    transit.minDecryption = 2;
    try {
      expect(await codeOf(() => keyService('A', holder).open(header))).toBe('unknown_key');
    } finally {
      transit.minDecryption = 1;
    }
  });

  it('rewraps without the data key coming out, and asks for many in one request', async () => {
    const keys = keyService('A', transitHolder(transitOptions('inside')));
    const made = await Promise.all(Array.from({ length: 50 }, () => keys.newKey()));
    await keys.rotate('A');
    transit.asked.length = 0;
    await keys.rewrap(made.map(({ header }) => header));
    expect(transit.asked).toEqual(['POST /v1/transit/rewrap/inside']);
  });

  it('speaks to the namespace and mount that it is told', async () => {
    const other = await startTransit({ mount: 'kms/archive', namespace: 'lab' });
    try {
      other.tokens.add('s.second');
      const holder = transitHolder({
        ...transitOptions('k'),
        url: `${other.url}/`,
        mount: 'kms/archive',
        namespace: 'lab',
      });
      expect(await holder.current('A')).toBe(1);
    } finally {
      await other.stop();
    }
  });
});

describe.runIf(haveModule())('a PKCS#11 module that refuses', () => {
  it('tells a PIN file that others read, a token or library that is not there', async () => {
    const open = (changed: object) => codeOf(() => pkcs11Holder({ ...moduleOptions('x'), ...changed }).current('A'));
    expect(await open({ token: 'nobody' })).toBe('keys_away');
    expect(await open({ module: at('nothing.so') })).toBe('keys_refused');
    expect(await open({ pinFile: at('nothing') })).toBe('keys_refused');
    writeFileSync(at('open-pin'), '1234\n');
    chmodSync(at('open-pin'), 0o644);
    expect(await open({ pinFile: at('open-pin') })).toBe('key_file');
  });

  it('keeps keys that cannot be read out', async () => {
    const holder = pkcs11Holder(moduleOptions('kept'));
    await holder.current('A');
    const listed = spawnSync('softhsm2-util', ['--show-slots'], { encoding: 'utf8' });
    expect(listed.stdout).toContain('archive');
    // The same key again from a holder that has opened nothing yet.
    const { header, dataKey } = await keyService('A', holder).newKey();
    expect(bytes((await keyService('A', pkcs11Holder(moduleOptions('kept'))).open(header)).dataKey)).toBe(
      bytes(dataKey),
    );
  });

  it('says that a key is gone', async () => {
    const { header } = await keyService('A', pkcs11Holder(moduleOptions('one'))).newKey();
    expect(await codeOf(() => keyService('A', pkcs11Holder(moduleOptions('two'))).open(header))).toBe('unknown_key');
  });
});
