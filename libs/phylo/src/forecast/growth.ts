import type { CountTable, Design } from './counts.ts';
import { cholesky, multiply, solve } from './linear.ts';

/** Days of a unit of time in the model: slopes are per week. */
export const unitDays = 7;

/** Standard deviations of the priors: of a lineage's level and slope (a week), and of how a place differs from all. */
export interface Priors {
  readonly level: number;
  readonly slope: number;
  readonly placeLevel: number;
  readonly placeSlope: number;
  /** Days after which a count says half as much: growth does not stay the same for ever. */
  readonly halfLife: number;
}

export const defaultPriors: Priors = { level: 6, slope: 0.5, placeLevel: 1.5, placeSlope: 0.1, halfLife: 60 };

/** A fitted model: the most probable parameters and the curvature there (Laplace). */
export interface Growth {
  readonly design: Design;
  readonly priors: Priors;
  /** Level and slope of each lineage over all places: 2V numbers, levels first. */
  readonly common: Float64Array;
  /** How each place differs from it. */
  readonly local: readonly Float64Array[];
  /** Factors of the curvature: of the common part with the places taken out, and of each place. */
  readonly commonFactor: Float64Array;
  readonly localFactors: readonly Float64Array[];
  /** Curvature of the likelihood at each place. */
  readonly curvature: readonly Float64Array[];
  /** How far two genomes of one place and day are alike beyond chance (intraclass correlation of a Dirichlet multinomial). */
  readonly overdispersion: number;
  readonly rounds: number;
}

const mostRounds = 60;
const enough = 1e-7;

/**
 * Hierarchical multinomial logistic regression: the logarithm of a lineage's share changes by a straight line in time, at each place a little differently
 * from all places together. The most probable parameters are found by Newton's method on the arrow-shaped curvature (places hang together through the common
 * part only), first over plain counts, then with counts of crowded days weighed down by the overdispersion that was left. Nothing is drawn at random.
 * Sources: Figgins and Bedford 2022 (evofr), Abousamra, Figgins and Bedford 2024; McCullagh and Nelder 1989, overdispersion.
 */
export function fitGrowth(table: CountTable, given: Partial<Priors> = {}): Growth {
  const priors = { ...defaultPriors, ...given };
  const first = climb(table, priors, 0, undefined);
  const overdispersion = spreadOf(table, first);
  const last = climb(table, priors, overdispersion, first);
  return { ...last, overdispersion, rounds: first.rounds + last.rounds };
}

type Fitted = Omit<Growth, 'overdispersion'>;

function climb(table: CountTable, priors: Priors, overdispersion: number, start: Fitted | undefined): Fitted {
  const { places, lineages } = table.design;
  const size = 2 * lineages.length;
  let common = start?.common ?? new Float64Array(size);
  let local = start?.local ?? places.map(() => new Float64Array(size));
  let here = likelihoodAt(table, common, local, overdispersion, priors.halfLife);
  let value = here.value - penalty(common, local, priors);
  for (let round = 1; ; round++) {
    const step = stepAt(here, common, local, priors, size);
    const most = Math.max(...step.common.map(Math.abs), ...step.local.map((one) => Math.max(...one.map(Math.abs))));
    if (most < enough || round >= mostRounds)
      return {
        design: table.design,
        priors,
        common,
        local,
        commonFactor: step.commonFactor,
        localFactors: step.localFactors,
        curvature: here.curvature,
        rounds: round,
      };
    for (let share = 1; ; share /= 2) {
      const nextCommon = common.map((one, at) => one + share * (step.common[at] as number));
      const nextLocal = local.map((one, p) => one.map((held, at) => held + share * (step.local[p]?.[at] as number)));
      const next = likelihoodAt(table, nextCommon, nextLocal, overdispersion, priors.halfLife);
      const reached = next.value - penalty(nextCommon, nextLocal, priors);
      if (reached < value - 1e-6 * Math.abs(value) && share > 1e-4) continue;
      [common, local, here, value] = [nextCommon, nextLocal, next, reached];
      break;
    }
  }
}

interface Likelihood {
  readonly value: number;
  readonly slope: readonly Float64Array[];
  readonly curvature: readonly Float64Array[];
}

/** Logarithm of the likelihood with its gradient and curvature a place. */
function likelihoodAt(
  { design, counts }: CountTable,
  common: Float64Array,
  local: readonly Float64Array[],
  overdispersion: number,
  halfLife: number,
): Likelihood {
  const lineages = design.lineages.length;
  const size = 2 * lineages;
  const days = design.to - design.from + 1;
  const share = new Float64Array(lineages);
  const slope: Float64Array[] = [];
  const curvature: Float64Array[] = [];
  let value = 0;
  for (let place = 0; place < design.places.length; place++) {
    const pull = new Float64Array(size);
    const bend = new Float64Array(size * size);
    const own = local[place] as Float64Array;
    for (let day = 0; day < days; day++) {
      const row = (place * days + day) * lineages;
      let total = 0;
      for (let v = 0; v < lineages; v++) total += counts[row + v] as number;
      if (total === 0) continue;
      const time = timeOf(design, design.from + day);
      const logTotal = sharesInto(share, common, own, time);
      const weight = 0.5 ** ((days - 1 - day) / halfLife) / (1 + (total - 1) * overdispersion);
      for (let v = 0; v < lineages; v++) {
        const count = counts[row + v] as number;
        const p = share[v] as number;
        if (count > 0) value += weight * count * (logitOf(common, own, v, lineages, time) - logTotal);
        const rest = weight * (count - total * p);
        pull[v] = (pull[v] as number) + rest;
        pull[lineages + v] = (pull[lineages + v] as number) + rest * time;
        for (let u = 0; u <= v; u++) {
          const part = weight * total * ((u === v ? p : 0) - p * (share[u] as number));
          const [a, b, c] = [v * size + u, (lineages + v) * size + u, (lineages + v) * size + lineages + u];
          bend[a] = (bend[a] as number) + part;
          bend[b] = (bend[b] as number) + part * time;
          bend[c] = (bend[c] as number) + part * time * time;
        }
      }
    }
    slope.push(pull);
    curvature.push(mirrored(bend, lineages));
  }
  return { value, slope, curvature };
}

/** Fills what follows by symmetry: of the three blocks (level, cross, slope) only the lower triangles were added up. */
function mirrored(bend: Float64Array, lineages: number): Float64Array {
  const size = 2 * lineages;
  for (let v = 0; v < lineages; v++)
    for (let u = 0; u <= v; u++) {
      const cross = bend[(lineages + v) * size + u] as number;
      bend[(lineages + u) * size + v] = cross;
      bend[u * size + lineages + v] = cross;
      bend[v * size + lineages + u] = cross;
      bend[u * size + v] = bend[v * size + u] as number;
      bend[(lineages + u) * size + lineages + v] = bend[(lineages + v) * size + lineages + u] as number;
    }
  return bend;
}

const precision = (sd: number): number => 1 / (sd * sd);

function penalty(common: Float64Array, local: readonly Float64Array[], priors: Priors): number {
  const half = common.length / 2;
  let sum = 0;
  for (let at = 0; at < common.length; at++) {
    sum += (common[at] as number) ** 2 * precision(at < half ? priors.level : priors.slope);
    for (const one of local)
      sum += (one[at] as number) ** 2 * precision(at < half ? priors.placeLevel : priors.placeSlope);
  }
  return sum / 2;
}

/** One step of Newton: the places are solved for the common part, which is solved by what is left of it (Schur complement). */
function stepAt(
  { slope, curvature }: Likelihood,
  common: Float64Array,
  local: readonly Float64Array[],
  priors: Priors,
  size: number,
): { common: Float64Array; local: Float64Array[]; commonFactor: Float64Array; localFactors: Float64Array[] } {
  const half = size / 2;
  const placePrecision = (at: number): number => precision(at < half ? priors.placeLevel : priors.placeSlope);
  const left = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    const own = precision(at < half ? priors.level : priors.slope);
    left[at * size + at] = own;
    right[at] = -own * (common[at] as number);
  }
  const localFactors = curvature.map((matrix) => {
    const full = matrix.slice();
    for (let at = 0; at < size; at++) full[at * size + at] = (full[at * size + at] as number) + placePrecision(at);
    return cholesky(full, size);
  });
  const pulls = slope.map((one, p) => one.map((value, at) => value - placePrecision(at) * (local[p]?.[at] as number)));
  for (const [p, factor] of localFactors.entries()) {
    // H − H (H + Λ)⁻¹ H = Λ − Λ (H + Λ)⁻¹ Λ, column by column.
    for (let column = 0; column < size; column++) {
      const unit = new Float64Array(size);
      unit[column] = placePrecision(column);
      const solved = solve(factor, size, unit);
      for (let row = 0; row < size; row++)
        left[row * size + column] =
          (left[row * size + column] as number) +
          (row === column ? placePrecision(row) : 0) -
          placePrecision(row) * (solved[row] as number);
    }
    const reached = multiply(curvature[p] as Float64Array, size, solve(factor, size, pulls[p] as Float64Array));
    for (let at = 0; at < size; at++)
      right[at] = (right[at] as number) + (slope[p]?.[at] as number) - (reached[at] as number);
  }
  const commonFactor = cholesky(left, size);
  const commonStep = solve(commonFactor, size, right);
  const localStep = localFactors.map((factor, p) => {
    const carried = multiply(curvature[p] as Float64Array, size, commonStep);
    return solve(
      factor,
      size,
      (pulls[p] as Float64Array).map((value, at) => value - (carried[at] as number)),
    );
  });
  return { common: commonStep, local: localStep, commonFactor, localFactors };
}

/** Time of a day in weeks from the end of the design, so that levels are those of today. */
export const timeOf = (design: Design, day: number): number => (day - design.to) / unitDays;

const logitOf = (common: Float64Array, local: Float64Array, v: number, lineages: number, time: number): number =>
  (common[v] as number) +
  (local[v] as number) +
  ((common[lineages + v] as number) + (local[lineages + v] as number)) * time;

/** Writes the shares at a time and gives the logarithm of the sum that they were divided by. */
export function sharesInto(share: Float64Array, common: Float64Array, local: Float64Array, time: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < share.length; v++) {
    share[v] = logitOf(common, local, v, share.length, time);
    most = Math.max(most, share[v] as number);
  }
  let total = 0;
  for (let v = 0; v < share.length; v++) {
    share[v] = Math.exp((share[v] as number) - most);
    total += share[v] as number;
  }
  for (let v = 0; v < share.length; v++) share[v] = (share[v] as number) / total;
  return most + Math.log(total);
}

/** Moments: Pearson's chi-squared of a day with N genomes is (V − 1)(1 + (N − 1)ρ) on average; weighed by the half-life as the fit is. */
function spreadOf({ design, counts }: CountTable, fitted: Fitted): number {
  const lineages = design.lineages.length;
  const days = design.to - design.from + 1;
  const share = new Float64Array(lineages);
  let excess = 0;
  let room = 0;
  for (let place = 0; place < design.places.length; place++)
    for (let day = 0; day < days; day++) {
      const row = (place * days + day) * lineages;
      let total = 0;
      for (let v = 0; v < lineages; v++) total += counts[row + v] as number;
      if (total < 2) continue;
      sharesInto(share, fitted.common, fitted.local[place] as Float64Array, timeOf(design, design.from + day));
      const weight = 0.5 ** ((days - 1 - day) / fitted.priors.halfLife);
      for (let v = 0; v < lineages; v++) {
        const p = share[v] as number;
        const expected = total * p;
        // Σ (o − e)² against Σ e (1 − p) instead of the quotient, so that a rare lineage does not decide alone.
        excess += (weight * (((counts[row + v] as number) - expected) ** 2 - expected * (1 - p))) / total;
        room += (weight * (expected * (1 - p) * (total - 1))) / total;
      }
    }
  return room > 0 ? Math.min(0.5, Math.max(0, excess / room)) : 0;
}
