import { tableRules } from '../rules/table.ts';
import { VirusProblem } from '../rules/problem.ts';
import { dateOfDay, dayNumber, designOf, tabulate, type CountRow, type Design } from './counts.ts';
import { advantages, forecaster, sharesOver, type Advantage, type Forecaster, type Share } from './forecast.ts';
import { defaultPriors, fitGrowth, type Growth, type Priors } from './growth.ts';
import { noChange } from './naive.ts';
import { outcomesOf, scoreOf, type Score } from './score.ts';
import { watch, type Watch } from './warning.ts';

/** All that a forecast depends on beside the counts. */
export interface ForecastParameters {
  /** Last day of which counts may be used. */
  readonly asOf: string;
  /** Days ahead. */
  readonly days: number;
  readonly window: number;
  readonly priors: Priors;
  readonly draws: number;
  readonly seed: number;
  readonly falseAlarms: number;
  /** Days of a generation, for growth advantages. */
  readonly generation: number;
}

export const defaultForecast: Omit<ForecastParameters, 'asOf'> = {
  days: 30,
  window: 150,
  priors: defaultPriors,
  draws: 100,
  seed: 1,
  falseAlarms: 0.05,
  generation: 4.8,
};

/** A forecast as it is locked on its day: what it was made with and all that it says. The same counts and parameters give it again. */
export interface LockedForecast {
  readonly type: 'geneward.virus.forecast';
  readonly version: 1;
  readonly parameters: ForecastParameters;
  readonly design: Design;
  /** Genomes that it was made from. */
  readonly genomes: number;
  readonly overdispersion: number;
  /** The lineage that advantages are over: the one with most genomes. */
  readonly over: string;
  readonly advantages: readonly Advantage[];
  readonly watch: Watch;
  readonly shares: readonly Share[];
}

interface Made {
  readonly growth: Growth;
  readonly forecast: Forecaster;
  readonly naive: Forecaster;
  readonly lock: LockedForecast;
}

/** Makes a forecast from what is known on its day. Throws {@link tableRules.later} when counts are of later, {@link tableRules.few} when there are too few. */
export function lockForecast(rows: readonly CountRow[], parameters: ForecastParameters): Made {
  const asOf = dayNumber(parameters.asOf);
  if (asOf === undefined) throw new VirusProblem(tableRules.day, { date: parameters.asOf });
  const last = rows.reduce((most, { day }) => Math.max(most, day), Number.NEGATIVE_INFINITY);
  if (last > asOf) throw new VirusProblem(tableRules.later, { asOf: parameters.asOf, last: dateOfDay(last) });
  const design = designOf(rows, { window: parameters.window, to: asOf });
  const table = tabulate(rows, design);
  const growth = fitGrowth(table, parameters.priors);
  const { draws, seed } = parameters;
  const forecast = forecaster(growth, { draws, seed });
  const over = leading(table.counts, design);
  const lock: LockedForecast = {
    type: 'geneward.virus.forecast',
    version: 1,
    parameters,
    design,
    genomes: table.counts.reduce((sum, count) => sum + count, 0),
    overdispersion: rounded(growth.overdispersion),
    over,
    advantages: advantages(growth, over, parameters.generation).map((one) => ({
      ...one,
      middle: rounded(one.middle),
      low: rounded(one.low),
      high: rounded(one.high),
    })),
    watch: watch(table, { falseAlarms: parameters.falseAlarms, overdispersion: growth.overdispersion }),
    shares: sharesOver(forecast, asOf + 1, asOf + parameters.days),
  };
  return { growth, forecast, naive: noChange(table, { draws, seed: seed + 1 }), lock };
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

function leading(counts: Float64Array, { lineages }: Design): string {
  const sums = new Float64Array(lineages.length);
  counts.forEach((count, at) => (sums[at % lineages.length] = (sums[at % lineages.length] as number) + count));
  return lineages[sums.indexOf(Math.max(...sums))] ?? '';
}

/** A locked forecast and the naive one, scored by what turned out. */
export interface Scored {
  readonly forecast: Score;
  readonly naive: Score;
}

/** How far the last digit of a share may differ between machines. */
const lastDigit = 2e-6;

/**
 * Makes a locked forecast again from the counts of its day, compares, and scores it beside no change, on places and days of which nothing was known.
 * Throws {@link tableRules.record} when the counts do not give what was locked.
 */
export function scoreLocked(
  lock: LockedForecast,
  rows: readonly CountRow[],
  truth: readonly CountRow[],
  options: { readonly back?: number; readonly other?: string } = {},
): Scored {
  const made = lockForecast(rows, lock.parameters);
  const differs = made.lock.shares.findIndex(
    ({ mean }, at) => !(Math.abs(mean - (lock.shares[at]?.mean ?? Number.NaN)) <= lastDigit),
  );
  if (differs >= 0 || made.lock.shares.length !== lock.shares.length)
    throw new VirusProblem(tableRules.record, {
      what: `share ${differs}`,
      found: made.lock.shares[differs]?.mean ?? '-',
      expected: lock.shares[differs]?.mean ?? '-',
    });
  return scoreBoth(made, rows, truth, options);
}

/** Both forecasts of one round scored. `back` days before its day are scored too, where nothing was known of them. */
export function scoreBoth(
  { forecast, naive, lock }: Pick<Made, 'forecast' | 'naive' | 'lock'>,
  rows: readonly CountRow[],
  truth: readonly CountRow[],
  {
    back = 31,
    other,
    days = lock.parameters.days,
  }: { readonly back?: number; readonly other?: string; readonly days?: number } = {},
): Scored {
  const asOf = dayNumber(lock.parameters.asOf) ?? 0;
  const seen = new Set(rows.filter(({ count }) => count > 0).map(({ place, day }) => `${day} ${place}`));
  const outcomes = outcomesOf(truth, lock.design, {
    from: asOf - back,
    to: asOf + days,
    known: (place, day) => seen.has(`${day} ${place}`),
    ...(other !== undefined && { other }),
  });
  return { forecast: scoreOf(forecast, outcomes), naive: scoreOf(naive, outcomes) };
}
