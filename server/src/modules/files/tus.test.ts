import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Problem } from '../../platform/problem.ts';
import { checkVersion, readChecksum, readConcat, readCount, readMetadata } from './tus.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const codeOf = (work: () => unknown) => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Problem).code;
  }
};
const a = '0190aaaa-0000-7000-8000-000000000001';
const b = '0190aaaa-0000-7000-8000-000000000002';

it('reads metadata as tus writes it', () => {
  const read = readMetadata(`filename ${base64('土壤.fastq')},is_private, sha256 ${base64('ab')}`);
  expect([...read]).toEqual([
    ['filename', '土壤.fastq'],
    ['is_private', ''],
    ['sha256', 'ab'],
  ]);
  expect(readMetadata(undefined).size).toBe(0);
});

it.each(['filename a b', ',', 'a YQ==,a YQ==', `a ${base64('x').repeat(4000)}`, 'a /w==', 'a *'])(
  'refuses the metadata %j',
  (text) => expect(codeOf(() => readMetadata(text))).toBe('upload_header'),
);

it('reads checksums, and says which algorithms there are', () => {
  expect(readChecksum('sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=')?.algorithm).toBe('sha1');
  expect(readChecksum(undefined)).toBeUndefined();
  expect(codeOf(() => readChecksum('crc32 AAAAAA=='))).toBe('upload_checksum_unknown');
  expect(codeOf(() => readChecksum('sha1'))).toBe('upload_header');
});

it('reads what is joined from what', () => {
  expect(readConcat('partial')).toBe('partial');
  expect(readConcat(`final;/api/v1/uploads/${a} http://x.example/api/v1/uploads/${b}`)).toEqual([a, b]);
  for (const bad of ['final', 'final;', 'final;/other/x', `final;/api/v1/uploads/${a} /api/v1/uploads/${a}`, ''])
    expect(codeOf(() => readConcat(bad))).toBe('upload_header');
});

it('takes counts and versions exactly', () => {
  expect(readCount('Upload-Length', '12')).toBe(12);
  for (const bad of ['', '-1', '1.5', '1e3', '99999999999999999', undefined])
    expect(codeOf(() => readCount('Upload-Length', bad))).toBe('upload_header');
  expect(codeOf(() => checkVersion('0.2.2'))).toBe('tus_version');
  expect(codeOf(() => checkVersion('1.0.0'))).toBeUndefined();
});

it('answers any header with a value or a coded problem', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      for (const read of [readMetadata, readChecksum, readConcat, checkVersion, (x: string) => readCount('n', x)])
        expect([undefined, 'upload_header', 'tus_version', 'upload_checksum_unknown']).toContain(
          codeOf(() => read(text)),
        );
    }),
  );
});
