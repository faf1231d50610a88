import type { Cds } from '../call/annotation.ts';
import { aminoAcidOf } from '../call/translate.ts';
import { afterOf, beforeOf, isBase, positionOf } from '../tree/mutation.ts';
import { nodeCount, type Tree } from '../tree/tree.ts';

/** How often an amino acid changed to another on the branches of a tree, and how often it would have without selection. */
export interface Fitness {
  readonly cds: string;
  /** 0-based. */
  readonly codon: number;
  readonly from: string;
  readonly to: string;
  readonly observed: number;
  readonly expected: number;
  /** ln((observed + ½) / (expected + ½)): below 0 what selection removes, above what it favours. */
  readonly effect: number;
  /** How often it is to be expected in as much evolution again, expected · exp(effect): what is likely next stands first by it. */
  readonly next: number;
}

export interface FitnessOptions {
  /** Branches that are counted, by the node below; for holding out. */
  readonly among?: (node: number) => boolean;
  /**
   * Most mutations of a branch that is counted: what comes in one stroke came by recombination or from elsewhere, and is no sign of one mutation after
   * another. Default four times what 95 % of the branches have at most.
   */
  readonly longest?: number;
  /** Added to both counts, so that rare changes say little. Default 0.5. */
  readonly pseudo?: number;
}

/** Order of the twelve changes of a base. */
const kindOf = (before: number, after: number): number => (31 - Math.clz32(before)) * 4 + (31 - Math.clz32(after));

/**
 * The effect of each amino-acid change that one base can make in the reference, from how often it came about independently on the tree against how often the
 * same change of a base did at sites where it changes no amino acid. A change twice on one path counts twice, a lineage with many samples once.
 * Source: Bloom and Neher 2023, “Fitness effects of mutations to SARS-CoV-2 proteins”.
 */
export function mutationFitness(tree: Tree, annotation: readonly Cds[], options: FitnessOptions = {}): Fitness[] {
  const { pseudo = 0.5 } = options;
  const { genome } = tree.reference;
  const longest = options.longest ?? usualLength(tree);
  const { among } = options;
  const seen = countChanges(tree, (node) => lengthOf(tree, node) <= longest && among?.(node) !== false);
  const rate = neutralRates(genome, annotation, seen);
  const found: Fitness[] = [];
  for (const { name, positions, reverse } of annotation) {
    const baseAt = (at: number): number => {
      const set = genome[positions[at] as number] as number;
      return reverse ? paired(set) : set;
    };
    for (let codon = 0; codon < positions.length / 3; codon++) {
      const bases = [baseAt(3 * codon), baseAt(3 * codon + 1), baseAt(3 * codon + 2)] as const;
      const from = aminoAcidOf(...bases);
      const byAcid = new Map<string, { observed: number; expected: number }>();
      for (let step = 0; step < 3; step++)
        for (const base of [1, 2, 4, 8]) {
          if (base === bases[step] || !isBase(bases[step] as number)) continue;
          const [a, b, c] = bases.map((held, at) => (at === step ? base : held));
          const to = aminoAcidOf(a ?? 15, b ?? 15, c ?? 15);
          if (to === from) continue;
          const position = positions[3 * codon + step] as number;
          const kind = kindOf(genome[position] as number, reverse ? paired(base) : base);
          const held = byAcid.get(to) ?? { observed: 0, expected: 0 };
          held.observed += seen[position * 16 + kind] as number;
          held.expected += rate[kind] as number;
          byAcid.set(to, held);
        }
      for (const [to, { observed, expected }] of byAcid)
        found.push({
          cds: name,
          codon,
          from,
          to,
          observed,
          expected,
          effect: Math.log((observed + pseudo) / (expected + pseudo)),
          next: (expected * (observed + pseudo)) / (expected + pseudo),
        });
    }
  }
  return found;
}

const paired = (set: number): number => ((set & 1) << 3) | ((set & 8) >> 3) | ((set & 2) << 1) | ((set & 4) >> 1);

const lengthOf = (tree: Tree, node: number): number => (tree.start[node + 1] as number) - (tree.start[node] as number);

function usualLength(tree: Tree): number {
  const lengths = Int32Array.from({ length: nodeCount(tree) - 1 }, (_, at) => lengthOf(tree, at + 1)).sort();
  return 4 * Math.max(1, lengths[Math.floor(0.95 * lengths.length)] ?? 1);
}

/** How often each base changed to each other one, by position; changes from another base than the reference's are left out. */
function countChanges(tree: Tree, among: (node: number) => boolean): Float64Array {
  const seen = new Float64Array(tree.reference.genome.length * 16);
  for (let node = 1; node < nodeCount(tree); node++) {
    if (!among(node)) continue;
    for (let at = tree.start[node] as number; at < (tree.start[node + 1] as number); at++) {
      const mutation = tree.mutations[at] as number;
      const [position, before, after] = [positionOf(mutation), beforeOf(mutation), afterOf(mutation)];
      if (!isBase(before) || !isBase(after) || tree.reference.genome[position] !== before) continue;
      const slot = position * 16 + kindOf(before, after);
      seen[slot] = (seen[slot] as number) + 1;
    }
  }
  return seen;
}

/** Changes of each kind a site where all three give the same amino acid (fourfold degenerate). */
function neutralRates(genome: Uint8Array, annotation: readonly Cds[], seen: Float64Array): Float64Array {
  const sites = new Float64Array(16);
  const changes = new Float64Array(16);
  const taken = new Uint8Array(genome.length);
  for (const { positions } of annotation)
    for (const position of positions) taken[position] = Math.min(2, (taken[position] as number) + 1);
  for (const { positions, reverse } of annotation)
    for (let at = 2; at < positions.length; at += 3) {
      const position = positions[at] as number;
      const before = genome[position] as number;
      const own = (index: number): number => {
        const set = genome[positions[index] as number] as number;
        return reverse ? paired(set) : set;
      };
      const acids = new Set([1, 2, 4, 8].map((base) => aminoAcidOf(own(at - 2), own(at - 1), base)));
      if (acids.size !== 1 || acids.has('X') || taken[position] !== 1 || !isBase(before)) continue;
      for (const after of [1, 2, 4, 8]) {
        if (after === before) continue;
        const kind = kindOf(before, after);
        sites[kind] = (sites[kind] as number) + 1;
        changes[kind] = (changes[kind] as number) + (seen[position * 16 + kind] as number);
      }
    }
  return changes.map((count, kind) => ((sites[kind] as number) > 0 ? count / (sites[kind] as number) : 0));
}

/** Chance that of one that happened and one that did not, the first has the higher value (area under the curve; ties count half). */
export function ranksAbove(values: readonly number[], happened: readonly boolean[]): number {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] as number) - (values[b] as number));
  let sum = 0;
  let yes = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let at = from; at < to; at++)
      if (happened[order[at] as number]) {
        sum += (from + to + 1) / 2;
        yes++;
      }
    from = to;
  }
  const no = values.length - yes;
  return yes === 0 || no === 0 ? Number.NaN : (sum - (yes * (yes + 1)) / 2) / (yes * no);
}
