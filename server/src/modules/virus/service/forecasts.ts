import {
  openLabel,
  type BodyOf,
  type QueryOf,
  type ReplyOf,
  type Resource,
  type virusForecastRoutes,
} from '@geneward/api';
import { z } from 'zod';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize, labelOf, scopeOf } from '../../access/index.ts';
import { findDataset } from '../datasets.ts';
import { findingIn } from '../report.ts';
import { dayAfter, roundsTogether } from '../rounds.ts';
import * as store from '../store.ts';
import { citing } from './figures.ts';
import { publicTree } from './grow.ts';

type ForecastView = ReplyOf<typeof virusForecastRoutes.lockVirusForecast>;
type Which = QueryOf<typeof virusForecastRoutes.virusScores>;

const defaultDays = { days: 30, wait: 60 };

function forecastView({ language }: Context, row: store.BriefForecast): ForecastView {
  const { score } = row;
  return {
    id: row.id,
    dataset: row.dataset,
    of: row.owner === publicTree ? 'public' : 'own',
    state: row.state,
    asOf: row.as_of,
    days: row.days,
    dueOn: row.due_on,
    knownAt: row.known_at.toISOString(),
    genomes: row.genomes,
    withdrawn: row.withdrawn,
    rising: row.rising,
    ...(row.organisation_id !== null && { organisation: row.organisation_id }),
    ...(row.locked_at && { lockedAt: row.locked_at.toISOString() }),
    ...(row.locked_sha256 !== null && { sha256: row.locked_sha256 }),
    ...(row.counts_sha256 !== null && { countsSha256: row.counts_sha256 }),
    ...(row.truth_sha256 !== null && { truthSha256: row.truth_sha256 }),
    ...(row.program !== null && { program: row.program }),
    ...(score &&
      row.scored_at && { score: { ...score, scoredAt: row.scored_at.toISOString(), program: row.scored_by ?? '' } }),
    ...(row.reason && { finding: findingIn(row.reason, language) }),
    ...(row.replaces !== null && { replaces: row.replaces }),
    ...(row.replaced_by !== null && { replacedBy: row.replaced_by }),
  };
}

/** What the access module needs to know of a forecast. */
export const forecastResource = (
  row: Pick<
    store.ForecastRow,
    'id' | 'organisation_id' | 'person_id' | 'state' | 'manner' | 'grade' | 'categories' | 'jurisdictions'
  >,
): Resource => ({
  kind: 'forecast',
  id: row.id,
  ...(row.organisation_id !== null && { organisation: row.organisation_id }),
  ...(row.person_id !== null && { owner: row.person_id }),
  status: row.state,
  manner: row.manner,
  label: labelOf(row),
});

const scope = ({ principal }: Context) => scopeOf(principal, 'forecast:read', store.forecastColumns);

async function viewOf(context: Context, id: string): Promise<ForecastView> {
  const [row] = await store.listForecasts(context.db, { scope: scope(context), id, limit: 1 });
  if (!row) throw new Problem('not_found');
  return forecastView(context, row);
}

/** Asks for a forecast from what is known now. It is made by a job, from exactly that. */
export async function askForecast(
  context: Context,
  { dataset: asked, of, days, wait }: BodyOf<typeof virusForecastRoutes.lockVirusForecast>,
): Promise<ForecastView> {
  const { principal } = context;
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  const manner = of === 'public' ? 'public' : 'private';
  const { organisation } = principal;
  authorize(context, 'forecast:lock', {
    kind: 'forecast',
    id: 'new',
    organisation,
    owner: principal.id,
    status: 'waiting',
    manner,
    label: openLabel,
  });
  const { hash: dataset } = await findDataset(context.db, asked);
  const id = await transaction(context.db, (tx) =>
    beginRound(tx, context, {
      owner: of === 'public' ? publicTree : organisation,
      dataset,
      days,
      wait,
      by: { organisation, person: principal.id },
    }),
  );
  return viewOf(context, id);
}

/** Writes down from what a forecast is to be made, and leaves the making to a job. */
export async function beginRound(
  tx: Tx,
  context: Context,
  given: {
    owner: string;
    dataset: string;
    days?: number;
    wait?: number;
    by?: { organisation: string; person: string };
  },
): Promise<string> {
  const { owner, dataset, by, days = defaultDays.days, wait = defaultDays.wait } = given;
  const now = context.now();
  const asOf = now.toISOString().slice(0, 10);
  const of = owner === publicTree ? 'public' : 'own';
  const id = await store.insertForecast(tx, {
    owner,
    dataset,
    organisation_id: by?.organisation ?? null,
    person_id: by?.person ?? null,
    manner: of === 'public' ? 'public' : 'private',
    grade: openLabel.grade,
    categories: [],
    jurisdictions: [],
    as_of: asOf,
    days,
    due_on: dayAfter(asOf, days + wait),
    known_at: now,
    batches: await store.doneBatches(tx, owner, dataset),
    replaces: null,
  });
  await record(tx, context, {
    type: 'virus.forecast_asked',
    object: { kind: 'forecast', id },
    content: { dataset, of, asOf, days },
  });
  await enqueue(tx, 'virus.forecast', { forecast: id }, { key: `virus.forecast:${id}` });
  return id;
}

/** Whose forecasts are asked for: `own` are those of the own institution. */
function ownerOf({ principal }: Context, of: Which['of']): string | undefined {
  if (of === undefined || of === 'public') return of;
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  return principal.organisation;
}

export async function listForecasts(
  context: Context,
  { after, limit, of, dataset, state }: QueryOf<typeof virusForecastRoutes.listVirusForecasts>,
) {
  const rows = await store.listForecasts(context.db, {
    scope: scope(context),
    owner: ownerOf(context, of),
    dataset,
    state,
    after: positionOf(after, z.uuid()),
    limit: limit + 1,
  });
  return pageFrom(
    rows,
    limit,
    (row) => row.id,
    (row) => forecastView(context, row),
  );
}

async function forecastFor(context: Context, id: string): Promise<store.ForecastRow> {
  const row = await store.findForecast(context.db, id);
  if (!row) throw new Problem('not_found');
  authorize(context, 'forecast:read', forecastResource(row));
  return row;
}

export async function getForecast(
  context: Context,
  id: string,
): Promise<ReplyOf<typeof virusForecastRoutes.getVirusForecast>> {
  const { locked, batches, dataset } = await forecastFor(context, id);
  return {
    ...(await viewOf(context, id)),
    ...(locked !== null && { forecast: JSON.parse(locked) as Record<string, unknown> }),
    citation: await citing(context, { scope: store.batchesAmong(batches), question: { dataset } }),
  };
}

const files = {
  'forecast.json': { column: 'locked', type: 'application/json; charset=utf-8' },
  'counts.tsv': { column: 'counts', type: 'text/tab-separated-values; charset=utf-8' },
  'truth.tsv': { column: 'truth', type: 'text/tab-separated-values; charset=utf-8' },
} as const;

/** A file of a forecast, as it was hashed. Counts in which a genome was that is withdrawn are gone. */
export async function getForecastFile(
  context: Context,
  id: string,
  name: keyof typeof files,
): Promise<{ name: string; type: string; body: string }> {
  const row = await forecastFor(context, id);
  const { column, type } = files[name];
  const body = row[column];
  if (body === null) throw new Problem('not_found');
  return { name, type, body };
}

/** How good the forecasts are: all rounds, the good and the bad. */
export async function forecastScores(
  context: Context,
  { dataset, of }: Which,
): Promise<ReplyOf<typeof virusForecastRoutes.virusScores>> {
  const rows = await store.roundsOf(context.db, { scope: scope(context), dataset, owner: ownerOf(context, of) });
  const scored = rows.flatMap(({ id, as_of, score }) => (score ? [{ forecast: id, asOf: as_of, score }] : []));
  const inState = (...states: store.ForecastRow['state'][]) =>
    rows.filter(({ state }) => states.includes(state)).length;
  return {
    rounds: scored.length,
    outstanding: inState('waiting', 'locked'),
    unscored: inState('unscored'),
    failed: inState('failed'),
    ...roundsTogether(scored.map(({ score }) => score)),
    items: scored.map(({ forecast, asOf, score }) => ({
      forecast,
      asOf,
      brier: score.forecast.brier,
      naive: score.naive.brier,
    })),
  };
}
