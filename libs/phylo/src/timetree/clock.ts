import { isLeaf, nodeCount, samplesOf, type Tree } from '../tree/tree.ts';
import { middleOf, type DateRange } from './dates.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** A molecular clock: substitutions a site and year. */
export interface Clock {
  readonly rate: number;
  readonly rateError: number;
  /** Where the line meets zero: the date of the root by regression. */
  readonly rootDate: number;
  readonly r2: number;
  /** Leaves that lie further than so many interquartile distances from the line. */
  readonly outliers: readonly number[];
}

export interface ClockOptions {
  /** A rate that is known and held, with its error; without it the rate is that of the line. */
  readonly known?: { readonly rate: number; readonly sd: number };
  /** Interquartile distances; TreeTime's clock filter is 4 in the SARS-CoV-2 builds. */
  readonly filter?: number;
}

/** SARS-CoV-2, a site and year. Source: Nextstrain ncov builds. */
export const sarsCov2Clock = { rate: 8e-4, sd: 4e-4 } as const;

/** Dates by node: those of a leaf's sample, the narrowest where samples are condensed. */
export function leafDates(tree: Tree, dateOf: (sample: string) => DateRange | undefined): Map<number, DateRange> {
  const dates = new Map<number, DateRange>();
  for (let node = 0; node < nodeCount(tree); node++) {
    if (!isLeaf(tree, node)) continue;
    for (const sample of samplesOf(tree, node)) {
      const date = dateOf(sample);
      const held = dates.get(node);
      // Of samples that share a leaf the earliest tells when the genome was there.
      if (
        date &&
        (!held ||
          date.to - date.from < held.to - held.from ||
          (date.to - date.from === held.to - held.from && date.from < held.from))
      )
        dates.set(node, date);
    }
  }
  return dates;
}

/** Mutations on the branch above each node, gaps apart, the root's left out. */
export function branchCounts(tree: Tree): Int32Array {
  const counts = new Int32Array(nodeCount(tree));
  for (let node = 1; node < counts.length; node++)
    for (let at = tree.start[node] ?? 0; at < (tree.start[node + 1] ?? 0); at++) {
      const mutation = tree.mutations[at] ?? 0;
      if ((mutation & 15) !== 0 && (mutation & 0xf0) !== 0) counts[node] = (counts[node] ?? 0) + 1;
    }
  return counts;
}

/**
 * Fits root-to-tip distance against date, leaves out what lies far from the line, fits again; a rate that is known replaces that of the line.
 * Few weeks of samples carry little signal, and the line's error takes related tips for independent: give SARS-CoV-2 its 8e-4.
 * Source: TreeTime (Sagulenko, Puller, Neher 2018), clock filter; least squares over tips. Throws `treeRules.clock`.
 */
export function fitClock(tree: Tree, dates: ReadonlyMap<number, DateRange>, options: ClockOptions = {}): Clock {
  const { filter = 4, known } = options;
  const counts = branchCounts(tree);
  const depth = new Int32Array(counts.length);
  for (let node = 1; node < depth.length; node++)
    depth[node] = (depth[tree.parent[node] ?? 0] ?? 0) + (counts[node] ?? 0);
  const points = [...dates]
    .filter(([, range]) => range.to - range.from < 0.1)
    .map(([node, range]) => ({ node, date: middleOf(range), distance: depth[node] ?? 0 }));
  let kept = points;
  let line = leastSquares(kept);
  if (filter > 0 && points.length > 8) {
    const residuals = points.map(({ date, distance }) => distance - line.slope * date - line.intercept);
    const sorted = [...residuals].sort((a, b) => a - b);
    const spread = (sorted[Math.floor(sorted.length * 0.75)] ?? 0) - (sorted[Math.floor(sorted.length * 0.25)] ?? 0);
    kept = points.filter((_, at) => Math.abs(residuals[at] ?? 0) <= filter * Math.max(spread, 1));
    line = leastSquares(kept);
  }
  const sites = tree.reference.genome.length;
  const rate = known?.rate ?? line.slope / sites;
  const rateError = known?.sd ?? line.slopeError / sites;
  if (!(rate > 0)) throw new VirusProblem(treeRules.clock, { reason: 'distances do not grow with time' });
  const meanDate = kept.reduce((sum, { date }) => sum + date, 0) / kept.length;
  const meanDistance = kept.reduce((sum, { distance }) => sum + distance, 0) / kept.length;
  const inLine = new Set(kept);
  return {
    rate,
    rateError,
    rootDate: meanDate - meanDistance / (rate * sites),
    r2: line.r2,
    outliers: points.filter((point) => !inLine.has(point)).map(({ node }) => node),
  };
}

function leastSquares(points: readonly { date: number; distance: number }[]): {
  slope: number;
  intercept: number;
  slopeError: number;
  r2: number;
} {
  const count = points.length;
  if (count < 3) throw new VirusProblem(treeRules.clock, { reason: `${count} dated samples` });
  const meanX = points.reduce((sum, { date }) => sum + date, 0) / count;
  const meanY = points.reduce((sum, { distance }) => sum + distance, 0) / count;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const { date, distance } of points) {
    xx += (date - meanX) ** 2;
    xy += (date - meanX) * (distance - meanY);
    yy += (distance - meanY) ** 2;
  }
  if (xx === 0) throw new VirusProblem(treeRules.clock, { reason: 'all samples are of one day' });
  const slope = xy / xx;
  const rest = Math.max(0, yy - slope * xy);
  return {
    slope,
    intercept: meanY - slope * meanX,
    slopeError: Math.sqrt(rest / Math.max(1, count - 2) / xx),
    r2: yy === 0 ? 0 : 1 - rest / yy,
  };
}
