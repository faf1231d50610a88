import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { openStatement, sealStatement } from './dsse.ts';
import { commit, formatActEntry, parseActEntry } from './entry.ts';
import { LogError } from './error.ts';
import { portableSha256 } from './hash.ts';
import { parseReceipt } from './receipt.ts';
import { ed25519PublicKey, signEd25519 } from './signature.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

it('reads what it writes, and nothing that differs from it by a byte in form', () => {
  const acts = fc.record({
    sequence: fc.bigInt(0n, (1n << 63n) - 1n),
    act: fc.bigInt(0n, (1n << 63n) - 1n),
    time: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }).map((at) => at.toISOString()),
    commitment: bytes32,
  });
  fc.assert(
    fc.property(acts, (given) => {
      const { act, ...first } = { module: 'files', type: 'files.file_received', ...given };
      for (const entry of [first, { ...first, act }]) expect(parseActEntry(formatActEntry(entry))).toEqual(entry);
    }),
  );
  const text = new TextDecoder().decode(
    formatActEntry({
      module: 'a',
      sequence: 7n,
      act: 12n,
      type: 'a.b',
      time: '2026-01-01T00:00:00.000Z',
      commitment: new Uint8Array(32),
    }),
  );
  for (const wrong of [
    `${text}\n`,
    text.slice(0, -1),
    text.replace(' 7', ' 07'),
    text.replace(' 7', ' 9223372036854775808'),
    text.replace('a.b', 'c.b'),
    text.replace('2026-01-01', '2026-02-30'),
    text.replace('AAA=', 'AAB='),
    text.replace('\n', '\r\n'),
    text.replace('/2', '/1'),
    text.replace(' 12', ''),
    text.replace(' 12', ' 012'),
    text.replace(' 12', ' 9223372036854775808'),
    text.replace('/2', '/3'),
    `\ufeff${text}`,
    text + 'x'.repeat(70_000),
  ])
    expect(() => parseActEntry(utf8(wrong))).toThrow(expect.objectContaining({ code: 'entry_malformed' }) as Error);
});

it('commits to salt and statement: another salt or statement is another commitment', () => {
  fc.assert(
    fc.property(bytes32, bytes32, fc.uint8Array(), (one, other, statement) => {
      fc.pre(one.some((byte, at) => byte !== other[at]));
      expect(commit(portableSha256, one, statement)).not.toEqual(commit(portableSha256, other, statement));
    }),
  );
  expect(() => commit(portableSha256, new Uint8Array(31), new Uint8Array())).toThrow('32 bytes');
});

it('opens a statement under its key alone, byte for byte', () => {
  const seed = new Uint8Array(32).fill(3);
  const key = { keyid: 'log', sign: (bytes: Uint8Array) => signEd25519(seed, bytes) };
  const sealed = sealStatement(utf8('{"a":"内容"}'), key);
  expect(openStatement(sealed, ed25519PublicKey(seed))).toEqual({ a: '内容' });
  expect(() => openStatement(sealed, ed25519PublicKey(new Uint8Array(32).fill(4)))).toThrow('not signed');
  const text = new TextDecoder().decode(sealed);
  for (const wrong of [
    text.replace('in-toto', 'another'),
    text.replace(/"sig":"."?/, '"sig":"="'),
    text.replace(/"signatures":\[.*\]/, '"signatures":[]'),
    '[]',
    'null',
    '{"payload":1}',
    '\u0000',
  ])
    expect(() => openStatement(utf8(wrong), ed25519PublicKey(seed))).toThrow(LogError);
});

it('takes no proof for a receipt that carries no entry', () => {
  const proof = 'c2sp.org/tlog-proof@v1\nindex 0\n\nlog\n1\nAA==\n\n';
  expect(() => parseReceipt(proof)).toThrow('no receipt');
  for (const extra of ['bnVsbA==', 'e30=', '////'])
    expect(() => parseReceipt(proof.replace('index', `extra ${extra}\nindex`))).toThrow(
      expect.objectContaining({ code: 'proof_malformed' }) as Error,
    );
});
