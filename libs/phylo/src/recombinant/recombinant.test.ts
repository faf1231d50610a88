import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearestNodes } from '../placement/nearest.ts';
import { numbersFrom, randomTree } from '../test/trees.ts';
import { genomeOf } from '../tree/states.ts';
import { isLeaf } from '../tree/tree.ts';
import { sampleOf } from '../placement/sample.ts';
import { MosaicSearch } from './detect.ts';

describe('mosaics', () => {
  it('are found when two distant leaves are joined, and explain them wholly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const tree = randomTree(60, seed, 2000);
        const next = numbersFrom(seed);
        const leaves = [...tree.parent.keys()].filter((node) => isLeaf(tree, node));
        const left = genomeOf(tree, leaves[next(leaves.length)] ?? 0);
        const right = genomeOf(tree, leaves[next(leaves.length)] ?? 0);
        const joined = left.slice();
        joined.set(right.subarray(1000), 1000);
        const sample = sampleOf('x', joined, tree.reference.genome);
        const found = new MosaicSearch(tree, { breaks: 200 }).find(sample);
        expect(found.whole).toBe(new NearestNodes(tree).find(sample).distance);
        const off = (genome: Uint8Array, from: number, to: number) =>
          genome.subarray(from, to).reduce((sum, set, at) => sum + (set === joined[from + at] ? 0 : 1), 0);
        const known = sample.differences.map(([at]) => off(left, 0, at) + off(right, at, 2000));
        expect(found.broken + (found.breakpoints === 2 ? 3 : 0)).toBeLessThanOrEqual(
          Math.min(...known.slice(1), found.whole),
        );
        expect(found.gain).toBe(found.whole - found.broken);
      }),
      { numRuns: 40 },
    );
  });

  it('are not made of a genome that is in the tree', () => {
    const tree = randomTree(40, 3);
    for (const leaf of [...tree.parent.keys()].filter((node) => isLeaf(tree, node)))
      expect(new MosaicSearch(tree).find(sampleOf('x', genomeOf(tree, leaf), tree.reference.genome)).gain).toBe(0);
  });
});
