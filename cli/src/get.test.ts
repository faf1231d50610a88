import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { placed } from './commands/get.ts';
import { fakeArchive, sha256, type FakeArchive, type FakeFile } from './testing/archive.ts';
import { emptyFolder, geneward } from './testing/run.ts';

let folder: string;
let home: string;
let archive: FakeArchive | undefined;
beforeEach(() => {
  folder = emptyFolder();
  home = emptyFolder();
});
afterEach(async () => {
  await archive?.close();
  for (const one of [folder, home]) rmSync(one, { recursive: true, force: true });
});

const bytes = randomBytes(3_000_000);
async function get(files: readonly FakeFile[], ...args: string[]) {
  await archive?.close();
  archive = await fakeArchive(files);
  const env = { GENEWARD_URL: archive.address, GENEWARD_HOME: home };
  const ended = await geneward(['get', 'GWR0000001', '--to', folder, '--json', ...args], env);
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

it('goes on where the line broke, as often as it breaks, and asks for no segment twice', async () => {
  const { code, ranges } = await get([{ name: 'a.bam', bytes, breaks: [1_000_000, 500_000] }], '--parallel', '1');
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'a.bam')).equals(bytes)).toBe(true);
  const starts = ranges.map((range) => Number(/\d+/.exec(range ?? '')?.[0]));
  expect(starts).toHaveLength(3);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(starts[1]).toBeGreaterThan(0);
});

it('keeps every right segment that an earlier call left, fetches the others, and leaves alone what is there', async () => {
  const part = Buffer.from(bytes);
  part[70_000] = (part[70_000] ?? 0) ^ 1;
  part.fill(0, 10 * 65_536, 12 * 65_536);
  writeFileSync(join(folder, `a.bam.${sha256(bytes).slice(0, 16)}.part`), part);
  const first = await get([{ name: 'a.bam', bytes }], '--parallel', '1');
  const rangeOf = (from: number, to: number) => `bytes=${from * 65_536}-${to * 65_536 - 1}`;
  expect([first.code, first.ranges]).toEqual([0, [rangeOf(1, 2), rangeOf(10, 12)]]);
  expect(readFileSync(join(folder, 'a.bam')).equals(bytes)).toBe(true);
  const second = await get([{ name: 'a.bam', bytes }]);
  expect([second.code, second.ranges]).toEqual([0, []]);
});

it('asks again for the one segment that came wrong, and for nothing else', async () => {
  const { code, ranges } = await get([{ name: 'a.bam', bytes, damaged: { 5: 2 } }], '--parallel', '1');
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'a.bam')).equals(bytes)).toBe(true);
  const one = `bytes=${5 * 65_536}-${6 * 65_536 - 1}`;
  expect(ranges.slice(1)).toEqual([one, one]);
});

it('keeps nothing under the name of a file that is not what the archive has signed', async () => {
  const { code, err } = await get([{ name: 'a.bam', bytes, damaged: { 5: 99 } }]);
  expect(code).toBe(3);
  expect(err).toContain('a.bam');
  expect(readdirSync(folder).filter((name) => name.startsWith('a.bam') && !name.endsWith('.part'))).toEqual([]);
});

it('does not take the word of another archive key than before, unless told to', async () => {
  archive = await fakeArchive([{ name: 'a.bam', bytes }]);
  const env = { GENEWARD_URL: archive.address, GENEWARD_HOME: home };
  const other = { [archive.address]: { name: 'geneward-GW', publicKey: randomBytes(32).toString('base64') } };
  writeFileSync(join(home, 'archive-keys.json'), JSON.stringify(other));
  const to = join(folder, 'to');
  const refused = await geneward(['get', 'GWR0000001', '--to', to, '--json'], env);
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('archive_key_changed')]);
  expect((await geneward(['get', 'GWR0000001', '--to', to, '--trust-new-key'], env)).code).toBe(0);
  expect((await geneward(['get', 'GWR0000001', '--to', to], env)).code).toBe(0);
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
