import { loadTaxdump, type ArchiveRecord } from '@geneward/metadata';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { circlesOf } from './circles.ts';
import { classify } from './classification.ts';
import { contentOf } from './content.ts';

const sample = (attributes: ArchiveRecord['attributes'], more: Partial<ArchiveRecord> = {}): ArchiveRecord => ({
  type: 'sample',
  alias: 's1',
  attributes,
  references: [],
  files: [],
  place: {},
  ...more,
});

const attributes = fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'binary' }), {
  maxKeys: 6,
});

it('hashes content, whatever the order of columns and wherever it stands', () => {
  fc.assert(
    fc.property(attributes, (given) => {
      const turned = Object.fromEntries(Object.entries(given).toReversed());
      const one = contentOf(sample(given, { place: { row: 2 } }));
      const other = contentOf(sample(turned, { place: { row: 9, file: 'b.tsv' } }));
      expect(other.sha256).toBe(one.sha256);
      expect(other.traits).toBe(one.traits);
    }),
  );
});

it('hashes another value otherwise', () => {
  fc.assert(
    fc.property(attributes, fc.string({ minLength: 1 }), (given, value) => {
      const changed = contentOf(sample({ ...given, field: `${value}!` }));
      expect(changed.sha256).not.toBe(contentOf(sample({ ...given, field: value })).sha256);
    }),
  );
});

it('tells samples apart by anything but names, titles and descriptions', () => {
  const one = contentOf(sample({ organism: 'Mus musculus', description: 'first' }, { alias: 'a', title: 'A' }));
  const alike = contentOf(sample({ organism: 'Mus musculus', description: 'second' }, { alias: 'b', title: 'B' }));
  const other = contentOf(sample({ organism: 'Mus musculus', description: 'first', replicate: '2' }));
  expect(alike.traits).toBe(one.traits);
  expect(other.traits).not.toBe(one.traits);
});

it('keeps only text that the database holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { record } = contentOf(sample({ field: `${text}\u0000\ud800` }));
      const kept = record.attributes['field'] as string;
      expect(kept.isWellFormed() && !kept.includes('\u0000')).toBe(true);
    }),
  );
});

it.each([
  [{ organism: 'Homo sapiens', geo_loc_name: 'France' }, 3, ['human_genetic_resource'], []],
  [{ taxonomy_id: '9606', geo_loc_name: 'China: Shenzhen' }, 3, ['human_genetic_resource'], ['CN']],
  [{ organism: 'Homo sapiens neanderthalensis' }, 3, ['human_genetic_resource'], []],
  [{ organism: 'human gut metagenome', tax_id: '10090' }, 1, [], []],
  [{ organism: 'Oryza sativa', geo_loc_name: 'China' }, 1, [], []],
])('classifies %j', (given, grade, categories, jurisdictions) => {
  expect(classify(sample(given), '2026-01-01')).toEqual({ grade, categories, jurisdictions });
});

it.each<ArchiveRecord['attributes']>([
  { organism: 'human' },
  { organism: 'HUMAN' },
  { organism: '人' },
  { Organism: 'Homo_sapiens' },
  { 'scientific name': ' homo  sapiens ' },
  { organism: ['Mus musculus', 'human'] },
  { organism: '9606' },
  { 'Taxon ID': 'NCBITaxon:9606' },
  { tax_id: '9606.0' },
])('knows a human by %j', (given) => {
  expect(classify(sample(given), '2026-01-01').categories).toEqual(['human_genetic_resource']);
});

async function* lines(...text: string[]) {
  yield* text;
}

it('knows humans by the names and merged identifiers of the loaded organisms', async () => {
  const loaded = await loadTaxdump(
    {
      nodes: lines('1\t|\t1\t|\tno rank\t|', '9606\t|\t1\t|\tspecies\t|', '77\t|\t9606\t|\tsubspecies\t|'),
      names: lines(
        '9606\t|\tHomo sapiens\t|\t\t|\tscientific name\t|',
        '9606\t|\tHomo vetus\t|\t\t|\tsynonym\t|',
        '77\t|\tHomo novus\t|\t\t|\tscientific name\t|',
      ),
      merged: lines('78\t|\t77\t|'),
    },
    'test',
  );
  for (const given of [{ organism: 'homo vetus' }, { organism: 'Homo novus' }, { tax_id: '77' }, { tax_id: '78' }]) {
    expect(classify(sample(given), '2026-01-01', loaded).grade).toBe(3);
    expect(classify(sample(given), '2026-01-01').grade).toBe(1);
  }
});

it('applies no rule before its day', () => {
  expect(classify(sample({ organism: 'Homo sapiens' }), '2019-06-30').grade).toBe(1);
});

const edge = fc.record({
  from: fc.integer({ min: 0, max: 12 }).map(String),
  to: fc.integer({ min: 0, max: 12 }).map(String),
});

it('finds a circle exactly when there is one, and each is one', () => {
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 25 }), (edges) => {
      const circles = circlesOf(edges);
      expect(circles.length > 0).toBe(hasCircle(edges));
      for (const circle of circles) {
        expect(circle.at(0)).toBe(circle.at(-1));
        const steps = circle.slice(1).map((to, at) => edges.some((one) => one.from === circle[at] && one.to === to));
        expect(steps).not.toContain(false);
      }
    }),
  );
});

/** Kahn 1962: what cannot be taken off layer by layer is on a circle or behind one. */
function hasCircle(edges: readonly { from: string; to: string }[]): boolean {
  let left = [...edges];
  for (;;) {
    const next = left.filter((one) => left.some((other) => other.to === one.from));
    if (next.length === left.length) return left.length > 0;
    left = next;
  }
}
