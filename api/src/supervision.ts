import { z } from 'zod';
import { route } from './contract.ts';
import { objectRef, outcome } from './event.ts';
import { ledgerLevel } from './ledger.ts';
import { pageOf, pageQuery, uuid } from './page.ts';
import { stages } from './stage.ts';

const place = z.string().regex(/^\d{1,19}$/);

/** An act as a regulator sees it: who acted is told by kind and organisation, never by person. */
export const supervisedAct = z.object({
  seq: z.string(),
  at: z.iso.datetime(),
  type: z.string(),
  stage: z.enum(stages),
  outcome,
  actor: z.enum(['person', 'system', 'anonymous']),
  organisation: z.string().optional(),
  object: objectRef.optional(),
  content: z.record(z.string(), z.unknown()),
  index: place.optional().describe('Place in the log; missing while the act waits for it'),
  level: ledgerLevel,
});
export type SupervisedAct = z.infer<typeof supervisedAct>;

const filters = z.object({
  stage: z.enum(stages).optional(),
  type: z.string().max(100).optional().describe('Exact type, or a module followed by a dot: "object."'),
  outcome: outcome.optional(),
  organisation: uuid.optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type SupervisionFilter = z.infer<typeof filters>;

/** A plan that has no end in time, or an end that does not fit it. */
export const planFinding = z.object({
  problem: z.enum(['unfinished', 'mismatch']),
  plan: z.object({ seq: z.string(), at: z.iso.datetime(), type: z.string(), object: objectRef.optional() }),
  end: z.object({ seq: z.string(), at: z.iso.datetime(), type: z.string() }).optional(),
  hours: z.int().describe('After so many hours somebody should ask'),
});
export type PlanFinding = z.infer<typeof planFinding>;

/** What regulators and auditors look at. Nothing here changes anything, and every look is an act itself. */
export const supervisionRoutes = {
  supervisedActs: route({
    method: 'GET',
    path: '/supervision/acts',
    summary: {
      en: 'Acts on the platform with their places in the log, newest first',
      zh: '平台操作及其在日志中的位置，最新的在前',
    },
    caller: 'audit',
    query: pageQuery.extend(filters.shape),
    reply: pageOf(supervisedAct),
  }),
  exportActs: route({
    method: 'GET',
    path: '/supervision/export',
    summary: { en: 'Acts as a file, oldest first, at most 100,000', zh: '导出操作记录，最早的在前，至多 10 万条' },
    caller: 'audit',
    query: filters.extend({ format: z.enum(['tsv', 'json']).default('tsv') }),
    bytes: { out: ['text/tab-separated-values', 'application/json'] },
  }),
  planFindings: route({
    method: 'GET',
    path: '/supervision/plans',
    summary: {
      en: 'Plans without an end in time, and ends that do not fit their plan',
      zh: '逾期未结束或与计划不符的操作',
    },
    caller: 'audit',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200) }),
    reply: z.object({ items: z.array(planFinding) }),
  }),
} as const;
