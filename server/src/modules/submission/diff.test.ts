import type { ObjectContent } from '@geneward/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff } from './diff.ts';

const nothing: ObjectContent = { attributes: {}, units: {}, references: [], files: [] };

describe('diff', () => {
  it.each<[string, Partial<ObjectContent>, Partial<ObjectContent>, object[]]>([
    ['title', { title: 'a' }, { title: 'b' }, [{ path: 'title', change: 'changed', before: 'a', after: 'b' }]],
    [
      'a field',
      { attributes: { host: 'Homo sapiens' } },
      { attributes: { tissue: '血液' } },
      [
        { path: 'attributes.host', change: 'removed', before: 'Homo sapiens' },
        { path: 'attributes.tissue', change: 'added', after: '血液' },
      ],
    ],
    ['one value and a list of it', { attributes: { a: 'x' } }, { attributes: { a: ['x'] } }, []],
    [
      'a unit',
      { units: { depth: 'm' } },
      { units: { depth: 'cm' } },
      [{ path: 'units.depth', change: 'changed', before: 'm', after: 'cm' }],
    ],
    [
      'a file’s bytes',
      { files: [{ name: 'r.fq', format: 'fastq', md5: 'a' }] },
      { files: [{ name: 'r.fq', format: 'fastq', md5: 'b' }] },
      [{ path: 'files.r.fq', change: 'changed', before: ['fastq', 'md5:a'], after: ['fastq', 'md5:b'] }],
    ],
    ['the order of references', { references: [ref('s1'), ref('s2')] }, { references: [ref('s2'), ref('s1')] }, []],
    [
      'a reference',
      { references: [ref('s1')] },
      { references: [ref('s1'), ref('s2')] },
      [{ path: 'references.derived_from.sample', change: 'changed', before: ['s1'], after: ['s1', 's2'] }],
    ],
  ])('tells of %s', (_, before, after, changes) => {
    expect(diff({ ...nothing, ...before }, { ...nothing, ...after })).toEqual(changes);
  });

  const fields = fc.dictionary(
    fc.string({ minLength: 1 }),
    fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1 })),
  );
  const content = fc.record({
    ...Object.fromEntries(Object.entries(nothing).map(([key, value]) => [key, fc.constant(value)])),
    attributes: fields,
    units: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
  }) as fc.Arbitrary<ObjectContent>;

  it('finds nothing between equals, and the mirror image the other way round', () => {
    fc.assert(
      fc.property(content, content, (a, b) => {
        expect(diff(a, a)).toEqual([]);
        const mirror = { added: 'removed', removed: 'added', changed: 'changed' } as const;
        expect(diff(b, a)).toEqual(
          diff(a, b).map(({ path, change, before, after }) => ({
            path,
            change: mirror[change],
            ...(after !== undefined && { before: after }),
            ...(before !== undefined && { after: before }),
          })),
        );
      }),
    );
  });
});

function ref(target: string) {
  return { relation: 'derived_from', type: 'sample', target } as const;
}
