import { canonicalJson } from '@geneward/api';
import { VirusProblem } from '@geneward/phylo';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { allows } from '../../access/index.ts';
import { notify, principalOf } from '../../identity/index.ts';
import { program } from '../program.ts';
import {
  countsTable,
  dayAfter,
  hashOfText,
  lockRound,
  scoredDays,
  scoreRound,
  usedDays,
  type Round,
} from '../rounds.ts';
import * as store from '../store.ts';
import { beginRound, forecastResource } from './forecasts.ts';
import { publicTree } from './grow.ts';

/** Days between two rounds that the platform locks by itself. */
const roundEvery = 7;

/** The job by the clock: a round of every data set of which there are shared genomes, whether it will look good or not. */
export async function beginRounds(context: Context): Promise<void> {
  const today = context.now().toISOString().slice(0, 10);
  for (const dataset of await store.sharedDatasets(context.db))
    await transaction(context.db, async (tx) => {
      if (await store.hasRoundSince(tx, publicTree, dataset, dayAfter(today, 1 - roundEvery))) return;
      await beginRound(tx, context, { owner: publicTree, dataset });
    });
}

/** The job: makes a forecast from what was known when it was asked for, and locks it. It may be run again. */
export async function lockForecastOf(context: Context, id: string): Promise<void> {
  const row = await store.findForecast(context.db, id);
  if (row?.state !== 'waiting') return;
  const counts = countsTable(await store.countsOfDays(context.db, row.batches, usedDays(row.as_of)));
  const made = tried(() => lockRound(counts, row.as_of, row.days));
  await transaction(context.db, async (tx) => {
    if ((await store.findForecast(tx, id, true))?.state !== 'waiting') return;
    if (made instanceof VirusProblem) await fail(tx, context, id, made);
    else await lock(tx, context, row, counts, made);
  });
}

function tried<T>(work: () => T): T | VirusProblem {
  try {
    return work();
  } catch (error) {
    if (error instanceof VirusProblem) return error;
    throw error;
  }
}

async function fail(tx: Tx, context: Context, id: string, { code, finding }: VirusProblem): Promise<void> {
  await store.updateForecast(tx, id, { state: 'failed', reason: JSON.stringify(finding) });
  await record(tx, context, {
    type: 'virus.forecast_failed',
    outcome: 'failed',
    object: { kind: 'forecast', id },
    content: { code },
  });
}

async function lock(
  tx: Tx,
  context: Context,
  row: store.ForecastRow,
  counts: string,
  { text, lock: made }: Round,
): Promise<void> {
  const rising = made.watch.warnings.map(({ lineage }) => lineage);
  const hashes = { counts_sha256: hashOfText(counts), locked_sha256: hashOfText(text) };
  await store.updateForecast(tx, row.id, {
    state: 'locked',
    counts,
    genomes: made.genomes,
    locked: text,
    locked_at: context.now(),
    program,
    rising,
    ...hashes,
  });
  await record(tx, context, {
    type: 'virus.forecast_locked',
    object: { kind: 'forecast', id: row.id },
    content: {
      dataset: row.dataset,
      asOf: row.as_of,
      days: row.days,
      dueOn: row.due_on,
      countsSha256: hashes.counts_sha256,
      sha256: hashes.locked_sha256,
      program,
      rising,
      falseAlarms: made.watch.falseAlarms,
      ...(row.replaces !== null && { replaces: row.replaces }),
    },
  });
  // What is made anew tells nothing new.
  if (row.replaces === null) await tellRising(tx, context, row, rising, made.watch.falseAlarms);
  else await enqueue(tx, 'virus.score', {}, { key: 'virus.score:again' });
}

/** Early warning: who asked for it, and may read the forecast, is told of lineages that did not rise in the round before. */
async function tellRising(
  tx: Tx,
  context: Context,
  row: store.ForecastRow,
  rising: readonly string[],
  falseAlarms: number,
): Promise<void> {
  const before = await store.risingBefore(tx, row);
  const fresh = rising.filter((lineage) => !before.includes(lineage));
  if (fresh.length === 0) return;
  const people = new Set<string>();
  for (const { person_id, rising: wanted, query } of await store.allAlerts(tx)) {
    if (!wanted || (query.dataset !== undefined && query.dataset !== row.dataset)) continue;
    const principal = await principalOf({ ...context, db: tx }, person_id);
    if (principal && allows({ ...context, principal }, 'forecast:read', forecastResource(row))) people.add(person_id);
  }
  if (people.size === 0) return;
  const names = fresh.join(', ');
  await notify(tx, {
    people: [...people],
    type: 'virus.rising',
    object: { kind: 'forecast', id: row.id },
    title: { en: `Lineages that rise: ${names}`, zh: `上升谱系：${names}` },
    body: {
      en: `In the forecast of ${row.as_of} these lineages are rare and rise by more than chance: ${names}. At most ${falseAlarms} false alarms are to be expected of one look.`,
      zh: `在 ${row.as_of} 的预测中，以下谱系目前少见但上升超出偶然：${names}。每次检查的预期误报不超过 ${falseAlarms} 次。`,
    },
    at: context.now(),
  });
}

/** The job by the clock: scores every forecast whose truth is due. */
export async function scoreForecasts(context: Context): Promise<void> {
  const today = context.now().toISOString().slice(0, 10);
  for (const id of await store.dueForecasts(context.db, today)) await scoreOne(context, id);
}

/** Takes the truth as it is now, or as it was taken before, and scores by it. */
async function scoreOne(context: Context, id: string): Promise<void> {
  const row = await store.findForecast(context.db, id);
  if (!row || row.locked === null || row.counts === null) return;
  const { locked, counts } = row;
  const batches = row.truth_batches ?? (await store.doneBatches(context.db, row.owner, row.dataset));
  const truth = await truthOf(context, row, batches);
  const scored = tried(() => scoreRound(locked, counts, truth));
  const sha256 = row.locked_sha256;
  await transaction(context.db, async (tx) => {
    const now = await store.findForecast(tx, id, true);
    if (now?.state !== row.state || now.truth_sha256 !== row.truth_sha256) return;
    const taken = { truth_batches: [...batches], truth, truth_sha256: hashOfText(truth) };
    const object = { kind: 'forecast', id };
    if (scored instanceof VirusProblem) {
      const { code, finding } = scored;
      await store.updateForecast(tx, id, { ...taken, state: 'unscored', score: null, reason: JSON.stringify(finding) });
      await record(tx, context, {
        type: 'virus.forecast_unscored',
        outcome: 'failed',
        object,
        content: { sha256, code },
      });
      return;
    }
    await store.updateForecast(tx, id, {
      ...taken,
      state: 'scored',
      score: JSON.stringify(scored),
      scored_at: context.now(),
      scored_by: program,
      reason: null,
    });
    await record(tx, context, {
      type: 'virus.forecast_scored',
      object,
      content: {
        sha256,
        truthSha256: taken.truth_sha256,
        scoreSha256: hashOfText(canonicalJson(scored)),
        brier: scored.forecast.brier,
        naiveBrier: scored.naive.brier,
        program,
      },
    });
  });
}

const truthOf = async (context: Context, row: store.ForecastRow, batches: readonly string[]): Promise<string> =>
  countsTable(await store.countsOfDays(context.db, batches, scoredDays(row.as_of, row.days)));

/**
 * The job after a withdrawal: a forecast that was made from what was withdrawn is made anew without it and says which one it
 * replaces; one that was only scored by it is scored again.
 */
export async function remakeForecasts(context: Context, batch: string): Promise<void> {
  for (const id of await store.forecastsOn(context.db, batch)) {
    const row = await store.findForecast(context.db, id);
    if (!row || row.state === 'replaced') continue;
    const counts = countsTable(await store.countsOfDays(context.db, row.batches, usedDays(row.as_of)));
    if (hashOfText(counts) !== row.counts_sha256) await replace(context, row);
    else if (row.truth_batches && hashOfText(await truthOf(context, row, row.truth_batches)) !== row.truth_sha256)
      await scoreOne(context, id);
  }
}

async function replace(context: Context, row: store.ForecastRow): Promise<void> {
  await transaction(context.db, async (tx) => {
    if ((await store.findForecast(tx, row.id, true))?.state !== row.state) return;
    const id = await store.insertForecast(tx, recipeOf(row));
    await store.updateForecast(tx, row.id, { state: 'replaced', counts: null, truth: null });
    await record(tx, context, {
      type: 'virus.forecast_replaced',
      object: { kind: 'forecast', id: row.id },
      content: { by: id },
    });
    await enqueue(tx, 'virus.forecast', { forecast: id }, { key: `virus.forecast:${id}` });
  });
}

/** The same recipe again: the same batches as of the same time; what was withdrawn of them is left out when it is made. */
function recipeOf(row: store.ForecastRow): Parameters<typeof store.insertForecast>[1] {
  const { owner, dataset, organisation_id, person_id, manner, grade, categories, jurisdictions } = row;
  const { as_of, days, due_on, known_at, batches } = row;
  const of = { owner, dataset, organisation_id, person_id, manner, grade, categories, jurisdictions };
  return { ...of, as_of, days, due_on, known_at, batches, replaces: row.id };
}
