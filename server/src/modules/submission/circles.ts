/** A directed edge between two objects. */
interface Edge {
  readonly from: string;
  readonly to: string;
}

/**
 * Circles in a directed graph, each told once where a depth-first search (Tarjan 1972, with an explicit stack) enters it. Each is
 * the path of its nodes, ending with the one that it began with.
 */
export function circlesOf(edges: readonly Edge[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = next.get(from);
    if (known) known.push(to);
    else next.set(from, [to]);
  }
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[][] = [];
  for (const start of next.keys()) {
    if (state.has(start)) continue;
    const path = [{ node: start, waiting: [...(next.get(start) ?? [])] }];
    state.set(start, 'open');
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const step = top.waiting.pop();
      if (step === undefined) {
        state.set(top.node, 'done');
        path.pop();
      } else if (state.get(step) === 'open') {
        const entry = path.findIndex(({ node }) => node === step);
        circles.push([...path.slice(entry).map(({ node }) => node), step]);
      } else if (!state.has(step)) {
        state.set(step, 'open');
        path.push({ node: step, waiting: [...(next.get(step) ?? [])] });
      }
    }
  }
  return circles;
}
