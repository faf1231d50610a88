/** How long each question took, in milliseconds, in the order of asking. */
export interface Timing {
  readonly kind: string;
  readonly ms: number;
}

export const quantile = (timings: readonly Timing[], q: number): number => {
  const sorted = timings.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0) * 100) / 100;
};

/** A table of p50 and p95 for each kind of question, of two parties side by side. */
export function printKinds(ours: readonly Timing[], peer: readonly Timing[], peerName: string): void {
  console.log(
    `${'question'.padEnd(22)}${'Geneward p50'.padStart(14)}${'p95'.padStart(10)}${`${peerName} p50`.padStart(18)}${'p95'.padStart(10)}   ms`,
  );
  for (const kind of new Set(ours.map((timing) => timing.kind))) {
    const [a, b] = [ours, peer].map((all) => all.filter((timing) => timing.kind === kind));
    const cells = [quantile(a ?? [], 0.5), quantile(a ?? [], 0.95), quantile(b ?? [], 0.5), quantile(b ?? [], 0.95)];
    console.log(kind.padEnd(22) + cells.map((cell, i) => cell.toFixed(1).padStart([14, 10, 18, 10][i] ?? 10)).join(''));
  }
}

/** Asks all questions through a number of readers at once, each taking the next one when it has its answer. */
export async function throughReaders<Q extends { readonly kind: string }>(
  readers: readonly ((question: Q) => Promise<unknown>)[],
  questions: readonly Q[],
): Promise<Timing[]> {
  const timings: Timing[] = [];
  let next = 0;
  await Promise.all(
    readers.map(async (read) => {
      for (let question = questions[next++]; question; question = questions[next++]) {
        const began = performance.now();
        await read(question);
        timings.push({ kind: question.kind, ms: performance.now() - began });
      }
    }),
  );
  return timings;
}
