import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestField, disposition, expiry, nameFault, rangeOf, shownState, stateAgainst } from './rules.ts';

it.each(['reads_1.fastq.gz', '15194_1#135.cram', 'a', 'x+y (2).bam', '土壤样本_1.fastq.gz', 'a'.repeat(255)])(
  'takes the file name %s',
  (name) => expect(nameFault(name)).toBeUndefined(),
);
it.each([
  ['', '为空'],
  ['..', '路径'],
  ['../x', '路径'],
  ['a/../b', '路径'],
  ['/etc/passwd', '路径'],
  ['a\\b', '路径'],
  ['C:x', '之一'],
  ['.ssh', '开头'],
  ['-rf', '开头'],
  ['x.', '结尾'],
  ['a\nb', '不可见'],
  ['a\0', '不可见'],
  ['a\u202egz.exe', '不可见'],
  ['nul', '设备'],
  ['COM1.gz', '设备'],
  ['样'.repeat(86), '255'],
])('refuses the file name %j', (name, reason) => expect(nameFault(name)?.zh).toContain(reason));

it('takes no name that could leave its folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      if (nameFault(name)) return;
      expect(posix.resolve('/inbox', name)).toBe(`/inbox/${name}`);
      expect(win32.basename(name)).toBe(name);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  [undefined, 'whole'],
  ['bytes=0-0', [0n, 1n]],
  ['bytes=2-4', [2n, 5n]],
  ['bytes=9-', [9n, 10n]],
  ['bytes=-3', [7n, 10n]],
  ['bytes=-30', [0n, 10n]],
  ['bytes=0-99', [0n, 10n]],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=4-2', 'whole'],
  ['bytes=0-1,3-4', 'whole'],
  ['lines=0-1', 'whole'],
  ['bytes=', 'whole'],
  ['bytes=9999999999999999999-', 'unsatisfiable'],
] as const)('reads the range header %s', (header, expected) => {
  const range = rangeOf(header, 10n);
  expect(typeof range === 'string' ? range : [range.start, range.end]).toEqual(expected);
});

it('gives ranges inside the file for any header', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 2n ** 60n), fc.bigInt(0n, 2n ** 62n), fc.bigInt(0n, 2n ** 62n), (size, a, b) => {
      for (const header of [`bytes=${a}-${b}`, `bytes=${a}-`, `bytes=-${b}`]) {
        const range = rangeOf(header, size);
        if (typeof range === 'string') continue;
        expect(range.start).toBeGreaterThanOrEqual(0n);
        expect(range.end).toBeGreaterThan(range.start);
        expect(range.end).toBeLessThanOrEqual(size);
      }
    }),
  );
});

it.each([
  [{ state: 'stored', claimed: false, lost: false }, 'stored'],
  [{ state: 'stored', claimed: true, lost: false }, 'claimed'],
  [{ state: 'faulty', claimed: true, lost: false }, 'faulty'],
  [{ state: 'stored', claimed: true, lost: true }, 'missing'],
  [{ state: 'receiving', claimed: false, lost: false }, 'receiving'],
] as const)('shows %o as %s', (standing, shown) => expect(shownState(standing)).toBe(shown));

it.each([
  [{}, undefined, 'missing'],
  [{}, { state: 'expired' }, 'missing'],
  [{ md5: 'aa' }, { state: 'receiving' }, 'receiving'],
  [{ md5: 'AA' }, { state: 'stored', md5: 'aa', sha256: 'bb' }, 'stored'],
  [{ md5: 'cc' }, { state: 'stored', md5: 'aa', sha256: 'bb' }, 'mismatch'],
  [{ sha256: 'cc' }, { state: 'claimed', md5: 'aa', sha256: 'bb' }, 'mismatch'],
  [{}, { state: 'faulty', md5: 'aa', sha256: 'bb' }, 'faulty'],
] as const)('holds a sheet that says %o against %o: %s', (declared, file, state) =>
  expect(stateAgainst(declared, file)).toBe(state),
);

it('writes names into headers so that nothing can break out of them', () => {
  expect(disposition('样本"1"\r\n.gz')).toBe(
    `attachment; filename="___1___.gz"; filename*=UTF-8''%E6%A0%B7%E6%9C%AC%221%22%0D%0A.gz`,
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (name) => {
      expect(disposition(name)).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.~!%-]*$/);
    }),
  );
});

it('writes the digest of the empty string as RFC 9530 does', () => {
  expect(digestField('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')).toBe(
    'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
  );
});

it('keeps what nothing claims for whole days', () => {
  expect(expiry(new Date('2026-01-01T00:00:00Z'), 60)).toEqual(new Date('2026-03-02T00:00:00Z'));
});
