import { random } from '@geneward/formats';
import type { CountTable } from './counts.ts';
import { normalFrom, type Forecaster } from './forecast.ts';

export interface NaiveOptions {
  /** Days before the last one that are counted. Default 28. */
  readonly window?: number;
  /** Genomes that the shares of all places together count as at each place. Default 20. */
  readonly shrink?: number;
  readonly draws?: number;
  readonly seed?: number;
}

/**
 * What every forecast has to beat: nothing changes. The shares of the last weeks at a place, drawn towards those of all places, with the spread of a
 * Dirichlet distribution over those counts.
 */
export function noChange(table: CountTable, options: NaiveOptions = {}): Forecaster {
  const { window = 28, shrink = 20, draws = 100, seed = 2 } = options;
  const { design, counts } = table;
  const lineages = design.lineages.length;
  const days = design.to - design.from + 1;
  const all = new Float64Array(lineages).fill(0.1);
  const byPlace = design.places.map((_, place) => {
    const own = new Float64Array(lineages);
    for (let day = Math.max(0, days - window); day < days; day++)
      for (let v = 0; v < lineages; v++)
        own[v] = (own[v] as number) + (counts[(place * days + day) * lineages + v] as number);
    for (let v = 0; v < lineages; v++) all[v] = (all[v] as number) + (own[v] as number);
    return own;
  });
  const total = all.reduce((sum, value) => sum + value, 0);
  const numbers = random(seed);
  const held = byPlace.map((own) => {
    const weights = own.map((count, v) => count + (shrink * (all[v] as number)) / total);
    const shares = new Float64Array(draws * lineages);
    for (let draw = 0; draw < draws; draw++) {
      const drawn = weights.map((weight) => gammaFrom(weight, numbers));
      const sum = drawn.reduce((a, b) => a + b, 0);
      for (let v = 0; v < lineages; v++) shares[draw * lineages + v] = (drawn[v] as number) / sum;
    }
    return { draws, shares };
  });
  return { design, overdispersion: 0, at: (place) => held[place] ?? { draws: 0, shares: new Float64Array(0) } };
}

/** A number of the gamma distribution of unit scale. Source: Marsaglia and Tsang 2000. */
export function gammaFrom(shape: number, numbers: ReturnType<typeof random>): number {
  if (shape < 1) return gammaFrom(shape + 1, numbers) * Math.max(1e-300, numbers.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalFrom(numbers);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - numbers.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
