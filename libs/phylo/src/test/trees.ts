import fc from 'fast-check';
import type { Sample } from '../placement/sample.ts';
import { pack, unknown } from '../tree/mutation.ts';
import { TreeBuilder, type Tree } from '../tree/tree.ts';

/** A small linear congruential generator: the same numbers everywhere. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A made-up reference. */
export function madeReference(length: number, seed = 1): Tree['reference'] {
  const next = numbersFrom(seed);
  return { name: 'MADE1', genome: Uint8Array.from({ length }, () => 1 << next(4)) };
}

/** A random tree of so many leaves whose mutations follow from its reference. */
export function randomTree(leaves: number, seed: number, length = 400): Tree {
  const next = numbersFrom(seed);
  const reference = madeReference(length, seed ^ 0x55);
  const builder = new TreeBuilder();
  const todo: { parent: number; leaves: number; genome: Uint8Array }[] = [
    { parent: -1, leaves, genome: reference.genome },
  ];
  let leaf = 0;
  while (todo.length > 0) {
    const one = todo.pop();
    if (!one) break;
    const node = builder.add(one.parent, one.leaves === 1 ? `sample/${++leaf}` : '');
    const genome = one.genome.slice();
    const changes = one.parent < 0 ? 0 : next(4);
    const used = new Set<number>();
    for (let at = 0; at < changes; at++) {
      const position = next(length);
      if (used.has(position)) continue;
      used.add(position);
      const before = genome[position] ?? 1;
      const after = 1 << next(4);
      if (after === before) continue;
      builder.mutate(pack(position, before, after));
      genome[position] = after;
    }
    if (one.leaves === 1) continue;
    const parts = Math.min(one.leaves, 2 + next(2));
    let left = one.leaves;
    for (let part = parts; part > 0; part--) {
      const share = part === 1 ? left : 1 + next(left - part + 1);
      todo.push({ parent: node, leaves: share, genome });
      left -= share;
    }
  }
  return builder.done(reference);
}

export const treeSeed = (): fc.Arbitrary<{ leaves: number; seed: number }> =>
  fc.record({ leaves: fc.integer({ min: 2, max: 40 }), seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }) });

/** Random samples near the reference, with ambiguous bases and unknown stretches among them. */
export function randomSamples(reference: Uint8Array, count: number, seed: number): Sample[] {
  const next = numbersFrom(seed);
  const hot = Array.from({ length: 12 }, () => next(reference.length));
  return Array.from({ length: count }, (_, at) => {
    const differences = new Map<number, number>();
    for (let change = next(6); change > 0; change--) {
      const position = next(3) > 0 ? (hot[next(hot.length)] ?? 0) : next(reference.length);
      const set = next(8) === 0 ? 1 + next(unknown) : 1 << next(4);
      if (set !== reference[position]) differences.set(position, set);
    }
    const from = next(reference.length);
    return {
      name: `given/${at}`,
      differences: [...differences].sort(([a], [b]) => a - b),
      missing:
        next(3) === 0 ? [[from, Math.min(reference.length, from + next(40))] as const].filter(([a, b]) => b > a) : [],
    };
  });
}

/** A tree of one node, the reference. */
export function bareTree(reference: Tree['reference']): Tree {
  const builder = new TreeBuilder();
  builder.add(-1, 'reference');
  return builder.done(reference);
}
