import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { madeReference, randomTree, treeSeed } from '../test/trees.ts';
import { sharedVirus } from '../test/shared-virus.ts';
import { genomeOf } from '../tree/states.ts';
import { isLeaf, nodeCount, parsimonyOf, samplesOf, type Tree } from '../tree/tree.ts';
import { readAuspice, writeAuspice } from './auspice.ts';
import { matPieces, readMat } from './mat.ts';
import { readNewick, writeNewick } from './newick.ts';
import { readNexus, writeNexus } from './nexus.ts';
import { readTaxonium, taxoniumLines } from './taxonium.ts';
import { readVcf, vcfLines } from './vcf.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** What a tree says, whatever the order of its mutations on a branch. */
const gist = (tree: Tree) => ({
  parent: [...tree.parent],
  names: Array.from({ length: nodeCount(tree) }, (_, node) => (isLeaf(tree, node) ? samplesOf(tree, node) : [])),
  branches: Array.from({ length: nodeCount(tree) }, (_, node) =>
    [...tree.mutations.subarray(tree.start[node], tree.start[node + 1])].sort((a, b) => a - b),
  ),
});

const codeOf = async (act: () => unknown): Promise<string> => {
  try {
    await act();
  } catch (problem) {
    if (problem instanceof VirusProblem) return problem.code;
    throw problem;
  }
  return 'none';
};

/** Cuts bytes into pieces of odd sizes. */
function* cut(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += 7) yield piece.subarray(at, Math.min(piece.length, at + 7));
}

describe('tree formats', () => {
  it('come back as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(treeSeed(), async ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const { reference } = tree;
        expect(gist(readAuspice(writeAuspice(tree, {})).tree)).toEqual(gist(tree));
        expect(gist(await readMat(cut(matPieces(tree)), reference))).toEqual(gist(tree));
        expect(nodeCount(await readTaxonium(taxoniumLines(tree), reference))).toBe(nodeCount(tree));
        expect([...readNewick(writeNewick(tree), reference).parent]).toEqual([...tree.parent]);
        expect(gist(readNexus(writeNexus(tree), reference)).names).toEqual(gist(tree).names);
        const samples = await readVcf(vcfLines(tree), reference);
        const leafNodes = [...tree.parent.keys()].filter((node) => isLeaf(tree, node));
        expect(samples.map(({ name }) => name)).toEqual(leafNodes.map((node) => tree.names.at(node)));
        samples.forEach(({ differences }, at) => {
          const genome = reference.genome.slice();
          for (const [position, set] of differences) genome[position] = set;
          expect(genome).toEqual(genomeOf(tree, leafNodes[at] ?? 0));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('keep condensed samples', async () => {
    const tree = randomTree(5, 7);
    const leaf = [...tree.parent.keys()].find((node) => isLeaf(tree, node)) ?? 0;
    const condensed: Tree = { ...tree, condensed: new Map([[leaf, ['a', 'b', "c'd (e)"]]]) };
    const back = await readMat(matPieces(condensed), tree.reference);
    expect(samplesOf(back, leaf)).toEqual(['a', 'b', "c'd (e)"]);
    expect(writeNewick(condensed)).toContain("(a:0,b:0,'c''d (e)':0)");
    const spread = readAuspice(writeAuspice(condensed, {})).tree;
    expect(nodeCount(spread)).toBe(nodeCount(tree) + 3);
    expect(parsimonyOf(spread)).toBe(parsimonyOf(tree));
    expect(nodeCount(await readTaxonium(taxoniumLines(condensed), tree.reference))).toBe(nodeCount(tree) + 3);
  });

  it('refuse what cannot be, with a code', async () => {
    const reference = madeReference(100);
    const letters = 'ACGT';
    const base = (at: number) => letters.charAt(Math.log2(reference.genome[at] ?? 1));
    const other = (at: number) => letters.charAt((Math.log2(reference.genome[at] ?? 1) + 1) % 4);
    const third = (at: number) => letters.charAt((Math.log2(reference.genome[at] ?? 1) + 2) % 4);
    const auspice = (nuc: string[], below: string[] = []) =>
      JSON.stringify({
        version: 'v2',
        meta: {},
        tree: {
          name: 'r',
          branch_attrs: { mutations: { nuc } },
          children: [{ name: 'x', branch_attrs: { mutations: { nuc: below } } }],
        },
      });
    expect(await codeOf(() => readAuspice('{', reference))).toBe(treeRules.syntax.code);
    expect(await codeOf(() => readAuspice(auspice([`${other(4)}5${third(4)}`]), reference))).toBe(
      treeRules.reference.code,
    );
    expect(
      await codeOf(() => readAuspice(auspice([`${base(4)}5${other(4)}`], [`${third(4)}5${base(4)}`]), reference)),
    ).toBe(treeRules.contradiction.code);
    expect(await codeOf(() => readAuspice(auspice([`A101C`]), reference))).toBe(treeRules.position.code);
    expect(
      await codeOf(() => readAuspice(auspice([]).replace('"x"', '"x"').replace('[{', '[{"name":"x"},{'), reference)),
    ).toBe(treeRules.name.code);
    const node = (id: number, parent: number) =>
      JSON.stringify({ name: `n${id}`, node_id: id, parent_id: parent, mutations: [] });
    const head = JSON.stringify({ mutations: [] });
    expect(await codeOf(() => readTaxonium([head, node(0, 0), node(1, 2), node(2, 1)], reference))).toBe(
      treeRules.loop.code,
    );
    expect(await codeOf(() => readTaxonium([head, node(0, 0), node(1, 5)], reference))).toBe(treeRules.parent.code);
    expect(await codeOf(() => readTaxonium([head, node(0, 0), node(1, 1)], reference))).toBe(treeRules.roots.code);
    for (const text of ['', '(a,b)', '(a,b;', '(a,b));', '(a,b);c', '(a b c:x,b);', "('a,b);", '(a,b)(c,d);'])
      expect(await codeOf(() => readNewick(text, reference))).toBe(treeRules.syntax.code);
    const tree = randomTree(9, 3, 100);
    const bytes = [...matPieces(tree)];
    expect(await codeOf(() => readMat(bytes, madeReference(100, 99)))).toBe(treeRules.reference.code);
    expect(await codeOf(() => readMat([new Uint8Array([10, 200])], reference))).toBe(treeRules.syntax.code);
    expect(await codeOf(() => readMat([new TextEncoder().encode('>seq\nACGT')], reference))).toBe(
      treeRules.syntax.code,
    );
    expect(
      await codeOf(() => readVcf(['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\ta'], reference)),
    ).toBe(treeRules.name.code);
    expect(
      await codeOf(() =>
        readVcf(
          [
            '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta',
            `1\t5\t.\t${other(4)}\t${base(4)}\t.\t.\t.\tGT\t1`,
          ],
          reference,
        ),
      ),
    ).toBe(treeRules.reference.code);
  });
});

const shared = sharedVirus('sars-cov-2/tree.json');
describe.skipIf(shared === undefined)('the shared reference trees', () => {
  it.each(['sars-cov-2', 'rsv-a'])('%s is read whole and comes back through every format', async (name) => {
    const { tree, meta } = readAuspice(readFileSync(sharedVirus(`${name}/tree.json`) ?? '', 'utf8'));
    expect(meta['extensions']).toBeDefined();
    const again = readAuspice(writeAuspice(tree, meta));
    expect(gist(again.tree)).toEqual(gist(tree));
    expect(again.meta['extensions']).toEqual(meta['extensions']);
    expect(again.tree.branches).toEqual(tree.branches);
    expect(nodeCount(await readMat(matPieces(tree), tree.reference))).toBe(nodeCount(tree));
    expect(parsimonyOf(await readTaxonium(taxoniumLines(tree), tree.reference))).toBe(parsimonyOf(tree));
  });
});
