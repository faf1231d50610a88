import type { Calls } from '../call/nucleotides.ts';
import type { Proteins } from '../call/translate.ts';
import { isBase } from '../tree/mutation.ts';
import { differencesOf } from '../tree/states.ts';
import type { Tree } from '../tree/tree.ts';

interface Rule {
  readonly enabled?: boolean;
}

/** The `qc` object of a Nextclade data set. */
export interface QcRules {
  readonly missingData?: Rule & { readonly missingDataThreshold?: number; readonly scoreBias?: number };
  readonly mixedSites?: Rule & { readonly mixedSitesThreshold?: number };
  readonly snpClusters?: Rule & {
    readonly windowSize?: number;
    readonly clusterCutOff?: number;
    readonly scoreWeight?: number;
  };
  readonly privateMutations?: Rule & {
    readonly typical?: number;
    readonly cutoff?: number;
    readonly weightLabeledSubstitutions?: number;
    readonly weightReversionSubstitutions?: number;
    readonly weightUnlabeledSubstitutions?: number;
  };
  readonly frameShifts?: Rule & {
    readonly scoreWeight?: number;
    readonly ignoredFrameShifts?: readonly {
      readonly cdsName: string;
      readonly codonRange: { readonly begin: number; readonly end: number };
    }[];
  };
  readonly stopCodons?: Rule & {
    readonly scoreWeight?: number;
    readonly ignoredStopCodons?: readonly { readonly cdsName: string; readonly codon: number }[];
  };
}

/** What a genome has beyond its nearest node: packed substitutions by kind. */
export interface PrivateMutations {
  readonly reversions: readonly number[];
  readonly labelled: readonly number[];
  readonly unlabelled: readonly number[];
}

export type QcRule = keyof QcRules;
export type QcStatus = 'good' | 'mediocre' | 'bad';

export interface Qc {
  /** Sum of S²/100 over the rules that could be judged. */
  readonly score: number;
  readonly status: QcStatus;
  /** Each rule with what it counted; private mutations and clusters only when the nearest node is known. */
  readonly rules: readonly { readonly rule: QcRule; readonly score: number; readonly count: number }[];
}

const statusOf = (score: number): QcStatus => (score < 30 ? 'good' : score < 100 ? 'mediocre' : 'bad');

/** Judges a genome by the published rules. Source: Nextclade 3, “Quality control”. */
export function judge(calls: Calls, proteins: Proteins, rules: QcRules, own?: PrivateMutations): Qc {
  const found: { rule: QcRule; score: number; count: number }[] = [];
  const add = (rule: QcRule, count: number, score: (rules: never) => number): void => {
    const told = rules[rule];
    if (told && told.enabled !== false) found.push({ rule, count, score: Math.max(0, score(told as never)) });
  };
  let missing = 0;
  for (let at = 0; at < calls.missing.length; at += 2)
    missing += (calls.missing[at + 1] as number) - (calls.missing[at] as number);
  add(
    'missingData',
    missing,
    ({ scoreBias = 300, missingDataThreshold = 2700 }: NonNullable<QcRules['missingData']>) =>
      ((missing - scoreBias) * 100) / missingDataThreshold,
  );
  const mixed = calls.ambiguous.length;
  add(
    'mixedSites',
    mixed,
    ({ mixedSitesThreshold = 10 }: NonNullable<QcRules['mixedSites']>) => (mixed * 100) / mixedSitesThreshold,
  );
  if (own) addPrivate(own, rules, add);

  const shifts = proteins.frameShifts.filter(
    ({ cds, codons: [from, to] }) =>
      !rules.frameShifts?.ignoredFrameShifts?.some(
        ({ cdsName, codonRange: { begin, end } }) => cdsName === cds && begin === from && end === to,
      ),
  );
  add(
    'frameShifts',
    shifts.length,
    ({ scoreWeight = 75 }: NonNullable<QcRules['frameShifts']>) => shifts.length * scoreWeight,
  );
  const stops = proteins.stops.filter(
    ({ cds, codon }) =>
      !rules.stopCodons?.ignoredStopCodons?.some((ignored) => ignored.cdsName === cds && ignored.codon === codon),
  );
  add(
    'stopCodons',
    stops.length,
    ({ scoreWeight = 75 }: NonNullable<QcRules['stopCodons']>) => stops.length * scoreWeight,
  );
  const score = found.reduce((sum, rule) => sum + (rule.score * rule.score) / 100, 0);
  return { score, status: statusOf(score), rules: found };
}

function addPrivate(
  own: PrivateMutations,
  rules: QcRules,
  add: (rule: QcRule, count: number, score: (rules: never) => number) => void,
): void {
  const all = [...own.reversions, ...own.labelled, ...own.unlabelled].map((one) => one >>> 8).sort((a, b) => a - b);
  add('privateMutations', all.length, (told: NonNullable<QcRules['privateMutations']>) => {
    const {
      typical = 8,
      cutoff = 24,
      weightLabeledSubstitutions: labelled = 4,
      weightReversionSubstitutions: reversion = 6,
      weightUnlabeledSubstitutions: unlabelled = 1,
    } = told;
    const weighted =
      reversion * own.reversions.length + labelled * own.labelled.length + unlabelled * own.unlabelled.length;
    return ((weighted - typical) * 100) / cutoff;
  });
  const { windowSize = 100, clusterCutOff = 6, scoreWeight = 50 } = rules.snpClusters ?? {};
  const clusters = clustersIn(all, windowSize, clusterCutOff);
  add('snpClusters', clusters, () => clusters * scoreWeight);
}

/** How many separate groups there are with more than `most` positions within a window. */
export function clustersIn(positions: readonly number[], window: number, most: number): number {
  let clusters = 0;
  let end = -1;
  for (let at = most; at < positions.length; at++) {
    const first = positions[at - most] as number;
    const last = positions[at] as number;
    if (last - first >= window) continue;
    if (first > end) clusters++;
    end = last;
  }
  return clusters;
}

/**
 * What sets a genome apart from a node of the tree. A reversion is a base of the reference where the node has changed; a label names the
 * clades that a mutation (`241T`) is typical of.
 */
export function privateMutations(
  calls: Calls,
  tree: Tree,
  node: number,
  labels: ReadonlySet<string> = new Set(),
): PrivateMutations {
  const reference = tree.reference.genome;
  const above = differencesOf(tree, node);
  const changed = new Map<number, number>();
  for (const mutation of calls.substitutions) changed.set(mutation >>> 8, mutation);
  const open = new Uint8Array(reference.length);
  open.fill(1, 0, calls.start);
  open.fill(1, calls.end);
  for (const pairs of [calls.missing, calls.deletions])
    for (let at = 0; at < pairs.length; at += 2) open.fill(1, pairs[at], pairs[at + 1]);
  for (const mutation of calls.ambiguous) open[mutation >>> 8] = 1;
  const found = { reversions: [] as number[], labelled: [] as number[], unlabelled: [] as number[] };
  const sites = Int32Array.from(new Set([...above.keys(), ...changed.keys()])).sort();
  for (const at of sites) {
    const base = reference[at] as number;
    const before = above.get(at) ?? base;
    const mutation = changed.get(at);
    const after = mutation === undefined ? base : mutation & 15;
    if (open[at] === 1 || before === after || !isBase(before)) continue;
    const own = ((at << 8) | (before << 4) | after) >>> 0;
    if (after === base) found.reversions.push(own);
    else found[labels.has(`${at + 1}${'-AC.G...T'.charAt(after)}`) ? 'labelled' : 'unlabelled'].push(own);
  }
  return found;
}
