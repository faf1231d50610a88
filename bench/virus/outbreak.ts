import { TreeBuilder, type Sample, type Tree } from '@geneward/phylo';

/** The same numbers in every run. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A made-up tree of so many leaves over 29,903 bases: one mutation a branch on average, forks of two or three, and a date a node. */
export function outbreak(leaves: number, seed = 1): { tree: Tree; date: Float64Array } {
  const next = numbersFrom(seed);
  const length = 29_903;
  const genome = Uint8Array.from({ length }, () => 1 << Math.floor(next() * 4));
  const reference = { name: 'MADE1', genome: genome.slice() };
  const builder = new TreeBuilder();
  const date = new Float64Array(leaves * 2);
  const undo: number[] = [];
  const todo: { parent: number; leaves: number }[] = [{ parent: -1, leaves }];
  /** Undo marks of the nodes on the path. */
  const path: { node: number; mark: number }[] = [];
  let leaf = 0;
  for (let one = todo.pop(); one; one = todo.pop()) {
    while (path.length > 0 && path.at(-1)?.node !== one.parent) {
      const mark = path.pop()?.mark ?? 0;
      while (undo.length > mark) {
        const before = undo.pop() ?? 0;
        genome[undo.pop() ?? 0] = before;
      }
    }
    const node = builder.add(one.parent, one.leaves === 1 ? `sample/${++leaf}` : '');
    const mark = undo.length;
    const changes = one.parent < 0 ? 0 : Math.floor(next() * 3);
    for (let at = 0; at < changes; at++) {
      // Some sites change often, as in viruses.
      const position = Math.floor(next() ** 2 * 29_700) + 60 + at;
      const before = genome[position] ?? 1;
      const after = before === 8 ? 1 : before << 1;
      builder.mutate((position << 8) | (before << 4) | after);
      undo.push(position, before);
      genome[position] = after;
    }
    date[node] = one.parent < 0 ? 2020 : (date[one.parent] ?? 0) + next() * 0.15;
    path.push({ node, mark });
    if (one.leaves === 1) continue;
    let left = one.leaves;
    for (let part = Math.min(left, next() < 0.3 ? 3 : 2); part > 0; part--) {
      const share = part === 1 ? left : Math.max(1, Math.min(left - part + 1, Math.floor(next() * left)));
      todo.push({ parent: node, leaves: share });
      left -= share;
    }
  }
  const tree = builder.done(reference);
  return { tree, date: date.slice(0, tree.parent.length) };
}

/** Samples like those of a tree: a leaf, and up to three mutations of its own. */
export function relatives(leaves: readonly Sample[], seed = 2): Sample[] {
  const next = numbersFrom(seed);
  return leaves.map(({ differences }, at) => {
    const own = new Map(differences);
    for (let more = Math.floor(next() * 4); more > 0; more--)
      own.set(100 + Math.floor(next() * 29_000), 1 << Math.floor(next() * 4));
    return { name: `new/${at}`, differences: [...own].sort(([a], [b]) => a - b) };
  });
}
