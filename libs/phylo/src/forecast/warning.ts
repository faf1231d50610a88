import type { CountTable } from './counts.ts';

/** A lineage whose share rises by more than chance. */
export interface Warning {
  readonly lineage: string;
  readonly genomes: number;
  /** First day in the window on which it was seen. */
  readonly firstSeen: number;
  /** Its share over the last quarter of the window. */
  readonly share: number;
  /** How much the logarithm of its odds rises a week. */
  readonly perWeek: number;
  /** Chance of such a rise, or a steeper one, when nothing grows. */
  readonly chance: number;
  /** Places in which it rises, the strongest first. */
  readonly places: readonly string[];
}

export interface Watch {
  readonly warnings: readonly Warning[];
  /** False alarms to be expected of one look, at most. */
  readonly falseAlarms: number;
  /** Lineages that were looked at: each may raise an alarm by chance with `falseAlarms / lineages`. */
  readonly lineages: number;
}

export interface WatchOptions {
  /** Default 0.05: one false alarm in twenty looks. */
  readonly falseAlarms?: number;
  /** Days before the last one. Default 42. */
  readonly window?: number;
  /** Fewest genomes in the window. Default 10. */
  readonly least?: number;
  /** A lineage with more than this share is no news. Default 0.25. */
  readonly most?: number;
  /** Intraclass correlation of the genomes of a day, from the fit. */
  readonly overdispersion?: number;
}

/**
 * Early warning: the score test of a slope in the logarithm of the odds, within places, days of one place alike as far as the fit says. The threshold is
 * divided by the number of lineages looked at (Bonferroni), so that looks without anything growing give at most `falseAlarms` alarms on average.
 * Source: Armitage 1955 (trend in proportions), strata after Mantel 1963, overdispersion after Williams 1982.
 */
export function watch({ design, counts }: CountTable, options: WatchOptions = {}): Watch {
  const { falseAlarms = 0.05, window = 42, least = 10, most = 0.25, overdispersion = 0 } = options;
  const { places, lineages } = design;
  const days = design.to - design.from + 1;
  const first = Math.max(0, days - window);
  const total = (place: number, day: number): number => {
    let sum = 0;
    for (let v = 0; v < lineages.length; v++) sum += counts[(place * days + day) * lineages.length + v] as number;
    return sum;
  };
  const totals = places.map((_, place) => Float64Array.from({ length: days }, (_, day) => total(place, day)));
  const looked = lineages.flatMap((lineage, v) => {
    const parts = places.map((place, p) => ({
      place,
      ...slopeAt(totals[p] as Float64Array, counts, p, v, { days, first, lineages: lineages.length, overdispersion }),
    }));
    const genomes = parts.reduce((sum, part) => sum + part.genomes, 0);
    const score = parts.reduce((sum, part) => sum + part.score, 0);
    const variance = parts.reduce((sum, part) => sum + part.variance, 0);
    const information = parts.reduce((sum, part) => sum + part.information, 0);
    const late = shareSince(totals, counts, v, days - Math.ceil((days - first) / 4), days, lineages.length);
    if (genomes < least || variance <= 0 || late > most) return [];
    const seen = parts.reduce((day, part) => Math.min(day, part.firstSeen), days);
    return [
      {
        lineage,
        genomes,
        firstSeen: design.from + seen,
        share: late,
        perWeek: (7 * score) / information,
        chance: upperTail(score / Math.sqrt(variance)),
        places: parts
          .filter((part) => part.score > 0)
          .sort((a, b) => b.score - a.score)
          .map(({ place }) => place),
      },
    ];
  });
  const threshold = falseAlarms / Math.max(1, looked.length);
  return {
    warnings: looked.filter(({ chance }) => chance < threshold).sort((a, b) => a.chance - b.chance),
    falseAlarms,
    lineages: looked.length,
  };
}

interface Window {
  readonly days: number;
  readonly first: number;
  readonly lineages: number;
  readonly overdispersion: number;
}

/** Score, its variance and the information of one place. */
function slopeAt(
  totals: Float64Array,
  counts: Float64Array,
  place: number,
  v: number,
  { days, first, lineages, overdispersion }: Window,
) {
  let [all, genomes, weighed] = [0, 0, 0];
  let firstSeen = days;
  const at = (day: number): number => counts[(place * days + day) * lineages + v] as number;
  for (let day = first; day < days; day++) {
    const count = at(day);
    if (count > 0 && firstSeen === days) firstSeen = day;
    all += totals[day] as number;
    genomes += count;
    weighed += (totals[day] as number) * day;
  }
  let [score, variance, information] = [0, 0, 0];
  if (all > 1 && genomes > 0 && genomes < all) {
    const [p, middle] = [genomes / all, weighed / all];
    for (let day = first; day < days; day++) {
      const n = totals[day] as number;
      if (n === 0) continue;
      const away = day - middle;
      score += away * (at(day) - n * p);
      information += away * away * n * p * (1 - p);
      variance += away * away * n * p * (1 - p) * (1 + (n - 1) * overdispersion);
    }
    // p is taken from the same genomes.
    variance *= all / (all - 1);
  }
  return { genomes, score, variance, information, firstSeen };
}

function shareSince(
  totals: readonly Float64Array[],
  counts: Float64Array,
  v: number,
  from: number,
  days: number,
  lineages: number,
): number {
  let [own, all] = [0, 0];
  for (const [place, list] of totals.entries())
    for (let day = Math.max(0, from); day < days; day++) {
      own += counts[(place * days + day) * lineages + v] as number;
      all += list[day] as number;
    }
  return all > 0 ? own / all : 0;
}

/** P(Z ≥ z), good to 1e-7. Source: Abramowitz and Stegun 26.2.17. */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}
