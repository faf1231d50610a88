import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../bytes.ts';
import { codeOf, cryptos, reference } from '../test/sample.ts';
import { writePublicKey, writeSecretKey } from './c4gh.ts';
import { readPublicKey, readSecretKey } from './read.ts';

const never = () => {
  throw new Error('asked for a passphrase that is not needed');
};
const keyNamed = (name: string) => {
  const key = reference.keys.find((candidate) => candidate.name === name);
  if (!key) throw new Error(name);
  return key;
};

describe.each(cryptos)('%s', (_, crypto) => {
  test.each(reference.keys.map((key) => [key.name, key] as const))('reads the reference key %s', async (name, key) => {
    const ask = name.endsWith('none') ? never : () => key.passphrase;
    // The scalar is clamped by X25519 (RFC 7748 section 5), which some implementations do beforehand.
    const clamped = (text: string) => {
      const secret = Uint8Array.from(Buffer.from(text, 'hex'));
      secret[0] = (secret[0] ?? 0) & 248;
      secret[31] = ((secret[31] ?? 0) & 127) | 64;
      return hex(secret);
    };
    const secret = await readSecretKey(crypto, key.secretFile, ask);
    expect(clamped(hex(secret))).toBe(clamped(key.secret));
    expect(hex(crypto.secretKey(secret).publicKey)).toBe(key.public);
    expect(hex(readPublicKey(key.publicFile))).toBe(key.public);
  });

  test('refuses a wrong passphrase', async () => {
    for (const name of ['scrypt', 'bcrypt', 'openssh aes256-ctr', 'openssh aes256-cbc'])
      expect(await codeOf(() => readSecretKey(crypto, keyNamed(name).secretFile, () => 'no'))).toBe('passphrase_wrong');
  });

  test('writes keys that it reads, locked in every way', async () => {
    const secret = crypto.randomBytes(32);
    const lock = { passphrase: '电池' };
    for (const options of [{}, { lock, comment: 'mine' }, { lock: { ...lock, way: 'bcrypt' as const } }]) {
      const text = writeSecretKey(crypto, secret, options);
      expect(hex(await readSecretKey(crypto, text, () => '电池'))).toBe(hex(secret));
    }
    const { publicKey } = crypto.secretKey(secret);
    expect(hex(readPublicKey(writePublicKey(publicKey)))).toBe(hex(publicKey));
  });
});

const [, [, crypto]] = cryptos as [unknown, (typeof cryptos)[number]];

test('base64 may stand in one line or in many, with any line ends', async () => {
  const [begin = '', base64 = '', end = ''] = keyNamed('none').secretFile.trim().split('\n');
  const wrapped = [begin, ...(base64.match(/.{1,64}/g) ?? []), end].join('\r\n');
  expect(hex(await readSecretKey(crypto, `\n${wrapped}\r\n\r\n`, never))).toBe(keyNamed('none').secret);
});

test('says what a file is instead of a key', async () => {
  const secret = (text: string) => codeOf(() => readSecretKey(crypto, text, () => 'x'));
  const open = (text: string) => codeOf(() => readPublicKey(text));
  expect(await secret('')).toBe('key_format');
  expect(await secret(keyNamed('none').publicFile)).toBe('key_format');
  expect(await secret('-----BEGIN CRYPT4GH PRIVATE KEY-----\n!\n-----END CRYPT4GH PRIVATE KEY-----\n')).toBe(
    'key_format',
  );
  expect(await secret('x'.repeat(100_000))).toBe('key_format');
  expect(await open(keyNamed('none').secretFile)).toBe('key_format');
  expect(await open('ssh-rsa AAAA someone')).toBe('key_unsupported');
  expect(await open('ssh-ed25519 AAAA')).toBe('key_format');
  const point = Buffer.concat([Buffer.from('\0\0\0\vssh-ed25519\0\0\0 ', 'latin1'), Buffer.alloc(32, 0)]);
  expect(await open(`ssh-ed25519 ${point.toString('base64')}`)).toBe('public_key_weak');
});

test('a forged number of rounds does not keep the processor busy', async () => {
  const [begin, base64 = '', end] = keyNamed('bcrypt').secretFile.trim().split('\n');
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt32BE(0xffff_ffff, bytes.indexOf('bcrypt') + 8);
  const forged = [begin, bytes.toString('base64'), end].join('\n');
  expect(await codeOf(() => readSecretKey(crypto, forged, () => 'x'))).toBe('key_too_costly');
});

test('damaged key files are refused with a code, never with a crash', async () => {
  const names = fc.constantFrom('none', 'scrypt', 'openssh none');
  await fc.assert(
    fc.asyncProperty(names, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(400), async (name, at, flip, cut) => {
      const [begin, ...body] = keyNamed(name).secretFile.trim().split('\n');
      const end = body.pop();
      const bytes = Buffer.from(body.join(''), 'base64');
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;
      const kept = bytes.subarray(0, bytes.length - (cut > 200 ? cut % bytes.length : 0));
      const text = [begin, kept.toString('base64'), end].join('\n');
      const code = await codeOf(() => readSecretKey(crypto, text, () => keyNamed(name).passphrase));
      expect([undefined, 'key_format', 'key_unsupported', 'key_too_costly', 'passphrase_wrong']).toContain(code);
    }),
    { numRuns: 60 },
  );
});
