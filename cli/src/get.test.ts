import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { placed } from './commands/get.ts';
import { fakeArchive, sha256, type FakeArchive, type FakeFile } from './testing/archive.ts';
import { emptyFolder, geneward } from './testing/run.ts';

let folder: string;
let archive: FakeArchive | undefined;
beforeEach(() => {
  folder = emptyFolder();
});
afterEach(async () => {
  await archive?.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytes = randomBytes(3_000_000);
async function get(files: readonly FakeFile[]) {
  archive = await fakeArchive(files);
  const ended = await geneward(['get', 'GWR0000001', '--to', folder, '--json'], { GENEWARD_URL: archive.address });
  return { ...ended, ranges: archive.ranges };
}

it('fetches every file byte for byte, whatever its name', async () => {
  const files = [
    { name: 'a_1.fastq.gz', bytes },
    { name: '样本 #2.fastq.gz', bytes: randomBytes(1000) },
  ];
  const { code, out } = await get(files);
  expect(JSON.parse(out)).toMatchObject({ accession: 'GWR0000001' });
  expect(code).toBe(0);
  for (const file of files) expect(readFileSync(join(folder, file.name)).equals(file.bytes)).toBe(true);
});

it('goes on where the line broke, as often as it breaks', async () => {
  const { code, ranges } = await get([{ name: 'a.bam', bytes, breaks: [1_000_000, 500_000] }]);
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'a.bam')).equals(bytes)).toBe(true);
  expect(ranges[0]).toBeUndefined();
  const starts = ranges.slice(1).map((range) => Number(/\d+/.exec(range ?? '')?.[0]));
  expect(starts).toHaveLength(2);
  expect(starts[0]).toBeGreaterThan(0);
  expect(starts[1]).toBeGreaterThan(starts[0] ?? Infinity);
});

it('goes on with what an earlier call left, and leaves alone what is there already', async () => {
  writeFileSync(join(folder, `a.bam.${sha256(bytes).slice(0, 16)}.part`), bytes.subarray(0, 2_000_000));
  const first = await get([{ name: 'a.bam', bytes }]);
  expect([first.code, first.ranges]).toEqual([0, ['bytes=2000000-']]);
  await archive?.close();
  const second = await get([{ name: 'a.bam', bytes }]);
  expect([second.code, second.ranges]).toEqual([0, []]);
});

it('keeps nothing that is not what the archive has', async () => {
  const { code, err } = await get([{ name: 'a.bam', bytes, sent: randomBytes(bytes.length) }]);
  expect(code).toBe(3);
  expect(err).toContain('a.bam');
  expect(readdirSync(folder)).toEqual([]);
});

it('never writes outside the folder that it was given', async () => {
  const { code } = await get([{ name: '../../escape.txt', bytes: Buffer.from('out') }]);
  expect(code).toBe(0);
  expect(existsSync(join(folder, '../../escape.txt'))).toBe(false);
  expect(readdirSync(folder)).toEqual(['escape.txt']);
});

it('tells what became of an object that was withdrawn', async () => {
  archive = await fakeArchive([], {
    tombstone: { at: '2026-02-01T00:00:00Z', reason: 'mislabelled', replacedBy: ['GWR0000009'] },
  });
  const { code, err } = await geneward(['get', 'GWR0000001', '--to', folder], { GENEWARD_URL: archive.address });
  expect(code).toBe(3);
  expect(err).toContain('mislabelled');
  expect(err).toContain('GWR0000009');
});

it('reads a study of more than a thousand objects, page by page', async () => {
  archive = await fakeArchive([], { runsBelow: 1201 });
  const { code, out } = await geneward(['get', 'GWP0000001', '--metadata', '--json'], {
    GENEWARD_URL: archive.address,
  });
  expect(code).toBe(0);
  expect(new Set((JSON.parse(out) as { id: string }[]).map((one) => one.id)).size).toBe(1202);
});

it('parts files of several objects that share a name', () => {
  expect(
    placed([
      { name: 'reads.fq', object: 'GWR0000001' },
      { name: 'READS.fq', object: 'GWR0000002' },
      { name: 'other.fq', object: 'GWR0000002' },
    ]),
  ).toEqual([join('GWR0000001', 'reads.fq'), join('GWR0000002', 'READS.fq'), 'other.fq']);
});
