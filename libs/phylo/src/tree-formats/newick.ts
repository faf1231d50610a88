import { isLeaf, nodeCount, samplesOf, TreeBuilder, type Tree } from '../tree/tree.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

const open = 0x28;
const close = 0x29;
const comma = 0x2c;
const colon = 0x3a;
const semicolon = 0x3b;
const quote = 0x27;
const bracket = 0x5b;

/** Nodes that a tree may have. */
export const mostNodes = 50_000_000;

/**
 * Reads Newick bytes into a builder, without recursion: names (quoted or bare), branch lengths into the quantity
 * `length`, comments in brackets passed over. Throws `treeRules.syntax` with the byte, `treeRules.size`.
 */
export function readNewickInto(builder: TreeBuilder, bytes: Uint8Array): void {
  const lengths: number[] = [];
  const decoder = new TextDecoder();
  const fail = (reason: string, at: number): never => {
    throw new VirusProblem(treeRules.syntax, { reason }, `byte ${at + 1}`);
  };
  const path: number[] = [];
  let node = -1;
  let at = 0;
  let ended = false;
  let any = false;
  const begin = (): void => {
    if (builder.length >= mostNodes) throw new VirusProblem(treeRules.size, { what: 'nodes', limit: mostNodes });
    node = builder.add(path.at(-1) ?? -1, '');
    if (lengths.length > 0 || any) lengths[node] = Number.NaN;
  };
  /** Whether the next name or length belongs to a node that was begun. */
  let begun = false;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x20) at++;
    else if (ended) fail('text after the semicolon', at);
    else if (byte === open) {
      if (begun) fail('“(” after a name', at);
      if (path.length === 0 && builder.length > 0) fail('a second root', at);
      begin();
      path.push(node);
      begun = false;
      at++;
    } else if (byte === close) {
      if (path.length === 0) fail('“)” without “(”', at);
      if (!begun) begin();
      node = path.pop() ?? -1;
      begun = true;
      at++;
    } else if (byte === comma) {
      if (path.length === 0) fail('a second root', at);
      if (!begun) begin();
      begun = false;
      at++;
    } else if (byte === semicolon) {
      if (path.length > 0) fail('“;” inside a bracket', at);
      ended = true;
      at++;
    } else if (byte === bracket) {
      const end = bytes.indexOf(0x5d, at);
      if (end < 0) fail('a comment without an end', at);
      at = end + 1;
    } else if (byte === colon) {
      if (!begun) {
        begin();
        begun = true;
      }
      let end = ++at;
      while (end < bytes.length && !isBreak(bytes[end] ?? 0)) end++;
      const text = decoder.decode(bytes.subarray(at, end)).trim();
      const length = Number(text);
      if (text === '' || !Number.isFinite(length)) fail(`“${text.slice(0, 20)}” is no length`, at);
      any = true;
      lengths[node] = length;
      at = end;
    } else {
      let name: Uint8Array;
      if (byte === quote) {
        let end = at + 1;
        while (end < bytes.length && (bytes[end] !== quote || bytes[end + 1] === quote))
          end += bytes[end] === quote ? 2 : 1;
        if (end >= bytes.length) fail('a quoted name without an end', at);
        name = new TextEncoder().encode(decoder.decode(bytes.subarray(at + 1, end)).replaceAll("''", "'"));
        at = end + 1;
      } else {
        let end = at;
        while (end < bytes.length && !isBreak(bytes[end] ?? 0) && bytes[end] !== colon && bytes[end] !== bracket) end++;
        name = bytes.subarray(at, end);
        while (name.length > 0 && (name[name.length - 1] ?? 0) <= 0x20) name = name.subarray(0, -1);
        at = end;
      }
      if (!begun) {
        begin();
        begun = true;
      }
      if (builder.names.bytesAt(node).length > 0) fail('two names for one node', at);
      builder.names.setBytes(node, name);
    }
  }
  if (!ended) fail('the end “;” is missing', bytes.length);
  if (builder.length === 0) fail('no tree', 0);
  if (any) {
    const numbers = new Float64Array(builder.length).fill(Number.NaN);
    for (let index = 0; index < numbers.length; index++) numbers[index] = lengths[index] ?? Number.NaN;
    builder.attributes.set('length', { kind: 'quantity', numbers });
  }
}

const isBreak = (byte: number): boolean => byte === comma || byte === close || byte === semicolon || byte === open;

/** A tree of names and lengths, without mutations. */
export function readNewick(text: string | Uint8Array, reference: Tree['reference']): Tree {
  const builder = new TreeBuilder();
  readNewickInto(builder, typeof text === 'string' ? new TextEncoder().encode(text) : text);
  return builder.done(reference);
}

const bare = /^[^\s()[\]':;,]+$/u;
const quoted = (name: string): string => (name === '' || bare.test(name) ? name : `'${name.replaceAll("'", "''")}'`);

export interface NewickOptions {
  /** Write the samples of a condensed leaf as a polytomy of their own; otherwise the leaf by its own name. */
  readonly expand?: boolean;
  /** Length of a branch: `mutations` counts them, `length` writes what was read, `none` nothing. */
  readonly lengths?: 'mutations' | 'length' | 'none';
}

/** Writes Newick, piece by piece, so that millions of leaves need no string of all. */
export function* newickPieces(tree: Tree, options: NewickOptions = {}): Generator<string> {
  const { expand = true, lengths = 'mutations' } = options;
  const given = tree.attributes.get('length');
  const lengthOf = (node: number): string => {
    if (lengths === 'none' || node === 0) return '';
    if (lengths === 'mutations') return `:${(tree.start[node + 1] ?? 0) - (tree.start[node] ?? 0)}`;
    const number = given?.kind === 'quantity' ? given.numbers[node] : undefined;
    return number === undefined || Number.isNaN(number) ? '' : `:${number}`;
  };
  const path: number[] = [];
  let piece = '';
  const closeUntil = (parent: number): void => {
    while (path.length > 0 && path.at(-1) !== parent) {
      const done = path.pop() ?? 0;
      piece += `)${quoted(tree.names.at(done))}${lengthOf(done)}`;
    }
  };
  for (let node = 0; node < nodeCount(tree); node++) {
    closeUntil(tree.parent[node] ?? -1);
    if (node > 0 && (tree.parent[node] ?? 0) !== node - 1) piece += ',';
    if (isLeaf(tree, node)) {
      const samples = samplesOf(tree, node);
      if (!expand || samples.length === 1)
        piece += quoted(expand ? (samples[0] ?? '') : tree.names.at(node)) + lengthOf(node);
      else
        piece += `(${samples.map((sample) => `${quoted(sample)}${lengths === 'none' ? '' : ':0'}`).join(',')})${lengthOf(node)}`;
    } else {
      piece += '(';
      path.push(node);
    }
    if (piece.length > 65_536) {
      yield piece;
      piece = '';
    }
  }
  closeUntil(-1);
  yield `${piece};\n`;
}

/** The whole tree as one Newick string. */
export const writeNewick = (tree: Tree, options?: NewickOptions): string => [...newickPieces(tree, options)].join('');
