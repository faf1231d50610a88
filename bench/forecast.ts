import { defaultForecast, lockForecast, paired, scoreBoth, type Score } from '@geneward/phylo';
import type { Figure } from './figure.ts';
import { rounds } from './virus/rounds.ts';

/** Days after the nowcast date that the hub scores; the day itself is one after the data. */
const ahead = 11;

/**
 * The shared rounds of the variant nowcast hub: fitted on what was known, scored by what turned out on places and days of which nothing was known, 31 days
 * back to 10 ahead; beside it no change with shrinkage. Needs the shared data.
 */
export async function run(): Promise<Figure[]> {
  const scores: { forecast: Score; naive: Score }[] = [];
  let slowest = 0;
  for (const { date, asOf, known, truth } of await rounds(Number(process.env['GENEWARD_BENCH_ROUNDS'] ?? 100))) {
    const began = process.cpuUsage();
    const made = lockForecast(known, { ...defaultForecast, asOf });
    const { user, system } = process.cpuUsage(began);
    slowest = Math.max(slowest, (user + system) / 1e6);
    const scored = scoreBoth(made, known, truth, { back: 30, days: ahead, other: 'other' });
    scores.push(scored);
    const told = ({ brier, energy, cover50, cover80, cover95 }: Score) =>
      [brier, energy, cover50, cover80, cover95].map((value) => value.toFixed(4)).join(' ');
    console.log(
      `${date} growth ${told(scored.forecast)}  no change ${told(scored.naive)}  ${scored.forecast.outcomes} days`,
    );
  }
  const difference = paired(scores.map(({ forecast, naive }) => forecast.brier - naive.brier));
  const energy = paired(scores.map(({ forecast, naive }) => forecast.energy - naive.energy));
  console.log(`Brier, growth less no change: ${JSON.stringify(difference)}; energy: ${JSON.stringify(energy)}`);
  const mean = (pick: (score: { forecast: Score; naive: Score }) => number): number =>
    Math.round((scores.reduce((sum, score) => sum + pick(score), 0) / scores.length) * 1e4) / 1e4;
  return [
    {
      name: 'forecast.brier',
      value: mean(({ forecast }) => forecast.brier),
      unit: 'score',
      better: 'lower',
      peer: 'no change',
      peerValue: mean(({ naive }) => naive.brier),
    },
    {
      name: 'forecast.energy',
      value: mean(({ forecast }) => forecast.energy),
      unit: 'score a genome',
      better: 'lower',
      peer: 'no change',
      peerValue: mean(({ naive }) => naive.energy),
    },
    {
      name: 'forecast.brier.high',
      value: Math.round(difference.high * 1e4) / 1e4,
      unit: 'paired difference, upper end of 95 %',
      better: 'lower',
      target: 0,
    },
    {
      name: 'forecast.cover50',
      value: mean(({ forecast }) => forecast.cover50),
      unit: 'share, within 0.07 of 0.5',
      better: 'higher',
    },
    {
      name: 'forecast.cover80',
      value: mean(({ forecast }) => forecast.cover80),
      unit: 'share, within 0.07 of 0.8',
      better: 'higher',
    },
    {
      name: 'forecast.cover95',
      value: mean(({ forecast }) => forecast.cover95),
      unit: 'share, within 0.07 of 0.95',
      better: 'higher',
    },
    {
      name: 'forecast.round',
      value: Math.round(slowest * 100) / 100,
      unit: 's of processor, slowest round',
      better: 'lower',
      target: 1,
    },
  ];
}
