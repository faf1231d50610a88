import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { datasetRules } from '../rules/dataset.ts';
import { treeRules } from '../rules/tree.ts';
import { readFasta } from '../sequence/fasta.ts';
import { sha256 } from '../test/sha256.ts';
import { sharedVirus } from '../test/shared-virus.ts';
import { isLeaf } from '../tree/tree.ts';
import { unpackDataset } from './archive.ts';
import { contentHash, type DatasetFiles } from './files.ts';
import { identify, sketchOf } from './identify.ts';
import { expectHash, findInstalled, installedAs } from './installed.ts';
import { madeUpDataset, madeUpHash, madeUpName } from './made-up.ts';
import { readDataset } from './read.ts';

const files = madeUpDataset();
const terms = { source: 'Geneward', license: 'CC0-1.0', terms: '' };
const changed = (path: string, text: string | undefined): DatasetFiles => {
  const copy = new Map(files);
  if (text === undefined) copy.delete(path);
  else copy.set(path, strToU8(text));
  return copy;
};
const text = (path: string): string => new TextDecoder().decode(files.get(path));

/** A tar of one kind of entry, as tar writes it. */
function tar(entries: readonly (readonly [name: string, content: Uint8Array, kind?: string])[]): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const [name, content, kind = '0'] of entries) {
    const head = new Uint8Array(512);
    head.set(strToU8(name.slice(0, 100)), 0);
    head.set(strToU8('0000644\0'), 100);
    head.set(strToU8(`${content.length.toString(8).padStart(11, '0')}\0`), 124);
    head.set(strToU8('        '), 148);
    head.set(strToU8(kind), 156);
    head.set(strToU8('ustar\u000000'), 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.set(strToU8(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    blocks.push(head, content, new Uint8Array((512 - (content.length % 512)) % 512));
  }
  blocks.push(new Uint8Array(1024));
  return Uint8Array.from(blocks.flatMap((block) => [...block]));
}

describe('the made-up data set', () => {
  it('is the same each time, to the last byte', () => {
    expect(contentHash(madeUpDataset(), sha256)).toBe(madeUpHash);
  });

  it('reads as a data set with a dated tree, clades and places', async () => {
    const dataset = await readDataset(files, sha256);
    expect(dataset).toMatchObject({
      id: madeUpName,
      version: '2026-11-01--00-00-00Z',
      hash: madeUpHash,
      gapSide: 'left',
    });
    expect(dataset.annotation.map(({ name }) => name)).toEqual(['P', 'S', 'N']);
    expect(dataset.places.get('country')?.size).toBe(5);
    const { tree } = dataset;
    expect(tree && [...tree.parent.keys()].filter((node) => isLeaf(tree, node))).toHaveLength(90);
    const clades = tree?.attributes.get('clade_membership');
    expect(clades?.kind === 'category' ? clades.values.length : 0).toBeGreaterThanOrEqual(4);
  });
});

describe('a data set', () => {
  it('has a hash that sha256sum gives as well, whatever it was packed in', async () => {
    const list = [...files].map(([path, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${path}\n`);
    expect(contentHash(files, sha256)).toBe(
      createHash('sha256')
        .update(list.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join(''))
        .digest('hex'),
    );
    const entries = [...files].map(([path, bytes]) => [`./made-up/${path}`, bytes] as const);
    for (const packed of [
      tar(entries),
      gzipSync(tar(entries)),
      zipSync(Object.fromEntries(entries.map(([path, bytes]) => [path.slice(2), bytes]))),
    ])
      expect((await readDataset(unpackDataset(packed), sha256)).hash).toBe(madeUpHash);
  });

  it.each([
    ['without pathogen.json', changed('pathogen.json', undefined), datasetRules.missing],
    ['without its reference', changed('reference.fasta', undefined), datasetRules.missing],
    ['that names no reference', changed('pathogen.json', '{"files":{}}'), datasetRules.missing],
    ['whose pathogen.json is cut', changed('pathogen.json', text('pathogen.json').slice(0, 99)), datasetRules.json],
    ['that names a number as a file', changed('pathogen.json', '{"files":{"reference":3}}'), datasetRules.json],
    ['with two references', changed('reference.fasta', '>a\nACGT\n>b\nACGT\n'), datasetRules.reference],
    [
      'whose tree is of another reference',
      changed('reference.fasta', `>MADEUP.1\n${'A'.repeat(4200)}\n`),
      treeRules.reference,
    ],
  ])('%s is refused', async (_what, given, { code }) => {
    await expect(readDataset(given, sha256)).rejects.toMatchObject({ code });
  });

  it.each([
    ['that leaves its folder', tar([['../pathogen.json', strToU8('{}')]]), datasetRules.archive],
    ['that leaves it in a zip', zipSync({ '../../x': strToU8('{}') }), datasetRules.archive],
    ['with a link', tar([['pathogen.json', new Uint8Array(0), '2']]), datasetRules.archive],
    ['that is cut off', tar([['a', new Uint8Array(2000)]]).subarray(0, 1500), datasetRules.archive],
    ['that is none', strToU8('this is no archive at all, only text. '.repeat(20)), datasetRules.archive],
    ['whose gzip is damaged', gzipSync(tar([['a', strToU8('{}')]])).fill(7, 20, 40), datasetRules.archive],
  ])('in an archive %s is refused', (_what, bytes, { code }) => {
    expect(() => unpackDataset(bytes)).toThrow(expect.objectContaining({ code }));
  });

  it('that unpacks to more than the limit is refused before it is unpacked', () => {
    const bomb = gzipSync(tar([['a', new Uint8Array(3_000_000)]]));
    expect(() => unpackDataset(bomb, 1_000_000)).toThrow(expect.objectContaining({ code: datasetRules.large.code }));
    const zip = zipSync({ a: new Uint8Array(3_000_000) });
    expect(() => unpackDataset(zip, 1_000_000)).toThrow(expect.objectContaining({ code: datasetRules.large.code }));
  });

  it('is found by name, shortcut, version and hash; the last version counts', async () => {
    const one = installedAs(await readDataset(files, sha256), terms);
    const newer = { ...one, version: '2026-12-01', hash: 'f'.repeat(64) };
    expect(findInstalled([one, newer], madeUpName).version).toBe('2026-12-01');
    expect(findInstalled([newer, one], `${madeUpName}@${one.version}`)).toBe(one);
    expect(findInstalled([newer, one], 'Made-up virus').version).toBe('2026-12-01');
    expect(() => findInstalled([one], 'flu')).toThrow(expect.objectContaining({ code: datasetRules.unknown.code }));
    expect(() => expectHash(one.hash, 'f'.repeat(64))).toThrow(
      expect.objectContaining({ code: datasetRules.hash.code }),
    );
  });
});

const shared = ['sars-cov-2', 'rsv-a'].map((name) => [name, sharedVirus(name)] as const);
const folder = (path: string): DatasetFiles =>
  new Map(readdirSync(path).map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]));

describe.skipIf(shared.some(([, path]) => path === undefined))('the shared data sets', () => {
  it.each(shared)('%s is read', async (name, path) => {
    const dataset = await readDataset(folder(path ?? ''), sha256);
    expect(dataset.id).toBe(name === 'rsv-a' ? 'rsv-a' : 'sars-cov-2');
    expect(dataset).toMatchObject(
      name === 'rsv-a'
        ? { version: dataset.hash.slice(0, 12), gapSide: 'left' }
        : {
            version: '2024-02-16--04-00-32Z',
            gapSide: 'right',
            masks: {
              ranges: [
                [0, 50],
                [29_850, 29_902],
              ],
            },
          },
    );
    expect(dataset.lineages.includes('Nextclade_pango')).toBe(name !== 'rsv-a');
  });

  it('tell which virus a genome is of, either strand', async () => {
    const known = await Promise.all(
      [...shared.map(([, path]) => folder(path ?? '')), files].map(async (given) => {
        const { id, reference } = await readDataset(given, sha256);
        return { id, sketch: sketchOf(reference.genome) };
      }),
    );
    for (const [at, path] of [shared[0]?.[1], shared[1]?.[1]].entries()) {
      const all = readFasta([readFileSync(join(path ?? '', 'sequences.fasta'))]);
      let count = 0;
      for await (const { bases } of all) {
        if (++count > 12) break;
        expect(identify(bases, known)[0]?.id).toBe(known[at]?.id);
        const turned = bases.map((_, index) => {
          const set = bases[bases.length - 1 - index] as number;
          return ((set & 1) << 3) | ((set & 8) >> 3) | ((set & 2) << 1) | ((set & 4) >> 1);
        });
        expect(identify(turned, known)[0]?.id).toBe(known[at]?.id);
      }
    }
    expect(identify(new Uint8Array(500).fill(15), known)).toEqual([]);
    expect(
      identify(
        Uint8Array.from({ length: 5000 }, (_, at) => 1 << ((at * at + (at >> 3)) & 3)),
        known,
      ),
    ).toEqual([]);
  });
});
