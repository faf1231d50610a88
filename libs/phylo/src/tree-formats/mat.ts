import { NameTable } from '../tree/grow.ts';
import { afterOf, beforeOf, isBase, letterOf, longestGenome, pack, positionOf } from '../tree/mutation.ts';
import { checkTree } from '../tree/states.ts';
import { isLeaf, nodeCount, TreeBuilder, type Category, type Tree } from '../tree/tree.ts';
import { newickPieces, readNewickInto } from './newick.ts';
import { fieldsOf, WireReader, WireWriter } from './protobuf.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** The newick of 20 million leaves is about 1 GB. */
const largestField = 2 ** 31 - 2 ** 20;

/**
 * Reads an UShER mutation-annotated tree (parsimony.proto: newick 1, node_mutations 2 in preorder, condensed_nodes 3,
 * metadata 4), already decompressed, in pieces. Masked mutations (negative position) are passed over.
 * Throws `treeRules.syntax`, `treeRules.size`, `treeRules.reference`, `treeRules.contradiction`.
 */
export async function readMat(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  reference: Tree['reference'],
): Promise<Tree> {
  const builder = new TreeBuilder();
  let shape: Tree | undefined;
  let node = 0;
  const start: Int32Array[] = [];
  const mutations = new MutationSink();
  const condensed = new Map<string, string[]>();
  const clades: string[][] = [];
  for await (const { field, bytes } of fieldsOf(pieces, largestField)) {
    if (field === 1) {
      if (shape) throw new VirusProblem(treeRules.syntax, { reason: 'two trees in one file' });
      readNewickInto(builder, bytes);
      shape = builder.done(reference);
      start.push(new Int32Array(nodeCount(shape) + 1));
    } else if (field === 2) {
      if (!shape) throw new VirusProblem(treeRules.syntax, { reason: 'mutations come before the tree' });
      if (node >= nodeCount(shape))
        throw new VirusProblem(treeRules.syntax, { reason: 'more lists of mutations than nodes' });
      readMutations(bytes, reference.genome, mutations, node);
      const [ends] = start;
      if (ends) ends[++node] = mutations.length;
    } else if (field === 3) readCondensed(bytes, condensed);
    else if (field === 4) clades.push(readClades(bytes));
  }
  const [ends] = start;
  if (!shape || !ends) throw new VirusProblem(treeRules.syntax, { reason: 'it holds no tree' });
  if (node !== nodeCount(shape))
    throw new VirusProblem(treeRules.syntax, { reason: `${nodeCount(shape)} nodes but ${node} lists of mutations` });
  const tree: Tree = { ...shape, start: ends, mutations: mutations.done() };
  tree.attributes.delete('length');
  spread(tree, condensed);
  annotate(tree, clades);
  checkTree(tree);
  return tree;
}

class MutationSink {
  #values = new Int32Array(1024);
  length = 0;
  push(value: number): void {
    if (this.length === this.#values.length) {
      const next = new Int32Array(Math.ceil(this.length * 1.5));
      next.set(this.#values);
      this.#values = next;
    }
    this.#values[this.length++] = value;
  }
  done(): Int32Array {
    return this.#values.slice(0, this.length);
  }
}

function readMutations(bytes: Uint8Array, genome: Uint8Array, sink: MutationSink, node: number): void {
  const list = new WireReader(bytes);
  while (list.more) {
    const key = list.int32();
    if (key !== 10) {
      list.skip(key & 7);
      continue;
    }
    const one = new WireReader(list.bytes());
    let position = 0;
    let held = 0;
    let before = 0;
    let after = 0;
    while (one.more) {
      const inner = one.int32();
      if (inner === 8) position = one.int32();
      else if (inner === 16) held = one.int32();
      else if (inner === 24) before = one.int32();
      else if (inner === 32) after |= 1 << one.int32();
      else if (inner === 34) {
        const packed = new WireReader(one.bytes());
        while (packed.more) after |= 1 << packed.int32();
      } else one.skip(inner & 7);
    }
    if (position < 0) continue;
    const place = `node ${node}`;
    if (position < 1 || position > Math.min(genome.length, longestGenome))
      throw new VirusProblem(treeRules.position, { position, length: genome.length }, place);
    if (held < 0 || held > 3 || before < 0 || before > 3 || after < 1 || after > 15)
      throw new VirusProblem(treeRules.syntax, { reason: `a base that is not 0 to 3 at position ${position}` }, place);
    const expected = genome[position - 1] ?? 15;
    if (expected !== 1 << held && isBase(expected))
      throw new VirusProblem(
        treeRules.reference,
        { position, found: letterOf(1 << held), expected: letterOf(expected) },
        place,
      );
    sink.push(pack(position - 1, 1 << before, after));
  }
}

function readCondensed(bytes: Uint8Array, condensed: Map<string, string[]>): void {
  const reader = new WireReader(bytes);
  let name = '';
  const samples: string[] = [];
  const decoder = new TextDecoder();
  while (reader.more) {
    const key = reader.int32();
    if (key === 10) name = decoder.decode(reader.bytes());
    else if (key === 18) samples.push(decoder.decode(reader.bytes()));
    else reader.skip(key & 7);
  }
  if (samples.length > 0) condensed.set(name, samples);
}

function readClades(bytes: Uint8Array): string[] {
  const reader = new WireReader(bytes);
  const names: string[] = [];
  while (reader.more) {
    const key = reader.int32();
    if (key === 10) names.push(new TextDecoder().decode(reader.bytes()));
    else reader.skip(key & 7);
  }
  return names;
}

function spread(tree: Tree, condensed: Map<string, string[]>): void {
  if (condensed.size === 0) return;
  const held = tree.condensed as Map<number, readonly string[]>;
  for (let node = 0; node < nodeCount(tree); node++) {
    const samples = isLeaf(tree, node) ? condensed.get(tree.names.at(node)) : undefined;
    if (samples) held.set(node, samples);
  }
  if (held.size !== condensed.size)
    throw new VirusProblem(treeRules.syntax, { reason: 'a condensed node is not a leaf of the tree' });
}

/** UShER marks the root of a clade; the attributes `clade`, `clade_2` … hold that of every node below. */
function annotate(tree: Tree, clades: string[][]): void {
  const sorts = Math.max(0, ...clades.slice(0, 1000).map((names) => names.length));
  for (let sort = 0; sort < sorts; sort++) {
    const values: string[] = [];
    const numbers = new Map<string, number>();
    const codes = new Int32Array(nodeCount(tree)).fill(-1);
    for (let node = 0; node < codes.length; node++) {
      const name = clades[node]?.[sort] ?? '';
      if (name === '') codes[node] = node === 0 ? -1 : (codes[tree.parent[node] ?? 0] ?? -1);
      else {
        if (!numbers.has(name)) numbers.set(name, values.push(name) - 1);
        codes[node] = numbers.get(name) ?? -1;
      }
    }
    if (values.length > 0)
      tree.attributes.set(sort === 0 ? 'clade' : `clade_${sort + 1}`, { kind: 'category', codes, values });
  }
}

/**
 * Writes an UShER mutation-annotated tree in pieces. Changes from or to a gap have no place in the format and are left
 * out with whatever later change starts from a gap written from the base that was there before.
 */
export function* matPieces(tree: Tree, chromosome = tree.reference.name): Generator<Uint8Array<ArrayBuffer>> {
  const writer = new WireWriter();
  const named = leafNames(tree);
  writer.text(1, [...newickPieces({ ...tree, names: named }, { expand: false })].join('').trim());
  yield writer.take();
  yield* mutationPieces(tree, chromosome);
  for (const [node, samples] of tree.condensed) {
    const inner = new WireWriter();
    inner.text(1, named.at(node));
    for (const sample of samples) inner.text(2, sample);
    writer.bytes(3, inner.take());
  }
  yield writer.take();
  const clade = tree.attributes.get('clade');
  if (clade?.kind === 'category') yield cladeBytes(tree, clade);
}

/** Condensed leaves get names of their own, as UShER's do. */
function leafNames(tree: Tree): NameTable {
  if (tree.condensed.size === 0) return tree.names;
  const table = new NameTable();
  let number = 0;
  for (let node = 0; node < nodeCount(tree); node++) {
    const samples = tree.condensed.get(node);
    if (samples) table.push(`node_${++number}_condensed_${samples.length}_leaves`);
    else table.pushBytes(tree.names.bytesAt(node));
  }
  return table;
}

function* mutationPieces(tree: Tree, chromosome: string): Generator<Uint8Array<ArrayBuffer>> {
  const writer = new WireWriter();
  const name = new TextEncoder().encode(chromosome);
  const { genome } = tree.reference;
  /** Bases as the format sees them, where a gap keeps the base before it. */
  const seen = genome.slice();
  const undo: { node: number; changes: number[] }[] = [];
  for (let node = 0; node < nodeCount(tree); node++) {
    while (undo.length > 0 && undo.at(-1)?.node !== tree.parent[node]) {
      const { changes } = undo.pop() ?? { changes: [] };
      for (let at = changes.length - 2; at >= 0; at -= 2) seen[changes[at] ?? 0] = changes[at + 1] ?? 0;
    }
    const changes: number[] = [];
    const list = new WireWriter();
    for (let index = tree.start[node] ?? 0; index < (tree.start[node + 1] ?? 0); index++) {
      const mutation = tree.mutations[index] ?? 0;
      const position = positionOf(mutation);
      const before = beforeOf(mutation) === 0 ? (seen[position] ?? 0) : beforeOf(mutation);
      const after = afterOf(mutation);
      const held = genome[position] ?? 0;
      if (after === 0 || after === before || !isBase(before) || !isBase(held)) continue;
      changes.push(position, seen[position] ?? 0);
      seen[position] = after;
      const one = new WireWriter();
      one.int32(1, position + 1);
      one.int32(2, Math.log2(held));
      one.int32(3, Math.log2(before));
      one.bytes(4, Uint8Array.from([0, 1, 2, 3].filter((base) => (after & (1 << base)) !== 0)));
      one.bytes(5, name);
      list.bytes(1, one.take());
    }
    undo.push({ node, changes });
    writer.bytes(2, list.take());
    if (node % 4096 === 4095) yield writer.take();
  }
  yield writer.take();
}

function cladeBytes(tree: Tree, clade: Category): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  for (let node = 0; node < nodeCount(tree); node++) {
    const code = clade.codes[node] ?? -1;
    const above = node === 0 ? -1 : (clade.codes[tree.parent[node] ?? 0] ?? -1);
    const inner = new WireWriter();
    inner.text(1, code >= 0 && code !== above ? (clade.values[code] ?? '') : '');
    writer.bytes(4, inner.take());
  }
  return writer.take();
}
