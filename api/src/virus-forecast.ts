import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { findingView } from './finding.ts';
import { pageOf, pageQuery, uuid } from './page.ts';
import { virusCitation, whose } from './virus.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.iso.date();
const time = z.iso.datetime();

/** How far a forecast is: locked until the truth has come, then scored; what cannot be made or scored stays and says why. */
export const forecastStates = ['waiting', 'locked', 'scored', 'unscored', 'failed', 'replaced'] as const;

const score = z.object({
  outcomes: z.int().describe('Places and days that were scored: those of which nothing was known when it was locked'),
  genomes: z.int(),
  brier: z.number(),
  energy: z.number(),
  cover50: z.number().describe('Share of counts inside of the middle 50 %'),
  cover80: z.number(),
  cover95: z.number(),
});

export const virusForecast = z.object({
  id: uuid,
  dataset: sha256,
  of: whose,
  organisation: uuid.optional().describe('Who locked it; the platform itself without'),
  state: z.enum(forecastStates),
  asOf: day.describe('Last day of which anything was used'),
  days: z.int().describe('Days ahead'),
  dueOn: day.describe('When the truth is taken and it is scored'),
  knownAt: time.describe('What was on the platform at this time is what it was made from'),
  lockedAt: time.optional(),
  genomes: z.int().describe('Genomes that it was made from'),
  withdrawn: z.int().describe('Genomes that it was made from and that were withdrawn since'),
  sha256: sha256.optional().describe('Of the locked forecast as canonical JSON with a line end; on the ledger'),
  countsSha256: sha256.optional().describe('Of the counts that it was made from; on the ledger'),
  truthSha256: sha256.optional().describe('Of the counts that it was scored by; on the ledger'),
  program: z.string().optional(),
  rising: z.array(z.string()).describe('Lineages that are rare and rise by more than chance'),
  score: z.object({ forecast: score, naive: score, scoredAt: time, program: z.string() }).optional(),
  finding: findingView.optional().describe('Why it was not made, or not scored'),
  replaces: uuid.optional().describe('The forecast that this was made anew from, without what was withdrawn'),
  replacedBy: uuid.optional(),
});
export type VirusForecast = z.output<typeof virusForecast>;

const paired = z.object({
  mean: z.number().describe('Forecast less no change: below 0 the forecast is better'),
  median: z.number(),
  low: z.number().describe('Lower end of the middle 95 % of a bootstrap over rounds'),
  high: z.number(),
});

const byId = z.object({ forecast: uuid });
const which = z.object({ dataset: sha256.optional(), of: whose.optional() });

export const virusForecastRoutes = {
  lockVirusForecast: route({
    method: 'POST',
    path: '/virus/forecasts',
    summary: {
      en: 'Lock a forecast of the lineages from what is known now; it is scored when the truth has come, and stays whatever comes out',
      zh: '以当前已知数据锁定谱系预测；真实数据到达后自动评分，结果无论好坏均保留',
    },
    caller: 'submit',
    body: z.object({
      dataset: z.string().trim().min(1).max(200).describe('Hash, id, name or shortcut, also with @version'),
      of: whose,
      days: z.int().min(1).max(90).default(30),
      wait: z.int().min(0).max(365).default(60).describe('Days after the last one until the truth is taken'),
    }),
    reply: virusForecast,
    status: 202,
    idempotent: true,
    problems: ['virus_dataset_unknown'],
  }),
  listVirusForecasts: route({
    method: 'GET',
    path: '/virus/forecasts',
    summary: {
      en: 'Forecasts, newest first, with their scores and failures',
      zh: '预测列表（含评分与失败），最新的在前',
    },
    caller: 'anyone',
    query: pageQuery.extend(which.shape).extend({ state: z.enum(forecastStates).optional() }),
    reply: pageOf(virusForecast),
  }),
  getVirusForecast: route({
    method: 'GET',
    path: '/virus/forecasts/:forecast',
    summary: { en: 'A forecast with all that it says', zh: '查看预测的全部内容' },
    caller: 'anyone',
    params: byId,
    reply: virusForecast.extend({
      forecast: z.record(z.string(), z.unknown()).optional().describe('What was locked'),
      citation: virusCitation,
    }),
  }),
  getVirusForecastFile: route({
    method: 'GET',
    path: '/virus/forecasts/:forecast/:file',
    summary: {
      en: 'The locked forecast, the counts that it was made from or those it was scored by, byte for byte as they were hashed',
      zh: '下载锁定的预测、所用计数或评分所用计数（与哈希逐字节一致）',
    },
    caller: 'anyone',
    params: byId.extend({ file: z.enum(['forecast.json', 'counts.tsv', 'truth.tsv']) }),
    bytes: { out: ['application/json', 'text/tab-separated-values'] },
  }),
  virusScores: route({
    method: 'GET',
    path: '/virus/scores',
    summary: {
      en: 'All rounds that were scored, forecast against no change, and how many were not',
      zh: '全部已评分轮次：预测对比“无变化”，以及未评分的轮数',
    },
    caller: 'anyone',
    query: which,
    reply: z.object({
      rounds: z.int(),
      outstanding: z.int().describe('Locked; the truth has not come'),
      unscored: z.int(),
      failed: z.int(),
      brier: paired.optional(),
      energy: paired.optional(),
      cover50: z.number().optional(),
      cover80: z.number().optional(),
      cover95: z.number().optional(),
      items: z.array(z.object({ forecast: uuid, asOf: day, brier: z.number(), naive: z.number() })),
    }),
  }),
};

export const virusForecastEvents = defineEvents({
  'virus.forecast_asked': z.object({ dataset: sha256, of: whose, asOf: day, days: z.int() }),
  'virus.forecast_locked': z.object({
    dataset: sha256,
    asOf: day,
    days: z.int(),
    dueOn: day,
    countsSha256: sha256,
    sha256,
    program: z.string(),
    rising: z.array(z.string()),
    falseAlarms: z.number().describe('False alarms to be expected of one look, at most'),
    replaces: uuid.optional(),
  }),
  'virus.forecast_failed': z.object({ code: z.string() }),
  'virus.forecast_scored': z.object({
    sha256,
    truthSha256: sha256,
    scoreSha256: sha256,
    brier: z.number(),
    naiveBrier: z.number(),
    program: z.string(),
  }),
  'virus.forecast_unscored': z.object({ sha256, code: z.string() }),
  'virus.forecast_replaced': z.object({ by: uuid }),
});
