import { gap, unknown } from '../tree/mutation.ts';
import { differencesOf } from '../tree/states.ts';
import { isLeaf, nodeCount, type Tree } from '../tree/tree.ts';
import { NearestNodes, valueAt } from './nearest.ts';
import type { Sample } from './sample.ts';

/** Leaves whose label is found again when they are left out. */
export interface Agreement {
  readonly asked: number;
  readonly agreed: number;
  readonly rate: number;
  /** What was found instead, by how often: `from → to`. */
  readonly confused: ReadonlyMap<string, number>;
}

/** A leaf of a tree as if it were given in: its gaps are unknown. */
export function sampleOfLeaf(tree: Tree, leaf: number): Sample {
  const differences = [...differencesOf(tree, leaf)]
    .map(([position, set]) => [position, set === gap ? unknown : set] as const)
    .sort(([a], [b]) => a - b);
  return { name: tree.names.at(leaf), differences };
}

/**
 * Leaves out each leaf in turn and asks for the label of its nearest node. With `parent: 'kept'` the node above, which was inferred with the leaf,
 * stays and flatters the figure; with `'removed'` it may not be found either.
 */
export function leaveOneOut(
  tree: Tree,
  attribute: string,
  options: { readonly parent: 'kept' | 'removed'; readonly among?: (leaf: number) => boolean },
): Agreement {
  const prior = tree.attributes.get('placement_prior');
  const nearest = new NearestNodes(tree, prior?.kind === 'quantity' ? { prior: prior.numbers } : {});
  const confused = new Map<string, number>();
  let asked = 0;
  let agreed = 0;
  for (let leaf = 0; leaf < nodeCount(tree); leaf++) {
    if (!isLeaf(tree, leaf) || options.among?.(leaf) === false) continue;
    const truth = valueAt(tree, attribute, leaf);
    if (truth === undefined) continue;
    const above = options.parent === 'removed' ? (tree.parent[leaf] ?? -1) : -1;
    const { node } = nearest.find(sampleOfLeaf(tree, leaf), (other) => other === leaf || other === above);
    const told = valueAt(tree, attribute, node);
    asked++;
    if (told === truth) agreed++;
    else {
      const pair = `${truth} → ${told ?? '-'}`;
      confused.set(pair, (confused.get(pair) ?? 0) + 1);
    }
  }
  return { asked, agreed, rate: asked === 0 ? Number.NaN : agreed / asked, confused };
}
