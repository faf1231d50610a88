import { afterOf, beforeOf, letterOf, nameMutation, positionOf } from './mutation.ts';
import { nodeCount, pathTo, type Tree } from './tree.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** The differences of a node from the reference, by position: what its path adds up to. */
export function differencesOf(tree: Tree, node: number): Map<number, number> {
  const found = new Map<number, number>();
  for (const at of pathTo(tree, node))
    for (let index = tree.start[at] ?? 0; index < (tree.start[at + 1] ?? 0); index++) {
      const mutation = tree.mutations[index] ?? 0;
      const position = positionOf(mutation);
      if (tree.reference.genome[position] === afterOf(mutation)) found.delete(position);
      else found.set(position, afterOf(mutation));
    }
  return found;
}

/** The genome of a node, one set of bases a byte. */
export function genomeOf(tree: Tree, node: number): Uint8Array {
  const genome = tree.reference.genome.slice();
  for (const [position, set] of differencesOf(tree, node)) genome[position] = set;
  return genome;
}

/**
 * Walks the tree in preorder with the genome of the node at hand, undoing on the way up: the memory of one genome.
 * `visit` sees the genome of `node` and may not keep it.
 */
export function walkStates(tree: Tree, visit: (node: number, genome: Uint8Array) => void): void {
  const genome = tree.reference.genome.slice();
  const open: number[] = [];
  const restore = (node: number): void => {
    for (let index = (tree.start[node + 1] ?? 0) - 1; index >= (tree.start[node] ?? 0); index--) {
      const mutation = tree.mutations[index] ?? 0;
      genome[positionOf(mutation)] = beforeOf(mutation);
    }
  };
  for (let node = 0; node < nodeCount(tree); node++) {
    while (open.length > 0 && open.at(-1) !== tree.parent[node]) restore(open.pop() ?? 0);
    for (let index = tree.start[node] ?? 0; index < (tree.start[node + 1] ?? 0); index++) {
      const mutation = tree.mutations[index] ?? 0;
      genome[positionOf(mutation)] = afterOf(mutation);
    }
    open.push(node);
    visit(node, genome);
  }
}

/**
 * Checks that every mutation lies in the reference and starts from the base that its parent has.
 * Throws `treeRules.position`, `treeRules.reference` (first change of a site disagrees with the reference) or `treeRules.contradiction`.
 */
export function checkTree(tree: Tree): void {
  const { genome: reference } = tree.reference;
  const genome = reference.slice();
  const touched = new Uint8Array(reference.length);
  const open: number[] = [];
  for (let node = 0; node < nodeCount(tree); node++) {
    while (open.length > 0 && open.at(-1) !== tree.parent[node]) {
      const left = open.pop() ?? 0;
      for (let index = (tree.start[left + 1] ?? 0) - 1; index >= (tree.start[left] ?? 0); index--) {
        const mutation = tree.mutations[index] ?? 0;
        const position = positionOf(mutation);
        genome[position] = beforeOf(mutation);
        touched[position] = (touched[position] ?? 1) - 1;
      }
    }
    for (let index = tree.start[node] ?? 0; index < (tree.start[node + 1] ?? 0); index++) {
      const mutation = tree.mutations[index] ?? 0;
      const position = positionOf(mutation);
      const held = genome[position];
      const place = `node ${tree.names.at(node) || node}`;
      if (held === undefined)
        throw new VirusProblem(treeRules.position, { position: position + 1, length: reference.length }, place);
      if (held !== beforeOf(mutation)) {
        if (touched[position] === 0)
          throw new VirusProblem(
            treeRules.reference,
            { position: position + 1, found: letterOf(beforeOf(mutation)), expected: letterOf(held) },
            place,
          );
        throw new VirusProblem(
          treeRules.contradiction,
          {
            node: tree.names.at(node) || node,
            mutation: nameMutation(mutation),
            expected: letterOf(held),
          },
          place,
        );
      }
      genome[position] = afterOf(mutation);
      touched[position] = (touched[position] ?? 0) + 1;
    }
    open.push(node);
  }
}
