import { tableRules } from '../rules/table.ts';
import { VirusProblem } from '../rules/problem.ts';

/** How many genomes of a lineage were taken at a place on a day. `day` counts from 1970-01-01, UTC. */
export interface CountRow {
  readonly place: string;
  readonly day: number;
  readonly lineage: string;
  readonly count: number;
}

/** What a model is fitted over; partners who fit together agree on it beforehand. */
export interface Design {
  /** Sorted, each once. */
  readonly places: readonly string[];
  readonly lineages: readonly string[];
  /** First and last day, both counted. */
  readonly from: number;
  readonly to: number;
}

/** Counts by place, day and lineage, in that order of the index. */
export interface CountTable {
  readonly design: Design;
  readonly counts: Float64Array;
}

/** The day of a date YYYY-MM-DD; undefined when it is none. */
export function dayNumber(date: string): number | undefined {
  const time = /^\d{4}-\d{2}-\d{2}$/u.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) return undefined;
  return time / 86_400_000;
}

export const dateOfDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface DesignOptions {
  /** Days before the last one that are looked at. Default 150. */
  readonly window?: number;
  /** The last day; default that of the last count. */
  readonly to?: number;
}

/** The design that some counts ask for. Throws {@link tableRules.few}. */
export function designOf(rows: readonly CountRow[], { window = 150, to }: DesignOptions = {}): Design {
  const some = rows.filter(({ count }) => count > 0);
  const last = to ?? some.reduce((most, { day }) => Math.max(most, day), Number.NEGATIVE_INFINITY);
  const within = some.filter(({ day }) => day <= last && day > last - window);
  const lineages = [...new Set(within.map(({ lineage }) => lineage))].sort(compare);
  const days = new Set(within.map(({ day }) => day));
  if (lineages.length < 2 || days.size < 2)
    throw new VirusProblem(tableRules.few, { reason: `${lineages.length} lineages, ${days.size} days` });
  return {
    places: [...new Set(within.map(({ place }) => place))].sort(compare),
    lineages,
    from: Math.min(...days),
    to: last,
  };
}

/** The rows that a design covers, added up; what lies outside is left out. */
export function tabulate(rows: readonly CountRow[], design: Design): CountTable {
  const { places, lineages, from, to } = design;
  const days = to - from + 1;
  const placeAt = new Map(places.map((place, at) => [place, at]));
  const lineageAt = new Map(lineages.map((lineage, at) => [lineage, at]));
  const counts = new Float64Array(places.length * days * lineages.length);
  for (const { place, day, lineage, count } of rows) {
    const p = placeAt.get(place);
    const l = lineageAt.get(lineage);
    if (p === undefined || l === undefined || day < from || day > to) continue;
    const at = (p * days + day - from) * lineages.length + l;
    counts[at] = (counts[at] as number) + count;
  }
  return { design, counts };
}
