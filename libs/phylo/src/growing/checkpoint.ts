import { treeRules } from '../rules/tree.ts';
import { VirusProblem } from '../rules/problem.ts';
import { NameTable } from '../tree/grow.ts';
import { checkTree } from '../tree/states.ts';
import { nodeCount, sizesOf, type Category, type Quantity, type Tree } from '../tree/tree.ts';
import type { Growing } from '../placement/update.ts';

/**
 * A growing tree as bytes for large ones: a line of JSON that says what follows, then the columns as they lie in memory (little-endian).
 * Five million leaves are some 400 MB and are written and read in seconds, where JSON would not fit one string.
 */
interface Head {
  readonly type: 'geneward.virus.checkpoint';
  readonly version: 1;
  readonly nodes: number;
  readonly condensed: readonly (readonly [node: number, samples: readonly string[]])[];
  readonly branches: readonly (readonly [
    node: number,
    Tree['branches'] extends Map<number, infer Notes> ? Notes : never,
  ])[];
  readonly attributes: readonly { readonly key: string; readonly values?: readonly string[] }[];
  readonly dated: boolean;
  /** Bytes of each part that follows. */
  readonly parts: readonly number[];
}

const pieceBytes = 1 << 20;
const newline = 10;

const bytesOf = (column: Int32Array | Float64Array | Uint8Array): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

/** The parts of a tree in their order. Names lie end to end; where each ends is the part before. */
function partsOf({ tree, date }: Growing): Uint8Array[] {
  const ends = new Int32Array(nodeCount(tree));
  let end = 0;
  for (let node = 0; node < ends.length; node++) ends[node] = end += tree.names.bytesAt(node).length;
  const names = new Uint8Array(end);
  for (let node = 0; node < ends.length; node++) names.set(tree.names.bytesAt(node), node === 0 ? 0 : ends[node - 1]);
  return [
    ...[tree.parent, tree.start, tree.mutations, ends].map(bytesOf),
    names,
    ...[...tree.attributes.values()].map((one) => bytesOf(one.kind === 'category' ? one.codes : one.numbers)),
    ...(date ? [bytesOf(date)] : []),
  ];
}

/** Writes a growing tree, piece by piece; the reference is that of the data set and is not written. */
export function* checkpointPieces(state: Growing): Generator<Uint8Array> {
  const { tree, date } = state;
  const parts = partsOf(state);
  const head: Head = {
    type: 'geneward.virus.checkpoint',
    version: 1,
    nodes: nodeCount(tree),
    condensed: [...tree.condensed],
    branches: [...tree.branches],
    attributes: [...tree.attributes].map(([key, one]) => ({
      key,
      ...(one.kind === 'category' && { values: one.values }),
    })),
    dated: date !== undefined,
    parts: parts.map(({ length }) => length),
  };
  yield new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  for (const part of parts)
    for (let at = 0; at < part.length; at += pieceBytes) yield part.subarray(at, at + pieceBytes);
}

/** Reads what {@link checkpointPieces} wrote. Throws {@link treeRules.syntax} and what a tree of another reference throws. */
export function readCheckpoint(bytes: Uint8Array, reference: Tree['reference']): Growing {
  const end = bytes.indexOf(newline);
  const head = headOf(bytes.subarray(0, Math.max(0, end)));
  let at = end + 1;
  const parts = head.parts.map((length) => {
    // A copy of its own: columns are read where numbers of their size may begin.
    const part = new Uint8Array(bytes.subarray(at, (at += length)));
    if (part.length !== length) throw new VirusProblem(treeRules.syntax, { reason: 'it ends too early' });
    return part.buffer;
  });
  const part = (number: number): ArrayBuffer => parts[number] ?? new ArrayBuffer(0);
  const ints = (number: number): Int32Array => new Int32Array(part(number));
  const [parent, ends, text] = [ints(0), ints(3), new Uint8Array(part(4))];
  const names = new NameTable();
  for (let node = 0; node < head.nodes; node++)
    names.pushBytes(text.subarray(node === 0 ? 0 : ends[node - 1], ends[node]));
  const attributes = new Map<string, Category | Quantity>(
    head.attributes.map(({ key, values }, index) => [
      key,
      values
        ? { kind: 'category', values: [...values], codes: ints(5 + index) }
        : { kind: 'quantity', numbers: new Float64Array(part(5 + index)) },
    ]),
  );
  const tree: Tree = {
    reference,
    parent,
    size: sizesOf(parent),
    start: ints(1),
    mutations: ints(2),
    names,
    condensed: new Map(head.condensed),
    attributes,
    branches: new Map(head.branches),
  };
  checkTree(tree);
  return { tree, ...(head.dated && { date: new Float64Array(part(5 + head.attributes.length)) }) };
}

function headOf(bytes: Uint8Array): Head {
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes)) as Head;
    const wanted = 5 + head.attributes.length + (head.dated ? 1 : 0);
    if (
      head.type !== 'geneward.virus.checkpoint' ||
      head.version !== 1 ||
      head.parts.length !== wanted ||
      head.parts[0] !== 4 * head.nodes
    )
      throw new SyntaxError('no checkpoint of a tree');
    return head;
  } catch (error) {
    throw new VirusProblem(treeRules.syntax, { reason: error instanceof Error ? error.message : 'no JSON' });
  }
}
