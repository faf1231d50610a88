import { random, type Random } from '@geneward/formats';
import type { CountRow, Design } from './counts.ts';
import type { Forecaster } from './forecast.ts';
import { gammaFrom } from './naive.ts';

/** What turned out at a place on a day: counts by lineage of the design. */
export interface Outcome {
  readonly place: number;
  readonly day: number;
  readonly counts: Float64Array;
}

/** Means over places and days of one round. */
export interface Score {
  readonly outcomes: number;
  readonly genomes: number;
  readonly brier: number;
  readonly energy: number;
  /** Share of counts inside of the middle 50, 80 and 95 %; a count that lies on a limit is inside by the part that it should be. */
  readonly cover50: number;
  readonly cover80: number;
  readonly cover95: number;
}

export interface OutcomeOptions {
  /** First and last day that are scored. */
  readonly from: number;
  readonly to: number;
  /** Whether anything was known of a place and day when the forecast was made; such are not scored. */
  readonly known: (place: string, day: number) => boolean;
  /** What lineages that the design has not are counted as; they are left out without. */
  readonly other?: string;
}

/** Rows of the truth as outcomes of a design. */
export function outcomesOf(rows: readonly CountRow[], design: Design, options: OutcomeOptions): Outcome[] {
  const placeAt = new Map(design.places.map((place, at) => [place, at]));
  const lineageAt = new Map(design.lineages.map((lineage, at) => [lineage, at]));
  const other = options.other === undefined ? undefined : lineageAt.get(options.other);
  const found = new Map<string, Outcome>();
  for (const { place, day, lineage, count } of rows) {
    const p = placeAt.get(place);
    const v = lineageAt.get(lineage) ?? other;
    if (p === undefined || v === undefined || day < options.from || day > options.to || options.known(place, day))
      continue;
    const key = `${p} ${day}`;
    let one = found.get(key);
    if (!one) found.set(key, (one = { place: p, day, counts: new Float64Array(design.lineages.length) }));
    one.counts[v] = (one.counts[v] as number) + count;
  }
  return [...found.values()]
    .filter(({ counts }) => counts.some((count) => count > 0))
    .sort((a, b) => a.place - b.place || a.day - b.day);
}

/**
 * Scores a forecast by what turned out. Brier: 0.5/N Σ [o(p−1)² + (N−o)p²] of the mean shares. Energy: mean distance of drawn counts to those that
 * came, less half their mean distance from one another, one draw of counts for each draw of shares, a genome. Coverage: of drawn counts.
 * Source: variant-nowcast-hub, “Model evaluation”; Gneiting and Raftery 2007.
 */
export function scoreOf(forecast: Forecaster, outcomes: readonly Outcome[], seed = 3): Score {
  const lineages = forecast.design.lineages.length;
  const numbers = random(seed);
  const sums = { genomes: 0, brier: 0, energy: 0, cover50: 0, cover80: 0, cover95: 0 };
  for (const { place, day, counts } of outcomes) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const { draws, shares } = forecast.at(place, day);
    const drawn = new Float64Array(draws * lineages);
    for (let draw = 0; draw < draws; draw++)
      drawCounts(
        shares.subarray(draw * lineages, (draw + 1) * lineages),
        total,
        forecast.overdispersion,
        numbers,
        drawn,
        draw * lineages,
      );
    let brier = 0;
    for (let v = 0; v < lineages; v++) {
      let mean = 0;
      for (let draw = 0; draw < draws; draw++) mean += (shares[draw * lineages + v] as number) / draws;
      const count = counts[v] as number;
      brier += count * (mean - 1) ** 2 + (total - count) * mean * mean;
    }
    sums.genomes += total;
    sums.brier += (0.5 * brier) / total;
    sums.energy += energyOf(drawn, draws, counts) / total;
    for (let v = 0; v < lineages; v++) {
      const [low, high] = rankOf(drawn, draws, lineages, v, counts[v] as number);
      sums.cover50 += inside(low, high, 0.5) / lineages;
      sums.cover80 += inside(low, high, 0.8) / lineages;
      sums.cover95 += inside(low, high, 0.95) / lineages;
    }
  }
  const count = Math.max(1, outcomes.length);
  return {
    outcomes: outcomes.length,
    genomes: sums.genomes,
    brier: sums.brier / count,
    energy: sums.energy / count,
    cover50: sums.cover50 / count,
    cover80: sums.cover80 / count,
    cover95: sums.cover95 / count,
  };
}

/** Counts of one day: multinomial, or Dirichlet multinomial where genomes of a day are alike. */
function drawCounts(
  share: Float64Array,
  total: number,
  overdispersion: number,
  numbers: Random,
  into: Float64Array,
  at: number,
): void {
  let held: Float64Array = share;
  if (overdispersion > 0 && total > 1) {
    const strength = 1 / overdispersion - 1;
    held = share.map((p) => gammaFrom(Math.max(1e-6, p * strength), numbers));
    const sum = held.reduce((a, b) => a + b, 0);
    held = sum > 0 ? held.map((value) => value / sum) : share;
  }
  let left = total;
  let rest = 1;
  for (let v = 0; v < share.length && left > 0; v++) {
    const p = rest <= 0 || v === share.length - 1 ? 1 : Math.min(1, (held[v] as number) / rest);
    const count = binomialFrom(left, p, numbers);
    into[at + v] = count;
    left -= count;
    rest -= held[v] as number;
  }
}

/** Draws below a hundred one by one, above by the normal approximation. */
function binomialFrom(total: number, p: number, numbers: Random): number {
  if (p <= 0) return 0;
  if (p >= 1) return total;
  if (total <= 100 || total * Math.min(p, 1 - p) < 10) {
    // Gaps between successes are geometric: the work is that of the successes.
    const small = Math.min(p, 1 - p);
    let count = 0;
    for (let at = -1; ; count++) {
      at += 1 + Math.floor(Math.log(1 - numbers.next()) / Math.log1p(-small));
      if (at >= total) break;
    }
    return p <= 0.5 ? count : total - count;
  }
  const radius = Math.sqrt(-2 * Math.log(1 - numbers.next())) * Math.cos(2 * Math.PI * numbers.next());
  return Math.min(total, Math.max(0, Math.round(total * p + radius * Math.sqrt(total * p * (1 - p)))));
}

function energyOf(drawn: Float64Array, draws: number, counts: Float64Array): number {
  const lineages = counts.length;
  let toTruth = 0;
  let apart = 0;
  for (let a = 0; a < draws; a++) {
    let sum = 0;
    for (let v = 0; v < lineages; v++) sum += ((drawn[a * lineages + v] as number) - (counts[v] as number)) ** 2;
    toTruth += Math.sqrt(sum);
    for (let b = a + 1; b < draws; b++) {
      let between = 0;
      for (let v = 0; v < lineages; v++)
        between += ((drawn[a * lineages + v] as number) - (drawn[b * lineages + v] as number)) ** 2;
      apart += Math.sqrt(between);
    }
  }
  return toTruth / draws - apart / (draws * (draws - 1));
}

/** Shares of the draws below a count, and up to it. */
function rankOf(drawn: Float64Array, draws: number, lineages: number, v: number, count: number): [number, number] {
  let below = 0;
  let equal = 0;
  for (let draw = 0; draw < draws; draw++) {
    const value = drawn[draw * lineages + v] as number;
    if (value < count) below++;
    else if (value === count) equal++;
  }
  // The truth is one more draw: that keeps a hundred draws from being too narrow.
  return [below / (draws + 1), (below + equal + 1) / (draws + 1)];
}

/** By how much of its probability a count lies in the middle. */
function inside(low: number, high: number, level: number): number {
  const [from, to] = [(1 - level) / 2, (1 + level) / 2];
  return Math.max(0, Math.min(high, to) - Math.max(low, from)) / (high - low);
}

/** The mean of paired differences with the middle 95 % of a bootstrap over rounds. */
export interface Paired {
  readonly mean: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Differences of one score less another, round by round. Source: Efron 1979; rounds are drawn as they are. */
export function paired(differences: readonly number[], { draws = 2000, seed = 4 } = {}): Paired {
  const numbers = random(seed);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = Float64Array.from({ length: draws }, () =>
    mean(differences.map(() => differences[numbers.below(differences.length)] as number)),
  ).sort();
  const sorted = Float64Array.from(differences).sort();
  const half = sorted.length / 2;
  return {
    mean: mean(differences),
    median: ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2,
    low: means[Math.floor(draws * 0.025)] as number,
    high: means[Math.ceil(draws * 0.975) - 1] as number,
  };
}
