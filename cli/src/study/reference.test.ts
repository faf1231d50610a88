import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { createOutput } from '../output.ts';
import { openReference } from './reference.ts';

const folder = mkdtempSync(join(tmpdir(), 'geneward-reference-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const output = createOutput({
  json: false,
  language: 'en',
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  interactive: false,
});
const fasta = '>chr1 first\nACGTACGTAC\nGTAC\n>chr2\nTTTT\n';

it('reads a reference through its index, or whole, packed or not', async () => {
  writeFileSync(at('indexed.fa'), fasta);
  writeFileSync(at('indexed.fa.fai'), 'chr1\t14\t12\t10\t11\nchr2\t4\t34\t4\t5\n');
  writeFileSync(at('plain.fa'), fasta);
  writeFileSync(at('packed.fa.gz'), gzipSync(fasta));
  for (const name of ['indexed.fa', 'plain.fa', 'packed.fa.gz']) {
    const reference = await openReference(at(name), output);
    expect([reference.lengthOf('chr1'), reference.lengthOf('chr3')]).toEqual([14, undefined]);
    expect([reference.bases('chr1', 8, 12), reference.bases('chr2', 1, 3)]).toEqual(['ACGT', 'TT']);
  }
});

it('says what is wrong with one that is none', async () => {
  writeFileSync(at('reads.fq'), '@r\nACGT\n+\nIIII\n');
  await expect(openReference(at('reads.fq'), output)).rejects.toThrow('cannot be used as a reference');
  await expect(openReference(at('nothing.fa'), output)).rejects.toThrow('No such file');
  writeFileSync(at('bad.fa'), fasta);
  writeFileSync(at('bad.fa.fai'), 'chr1 14\n');
  await expect(openReference(at('bad.fa'), output)).rejects.toThrow('not a line of a FASTA index');
});
