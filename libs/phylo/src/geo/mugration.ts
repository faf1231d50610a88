import { isLeaf, nodeCount, type Category, type Tree } from '../tree/tree.ts';

/** Likely places of every node. */
export interface Places {
  readonly values: readonly string[];
  /** The most probable place of each node and its probability. */
  readonly code: Int32Array;
  readonly probability: Float64Array;
  /** All probabilities, node after node; Float32 to keep a million nodes by 60 places in 240 MB. */
  readonly all: Float32Array;
  /** Moves a year that the model settled on. */
  readonly rate: number;
  /** Nodes whose most probable place is not their parent's. */
  readonly moves: readonly number[];
}

export interface PlaceOptions {
  /** Date of each node in decimal years; without it branches count mutations plus one. */
  readonly date?: Float64Array;
  /** Chance that a recorded place is wrong. */
  readonly wrong?: number;
  readonly rounds?: number;
}

/**
 * Discrete states along the tree with probabilities: every place may turn into every other at one rate, drawn to the places' shares, and the rate
 * and shares are fitted in turn. Source: TreeTime “mugration” (Sagulenko, Puller, Neher 2018), F81 model; pruning after Felsenstein 1981.
 */
export function placesOf(tree: Tree, leaves: Category, options: PlaceOptions = {}): Places {
  const { date, wrong = 1e-3, rounds = 6 } = options;
  const states = leaves.values.length;
  const count = nodeCount(tree);
  const length = branchLengths(tree, date);
  let share: Float64Array = new Float64Array(states).fill(1 / Math.max(1, states));
  let total = 0;
  for (const value of length) total += value;
  let rate = Math.max(1, Math.sqrt(count)) / Math.max(total, 1e-9);
  let result: Float32Array = new Float32Array(0);
  for (let round = 0; round < rounds; round++) {
    const { all, expected } = prune(tree, leaves, { length, share, rate, wrong });
    result = all;
    const next = new Float64Array(states).fill(0.5);
    for (let node = 0; node < count; node++) {
      const code = isLeaf(tree, node) ? (leaves.codes[node] ?? -1) : -1;
      if (code >= 0) next[code] = (next[code] ?? 0) + 1;
    }
    const sum = next.reduce((a, b) => a + b, 0);
    share = next.map((value) => value / sum);
    rate = Math.max(1e-6, (expected + 0.5) / Math.max(total, 1e-9));
  }
  return { values: leaves.values, ...best(tree, result, states), all: result, rate };
}

function branchLengths(tree: Tree, date: Float64Array | undefined): Float64Array {
  const length = new Float64Array(nodeCount(tree));
  for (let node = 1; node < length.length; node++) {
    const years = date ? (date[node] ?? 0) - (date[tree.parent[node] ?? 0] ?? 0) : Number.NaN;
    length[node] = Number.isNaN(years)
      ? (tree.start[node + 1] ?? 0) - (tree.start[node] ?? 0) + 1
      : Math.max(years, 1 / 365);
  }
  return length;
}

interface Model {
  readonly length: Float64Array;
  readonly share: Float64Array;
  readonly rate: number;
  readonly wrong: number;
}

/** One pass up and one down; `expected` is how many branches end in another place than they began. */
function prune(
  tree: Tree,
  leaves: Category,
  { length, share, rate, wrong }: Model,
): { all: Float32Array; expected: number } {
  const states = share.length;
  const count = nodeCount(tree);
  const below = new Float32Array(count * states).fill(1);
  const stay = length.map((value) => Math.exp(-rate * value));
  for (let node = count - 1; node >= 0; node--) {
    const at = node * states;
    const code = isLeaf(tree, node) ? (leaves.codes[node] ?? -1) : -1;
    if (code >= 0) for (let state = 0; state < states; state++) below[at + state] = state === code ? 1 : wrong;
    scale(below, at, states);
    const above = tree.parent[node] ?? -1;
    if (above < 0) continue;
    // F81: message(i) = stay · L(i) + (1 − stay) · Σ share(j) L(j)
    let mixed = 0;
    for (let state = 0; state < states; state++) mixed += (share[state] as number) * (below[at + state] as number);
    const held = stay[node] as number;
    const into = above * states;
    for (let state = 0; state < states; state++)
      below[into + state] =
        (below[into + state] as number) * (held * (below[at + state] as number) + (1 - held) * mixed);
    if (node % 8 === 0) scale(below, into, states);
  }
  const all = new Float32Array(count * states);
  let expected = 0;
  const rest = new Float64Array(states);
  for (let node = 0; node < count; node++) {
    const at = node * states;
    const above = tree.parent[node] ?? -1;
    if (above < 0) {
      for (let state = 0; state < states; state++) all[state] = (below[state] as number) * (share[state] as number);
      total(all, 0, states);
      continue;
    }
    const held = stay[node] as number;
    let mixed = 0;
    for (let state = 0; state < states; state++) mixed += (share[state] as number) * (below[at + state] as number);
    const from = above * states;
    let sum = 0;
    for (let state = 0; state < states; state++) {
      const message = held * (below[at + state] as number) + (1 - held) * mixed;
      const value = message > 1e-30 ? (all[from + state] as number) / message : 0;
      rest[state] = value;
      sum += value;
    }
    let same = 0;
    for (let state = 0; state < states; state++) {
      const own = below[at + state] as number;
      const moved = (1 - held) * (share[state] as number) * sum * own;
      all[at + state] = held * (rest[state] as number) * own + moved;
      same +=
        held * (rest[state] as number) * own + (1 - held) * (share[state] as number) * (rest[state] as number) * own;
    }
    const whole = total(all, at, states);
    expected += whole > 0 ? Math.max(0, 1 - same / whole) : 0;
  }
  return { all, expected };
}

function scale(cells: Float32Array, at: number, states: number): void {
  let most = 0;
  for (let state = 0; state < states; state++) most = Math.max(most, cells[at + state] as number);
  if (most === 0) cells.fill(1, at, at + states);
  else for (let state = 0; state < states; state++) cells[at + state] = (cells[at + state] as number) / most;
}

function total(cells: Float32Array, at: number, states: number): number {
  let sum = 0;
  for (let state = 0; state < states; state++) sum += cells[at + state] as number;
  if (sum > 0) for (let state = 0; state < states; state++) cells[at + state] = (cells[at + state] as number) / sum;
  return sum;
}

function best(tree: Tree, all: Float32Array, states: number): Pick<Places, 'code' | 'probability' | 'moves'> {
  const count = nodeCount(tree);
  const code = new Int32Array(count);
  const probability = new Float64Array(count);
  const moves: number[] = [];
  for (let node = 0; node < count; node++) {
    for (let state = 0; state < states; state++)
      if ((all[node * states + state] ?? 0) > (probability[node] ?? 0)) {
        probability[node] = all[node * states + state] ?? 0;
        code[node] = state;
      }
    if (node > 0 && code[node] !== code[tree.parent[node] ?? 0]) moves.push(node);
  }
  return { code, probability, moves };
}
