import type { Command } from 'commander';
import { ask } from './virus/ask.ts';
import { batches } from './virus/batches.ts';
import { dataset } from './virus/dataset.ts';
import { date } from './virus/date.ts';
import { fitness } from './virus/fitness.ts';
import { forecast } from './virus/forecast.ts';
import { history } from './virus/history.ts';
import { identify } from './virus/identify.ts';
import { neighbours } from './virus/neighbours.ts';
import { place } from './virus/place.ts';
import { rounds } from './virus/rounds.ts';
import { run } from './virus/run.ts';
import { score } from './virus/score.ts';
import { send } from './virus/send.ts';
import { sources } from './virus/sources.ts';
import { tree } from './virus/tree.ts';
import { verify } from './virus/verify.ts';

/** Virus genomes on files, without a server; and what the server holds of them. */
export function virus(program: Command): void {
  const group = program
    .command('virus')
    .description('virus genomes: what they are, where they belong, what grows 病毒基因组分析');
  const onFiles = [dataset, identify, run, place, history, tree, date, forecast, score, fitness, neighbours];
  const onServer = [send, batches, ask, rounds, sources, verify];
  for (const register of [...onFiles, ...onServer]) register(group);
}
