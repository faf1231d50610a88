import { random, type Random } from '@geneward/formats';
import { dateOfDay, type Design } from './counts.ts';
import { sharesInto, timeOf, unitDays, type Growth } from './growth.ts';
import { backward, forward, multiply, solve } from './linear.ts';

/** Shares that a day may turn out to have: draw after draw, lineage after lineage. */
export interface Draws {
  readonly draws: number;
  readonly shares: Float64Array;
}

/** A way to tell shares at a place and day, whichever model it is by. */
export interface Forecaster {
  readonly design: Design;
  /** Intraclass correlation of the genomes of one day: what counts vary by beyond shares. */
  readonly overdispersion: number;
  at(place: number, day: number): Draws;
}

export interface DrawOptions {
  /** Default 100. */
  readonly draws?: number;
  /** Where the numbers start; the same seed gives the same draws. */
  readonly seed?: number;
  /** Standard deviation a square root of a week by which a lineage's logarithm leaves its line beyond the last day. */
  readonly drift?: number;
}

/** Two independent standard normal numbers (Box and Muller 1958). */
export function normalFrom(numbers: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - numbers.next()));
  return radius * Math.cos(2 * Math.PI * numbers.next());
}

/** Draws of the parameters by the curvature at the most probable ones (Laplace), the common part first and each place given it. */
export function forecaster(growth: Growth, { draws = 100, seed = 1, drift = 0.15 }: DrawOptions = {}): Forecaster {
  const { design, common, local, commonFactor, localFactors, curvature } = growth;
  const size = common.length;
  const lineages = design.lineages.length;
  const numbers = random(seed);
  const normal = (): Float64Array => Float64Array.from({ length: size }, () => normalFrom(numbers));
  const commons = Array.from({ length: draws }, () => backward(commonFactor, size, normal()));
  const locals = localFactors.map((factor, place) =>
    commons.map((moved) => {
      // Given the common part, a place is around −(H + Λ)⁻¹ H δ.
      const pulled = solve(factor, size, multiply(curvature[place] as Float64Array, size, moved));
      const own = backward(factor, size, normal());
      return own.map((value, at) => value - (pulled[at] as number) + (local[place]?.[at] as number));
    }),
  );
  const whole = commons.map((moved) => moved.map((value, at) => value + (common[at] as number)));
  const wander = Array.from({ length: draws }, () =>
    Float64Array.from({ length: lineages }, () => normalFrom(numbers)),
  );
  const share = new Float64Array(lineages);
  return {
    design,
    overdispersion: growth.overdispersion,
    at(place, day) {
      const time = timeOf(design, day);
      const shares = new Float64Array(draws * lineages);
      const away = drift * Math.sqrt(Math.max(0, time));
      for (let draw = 0; draw < draws; draw++) {
        const own = locals[place]?.[draw]?.slice() ?? new Float64Array(size);
        for (let v = 0; v < lineages; v++) own[v] = (own[v] as number) + away * (wander[draw]?.[v] as number);
        sharesInto(share, whole[draw] as Float64Array, own, time);
        shares.set(share, draw * lineages);
      }
      return { draws, shares };
    },
  };
}

/** A lineage's advantage over another: by what factor its share against it grows a generation. */
export interface Advantage {
  readonly lineage: string;
  /** A place, or undefined for all together. */
  readonly place?: string;
  readonly middle: number;
  /** The middle 95 %. */
  readonly low: number;
  readonly high: number;
}

/** Growth advantages over a lineage; `generation` in days. Source: Figgins and Bedford 2022, exp(b τ). */
export function advantages(growth: Growth, over: string, generation = 4.8): Advantage[] {
  const { design, common, local, commonFactor, localFactors, curvature } = growth;
  const size = common.length;
  const lineages = design.lineages.length;
  const pivot = design.lineages.indexOf(over);
  const scale = generation / unitDays;
  const contrast = (v: number): Float64Array => {
    const vector = new Float64Array(size);
    vector[lineages + v] = 1;
    vector[lineages + pivot] = -1;
    return vector;
  };
  const length = (vector: Float64Array): number => vector.reduce((sum, value) => sum + value * value, 0);
  const told = (lineage: string, slope: number, variance: number, place?: string): Advantage => {
    const half = 1.959964 * Math.sqrt(variance);
    return {
      lineage,
      ...(place !== undefined && { place }),
      middle: Math.exp(slope * scale),
      low: Math.exp((slope - half) * scale),
      high: Math.exp((slope + half) * scale),
    };
  };
  return design.lineages.flatMap((lineage, v) => {
    if (v === pivot || pivot < 0) return [];
    const asked = contrast(v);
    const slope = (common[lineages + v] as number) - (common[lineages + pivot] as number);
    const all = told(lineage, slope, length(forward(commonFactor, size, asked.slice())));
    const places = design.places.map((place, p) => {
      const factor = localFactors[p] as Float64Array;
      // c'(δ₀ + δ): δ given δ₀ is around −(H + Λ)⁻¹ H δ₀.
      const back = multiply(curvature[p] as Float64Array, size, solve(factor, size, asked));
      const carried = asked.map((value, at) => value - (back[at] as number));
      const variance = length(forward(commonFactor, size, carried)) + length(forward(factor, size, asked.slice()));
      const own = (local[p]?.[lineages + v] as number) - (local[p]?.[lineages + pivot] as number);
      return told(lineage, slope + own, variance, place);
    });
    return [all, ...places];
  });
}

/** Shares of one lineage at a place and day, with the middle 50, 80 and 95 % of the draws. */
export interface Share {
  readonly place: string;
  readonly date: string;
  readonly lineage: string;
  readonly mean: number;
  readonly low95: number;
  readonly low80: number;
  readonly low50: number;
  readonly high50: number;
  readonly high80: number;
  readonly high95: number;
}

/** The shares of all lineages at all places over some days. */
export function sharesOver(forecast: Forecaster, from: number, to: number): Share[] {
  const { design } = forecast;
  const lineages = design.lineages.length;
  const told: Share[] = [];
  for (const [p, place] of design.places.entries())
    for (let day = from; day <= to; day++) {
      const { draws, shares } = forecast.at(p, day);
      for (const [v, lineage] of design.lineages.entries()) {
        const column = Float64Array.from({ length: draws }, (_, draw) => shares[draw * lineages + v] as number).sort();
        const at = (quantile: number): number => round(quantileOf(column, quantile));
        told.push({
          place,
          date: dateOfDay(day),
          lineage,
          mean: round(column.reduce((sum, value) => sum + value, 0) / draws),
          low95: at(0.025),
          low80: at(0.1),
          low50: at(0.25),
          high50: at(0.75),
          high80: at(0.9),
          high95: at(0.975),
        });
      }
    }
  return told;
}

/** Six decimals, so that a locked forecast is the same text on every machine. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6;

function quantileOf(sorted: Float64Array, quantile: number): number {
  const place = quantile * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] as number;
  return low + (place - below) * (high - low);
}
