import type { Command } from 'commander';
import { dataset } from './virus/dataset.ts';
import { date } from './virus/date.ts';
import { forecast } from './virus/forecast.ts';
import { history } from './virus/history.ts';
import { identify } from './virus/identify.ts';
import { place } from './virus/place.ts';
import { run } from './virus/run.ts';
import { score } from './virus/score.ts';
import { tree } from './virus/tree.ts';

/** Virus genomes on files, without a server. */
export function virus(program: Command): void {
  const group = program
    .command('virus')
    .description('virus genomes: what they are, where they belong, what grows 病毒基因组分析');
  for (const register of [dataset, identify, run, place, history, tree, date, forecast, score]) register(group);
}
