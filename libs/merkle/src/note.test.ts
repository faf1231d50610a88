import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import fc from 'fast-check';
import { sm2 as library } from 'sm-crypto-v2';
import { describe, expect, it } from 'vitest';
import {
  concat,
  cosigner,
  ed25519PublicKey,
  formatNote,
  formatCheckpointText,
  formatVerifierKey,
  fromBase64,
  keyTypes,
  LogError,
  mlDsa44Cosigner,
  noteSigner,
  openNote,
  parseCheckpointText,
  parseDecimal,
  parseNote,
  parseVerifierKey,
  signatureLine,
  signNote,
  sm2By,
  sm2Cosigner,
  sm2PublicKey,
  toBase64,
  treeHasher,
  utf8,
  verifierOf,
} from './index.ts';

const seed = (n: number) => new Uint8Array(32).fill(n);
const key = (name: string, n: number) => verifierOf(name, keyTypes.ed25519, ed25519PublicKey(seed(n)));
const witnessKey = (name: string, n: number) => verifierOf(name, keyTypes.cosignature, ed25519PublicKey(seed(n)));
const root = treeHasher().empty;

/** The code that something is refused with. */
function codeOf(act: () => unknown): string {
  try {
    act();
    return 'fine';
  } catch (error) {
    return error instanceof LogError ? error.code : String(error);
  }
}

describe('a note', () => {
  const published =
    'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n';
  const ascii = published.replace('\u2019', "'");

  it('signs as the published example of golang.org/x/mod/sumdb/note', () => {
    const secret = fromBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz').slice(1);
    expect(signNote(ascii, [noteSigner('PeterNeumann', secret)])).toBe(
      `${ascii}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
    );
  });

  it('is opened by the published key, and by no other', () => {
    const peter = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const note = `${ascii}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
    expect(openNote(note, [peter]).text).toBe(ascii);
    expect(() => openNote(note, [key('PeterNeumann', 1)])).toThrow('no known key');
    expect(() => openNote(note.replace('answer', 'Answer'), [peter])).toThrow('is wrong');
  });

  it('is read back whatever its text, with lines of keys that nobody knows passed over', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (lines) => {
        const text = `${lines.map((line) => line.replaceAll(/\p{Cc}/gu, '')).join('\n')}\n`;
        const note = signNote(text, [noteSigner('a.example', seed(1)), noteSigner('b.example', seed(2))]);
        const opened = openNote(note, [key('b.example', 2)]);
        expect(opened.text).toBe(text);
        expect(opened.signed.map(({ verifier }) => verifier.name)).toEqual(['b.example']);
      }),
    );
  });

  it('falls as a whole with one wrong line of a known key', () => {
    const good = signNote('text\n', [noteSigner('a.example', seed(1))]);
    const bad =
      signNote('other\n', [noteSigner('b.example', seed(2))])
        .split('\n')
        .at(-2) ?? '';
    const both = formatNote('text\n', [good.split('\n').at(-2) ?? '', bad]);
    expect(openNote(both, [key('a.example', 1)]).signed).toHaveLength(1);
    expect(() => openNote(both, [key('a.example', 1), key('b.example', 2)])).toThrow('b.example is wrong');
  });

  it.each([
    ['no blank line', 'text\n\u2014 a.example AAAAAAAA\n'],
    ['no last newline', 'text\n\n\u2014 a.example AAAAAAAA'],
    ['a carriage return', 'text\r\n\n\u2014 a.example AAAAAAAA\n'],
    ['a control character', 'te\u0007xt\n\n\u2014 a.example AAAAAAAA\n'],
    ['a hyphen for the dash', 'text\n\n- a.example AAAAAAAA\n'],
    ['two blanks', 'text\n\n\u2014  a.example AAAAAAAA\n'],
    ['a plus in the name', 'text\n\n\u2014 a+b AAAAAAAA\n'],
    ['base64 with bits left over', 'text\n\n\u2014 a.example AAAAAAB=\n'],
    ['base64 without padding', 'text\n\n\u2014 a.example AAAAAAA\n'],
    ['a signature of four bytes', 'text\n\n\u2014 a.example AAAAAA==\n'],
    ['half a surrogate pair', 'te\ud800xt\n\n\u2014 a.example AAAAAAAA\n'],
  ])('is refused with %s', (_what, note) => {
    expect(() => parseNote(note)).toThrow(LogError);
  });

  it('is refused when it is not UTF-8, too long, or signed too often', () => {
    expect(() => parseNote(Uint8Array.of(0xff, 10, 10, 10))).toThrow('UTF-8');
    expect(() => parseNote(`${'x'.repeat(1_000_001)}\n`)).toThrow('at most');
    expect(() =>
      parseNote(
        formatNote(
          't\n',
          Array.from({ length: 101 }, () => '\u2014 a AAAAAAAA'),
        ),
      ),
    ).toThrow('at most');
  });

  it('never crashes on what comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(codeOf(() => parseNote(bytes))).toMatch(/^(?:fine|note_malformed|base64)$/);
      }),
    );
  });
});

describe('a key', () => {
  it('is written and read back', () => {
    const written = formatVerifierKey(key('log.example/a', 7));
    expect(parseVerifierKey(written)).toMatchObject({ name: 'log.example/a', type: 1 });
    expect(() => parseVerifierKey(written.replace('log', 'lag'))).toThrow('id does not fit');
    expect(() => parseVerifierKey('nonsense')).toThrow('form');
  });

  it('is refused when anything would verify under it', () => {
    const lowOrder = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0000000000000000000000000000000000000000000000000000000000000000',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    ];
    for (const hex of lowOrder)
      expect(() => verifierOf('a', keyTypes.ed25519, Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow('not a sound');
  });

  it('is not deceived by a signature that was bent: S + L', () => {
    const note = signNote('text\n', [noteSigner('a.example', seed(1))]);
    const line = note.split('\n').at(-2) ?? '';
    const bytes = fromBase64(line.split(' ')[2] ?? '');
    const order = (1n << 252n) + 27742317777372353535851937790883648493n;
    let s = 0n;
    for (let at = 67; at >= 36; at -= 1) s = (s << 8n) | BigInt(bytes[at] ?? 0);
    let bent = s + order;
    const out = bytes.slice();
    for (let at = 36; at < 68; at += 1, bent >>= 8n) out[at] = Number(bent & 255n);
    const forged = formatNote('text\n', [`\u2014 a.example ${toBase64(out)}`]);
    expect(() => openNote(forged, [key('a.example', 1)])).toThrow('is wrong');
  });
});

describe('a cosignature', () => {
  const text = formatCheckpointText({ origin: 'log.example', size: 5n, root });

  it('tells when it was made, and holds for that time only', () => {
    const line = signatureLine(text, cosigner('w.example', seed(3)), 1_700_000_000n);
    const [signed] = openNote(formatNote(text, [line]), [witnessKey('w.example', 3)]).signed;
    expect(signed?.time).toBe(1_700_000_000n);
    const bytes = fromBase64(line.split(' ')[2] ?? '');
    bytes[11] = (bytes[11] ?? 0) + 1;
    const later = formatNote(text, [`\u2014 w.example ${toBase64(bytes)}`]);
    expect(() => openNote(later, [witnessKey('w.example', 3)])).toThrow('is wrong');
  });

  it('verifies the example of the specification by its structure', () => {
    const note = `example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n`;
    const [line] = parseNote(note).signatures;
    expect(line?.signature).toHaveLength(72);
    expect(parseCheckpointText(parseNote(note).text).size).toBe(20_852_163n);
  });

  it('is not taken for a signature of the log, nor the other way round', () => {
    const log = noteSigner('x.example', seed(4));
    const cosigned = formatNote(text, [signatureLine(text, cosigner('x.example', seed(4)), 1n)]);
    expect(() => openNote(cosigned, [key('x.example', 4)])).toThrow('no known key');
    expect(() => openNote(signNote(text, [log]), [witnessKey('x.example', 4)])).toThrow('no known key');
  });

  it('can be made with ML-DSA-44, over the tree head and the name', () => {
    const keys = ml_dsa44.keygen(seed(5));
    const line = signatureLine(text, mlDsa44Cosigner('w.example', keys, ml_dsa44), 1_700_000_000n);
    const verifier = verifierOf('w.example', keyTypes.mlDsa44Cosignature, keys.publicKey, { mlDsa44: ml_dsa44 });
    expect(openNote(formatNote(text, [line]), [verifier]).signed[0]?.time).toBe(1_700_000_000n);
    const grown = text.replace('\n5\n', '\n6\n');
    expect(() => openNote(formatNote(grown, [line]), [verifier])).toThrow('is wrong');
    const again = parseVerifierKey(formatVerifierKey(verifier), { mlDsa44: ml_dsa44 });
    expect(again.id).toBe(verifier.id);
    expect(() => parseVerifierKey(formatVerifierKey(verifier))).toThrow('not available');
  });

  it('can be made with SM2', () => {
    const sm2 = sm2By(library);
    const secretKey = seed(5);
    const publicKey = sm2.publicKey(secretKey);
    const line = signatureLine(text, sm2Cosigner('w.example', { publicKey, secretKey }, sm2), 1_700_000_000n);
    const verifier = verifierOf('w.example', keyTypes.sm2Cosignature, sm2PublicKey(publicKey), { sm2 });
    expect(openNote(formatNote(text, [line]), [verifier]).signed[0]?.time).toBe(1_700_000_000n);
    expect(() => openNote(formatNote(text.replace('\n5\n', '\n6\n'), [line]), [verifier])).toThrow('is wrong');
    expect(parseVerifierKey(formatVerifierKey(verifier), { sm2 }).id).toBe(verifier.id);
    expect(() => parseVerifierKey(formatVerifierKey(verifier))).toThrow('not available');
    const off = publicKey.slice();
    off[64] = (off[64] ?? 0) ^ 1;
    expect(() => verifierOf('w.example', keyTypes.sm2Cosignature, sm2PublicKey(off), { sm2 })).toThrow('not a sound');
    expect(() => verifierOf('w.example', 0xff, concat(utf8('another type\n'), publicKey), { sm2 })).toThrow(
      'not an SM2',
    );
  });

  it('of SM2 is wrong when any bit of it is another', () => {
    const sm2 = sm2By(library);
    const publicKey = sm2.publicKey(seed(6));
    const signature = sm2.sign(utf8(text), seed(6));
    expect(sm2.verify(signature, utf8(text), publicKey)).toBe(true);
    for (let bit = 0; bit < 512; bit += 7) {
      const other = signature.slice();
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(sm2.verify(other, utf8(text), publicKey)).toBe(false);
    }
    for (const wrong of [new Uint8Array(64), new Uint8Array(64).fill(255), signature.slice(1)])
      expect(sm2.verify(wrong, utf8(text), publicKey)).toBe(false);
  });
});

describe('a checkpoint', () => {
  it.each([
    ['a leading zero', `log\n05\n${toBase64(root)}\n`],
    ['a sign', `log\n+5\n${toBase64(root)}\n`],
    ['2^63', `log\n9223372036854775808\n${toBase64(root)}\n`],
    ['a short root', 'log\n5\nAAAA\n'],
    ['no origin', `\n5\n${toBase64(root)}\n`],
    ['an empty extension line', `log\n5\n${toBase64(root)}\n\nx\n`],
    ['no last newline', `log\n5\n${toBase64(root)}`],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseCheckpointText(text)).toThrow(LogError);
  });

  it('is read back, with sizes beyond 2^53 and extension lines', () => {
    const given = { origin: '日志.example', size: (1n << 62n) + 1n, root, extensions: ['a', 'b c'] };
    expect(parseCheckpointText(formatCheckpointText(given))).toEqual(given);
  });
});

describe('base64', () => {
  it('has one text for some bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(text)).toEqual(bytes);
      }),
    );
    for (const text of ['A', 'AA', 'AB==', 'AAA', ' AAA', 'AA=A', 'AAAA=', '====', 'AAA\u0100', 'A-_='])
      expect(() => fromBase64(text)).toThrow('base64');
  });

  it('stands beside numbers that are as strict', () => {
    expect(parseDecimal('9223372036854775807')).toBe((1n << 63n) - 1n);
    for (const text of ['', '00', '-1', '1e3', '0x1', '１', '9223372036854775808'])
      expect(() => parseDecimal(text)).toThrow(LogError);
    expect(concat(Uint8Array.of(1), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });
});
