import { random } from '@geneward/formats';
import { describe, expect, it } from 'vitest';
import { tableRules } from '../rules/table.ts';
import { dateOfDay, dayNumber, designOf, tabulate, type CountRow } from './counts.ts';
import { advantages, forecaster, sharesOver } from './forecast.ts';
import { fitGrowth } from './growth.ts';
import { defaultForecast, lockForecast, scoreBoth } from './lock.ts';
import { gammaFrom } from './naive.ts';
import { paired } from './score.ts';
import { watch } from './warning.ts';

const first = dayNumber('2025-01-01') ?? 0;

/** Counts of made-up places in which lineages grow by so much a week; `alike` is how much genomes of a day are alike. */
function rowsOf(
  slopes: Readonly<Record<string, number>>,
  seed: number,
  { days = 90, daily = 12, places = 5, alike = 0 } = {},
): CountRow[] {
  const numbers = random(seed);
  const names = Object.keys(slopes);
  const rows: CountRow[] = [];
  for (let place = 0; place < places; place++)
    for (let day = 0; day < days; day++) {
      let weights = names.map((name) => Math.exp(((slopes[name] ?? 0) * (day - days / 2)) / 7));
      const sum = weights.reduce((a, b) => a + b, 0);
      if (alike > 0) weights = weights.map((weight) => gammaFrom((weight / sum) * (1 / alike - 1), numbers));
      const whole = weights.reduce((a, b) => a + b, 0);
      const counts = names.map(() => 0);
      for (let genome = 0; genome < daily; genome++) {
        let drawn = numbers.next() * whole;
        const v = weights.findIndex((weight) => (drawn -= weight) < 0);
        counts[Math.max(0, v)] = (counts[Math.max(0, v)] ?? 0) + 1;
      }
      for (const [v, count] of counts.entries())
        if (count > 0) rows.push({ place: `p${place}`, day: first + day, lineage: names[v] ?? '', count });
    }
  return rows;
}

describe('growth', () => {
  const slopes = { a: 0, b: 0.2, c: -0.15 };
  const table = (seed: number, alike = 0) => {
    const rows = rowsOf(slopes, seed, { alike });
    return tabulate(rows, designOf(rows));
  };

  it('is found within its intervals nineteen times in twenty or so, all places and each', () => {
    let inside = 0;
    let all = 0;
    for (let seed = 1; seed <= 20; seed++)
      for (const { lineage, low, high } of advantages(fitGrowth(table(seed), { halfLife: 1e9 }), 'a', 7)) {
        const truth = Math.exp(slopes[lineage as keyof typeof slopes]);
        if (low <= truth && truth <= high) inside++;
        all++;
      }
    expect(inside / all).toBeGreaterThan(0.9);
  });

  it('is the same each time, and tells how alike genomes of a day are', () => {
    expect(fitGrowth(table(1))).toEqual(fitGrowth(table(1)));
    expect(fitGrowth(table(2)).overdispersion).toBeLessThan(0.02);
    expect(fitGrowth(table(2, 0.2)).overdispersion).toBeGreaterThan(0.12);
    expect(fitGrowth(table(2, 0.2)).overdispersion).toBeLessThan(0.28);
  });

  it('gives shares that add up to one, with intervals inside one another', () => {
    const design = table(3).design;
    const shares = sharesOver(forecaster(fitGrowth(table(3))), design.to + 1, design.to + 30);
    expect(shares).toHaveLength(5 * 30 * 3);
    for (const { low95, low80, low50, high50, high80, high95 } of shares) {
      const ordered = [0, low95, low80, low50, high50, high80, high95, 1];
      expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
    }
    const day = shares.filter(({ place, date }) => place === 'p0' && date === dateOfDay(design.to + 30));
    expect(day.reduce((sum, { mean }) => sum + mean, 0)).toBeCloseTo(1, 4);
  });
});

describe('a locked forecast', () => {
  it('beats no change where lineages replace one another, and covers what it says', () => {
    const rows = rowsOf({ a: 0, b: 0.5, c: -0.4 }, 5, { days: 120, daily: 20, alike: 0.05 });
    const asOf = first + 89;
    const known = rows.filter(({ day }) => day <= asOf);
    const made = lockForecast(known, { ...defaultForecast, asOf: dateOfDay(asOf) });
    const { forecast, naive } = scoreBoth(made, known, rows);
    expect(forecast.outcomes).toBe(150);
    expect(forecast.brier).toBeLessThan(naive.brier);
    expect(forecast.energy).toBeLessThan(naive.energy);
    expect(Math.abs(forecast.cover50 - 0.5)).toBeLessThan(0.15);
    expect(forecast.cover95).toBeGreaterThan(0.88);
  });

  it('is refused when it would know the future', () => {
    const rows = rowsOf({ a: 0, b: 0.5 }, 5);
    expect(() => lockForecast(rows, { ...defaultForecast, asOf: '2025-02-01' })).toThrow(
      expect.objectContaining({ code: tableRules.later.code }),
    );
  });
});

describe('early warning', () => {
  it('raises no more false alarms than it states, also where genomes of a day are alike', () => {
    let alarms = 0;
    for (let look = 0; look < 200; look++) {
      const rows = rowsOf({ a: 0, b: 0, c: 0, d: 0, e: 0 }, 100 + look, { days: 42, places: 3, alike: 0.1 });
      const table = tabulate(rows, designOf(rows));
      alarms += watch(table, { overdispersion: 0.1, falseAlarms: 0.1, most: 1 }).warnings.length;
    }
    // 20 are stated for 200 looks; three standard deviations above.
    expect(alarms).toBeLessThanOrEqual(34);
  });

  it('finds what grows while it is rare', () => {
    const rows = rowsOf({ a: 0, n: 0.8 }, 7, { days: 60, daily: 30 }).filter(({ day }) => day < first + 24);
    const { warnings } = watch(tabulate(rows, designOf(rows)));
    expect(warnings.map(({ lineage }) => lineage)).toEqual(['n']);
    expect(warnings[0]?.share).toBeLessThan(0.25);
    expect(warnings[0]?.perWeek).toBeGreaterThan(0.3);
  });
});

it('paired differences have an interval that the same rounds always give', () => {
  const differences = Array.from({ length: 30 }, (_, at) => Math.sin(at) / 10 - 0.05);
  const one = paired(differences);
  expect(paired(differences)).toEqual(one);
  expect(one.low).toBeLessThan(one.mean);
  expect(one.high).toBeGreaterThan(one.mean);
});
