import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { text } from './page.ts';
import { defineProblems } from './problem.ts';
import { stages } from './stage.ts';

const bigNumber = z.string().regex(/^\d{1,19}$/);

/** Why nothing is signed any more. */
export const ledgerAlarmCodes = [
  'rolled_back',
  'forked',
  'head_unreadable',
  'origin_changed',
  'witness_ahead',
  'witness_disagrees',
  'chain_ahead',
  'chain_disagrees',
  'chain_frozen',
] as const;

export const ledgerAlarm = z.object({
  code: z.enum(ledgerAlarmCodes),
  text,
  mend: text,
  missing: z
    .object({
      from: bigNumber.describe('First entry that the database lacks'),
      to: bigNumber.describe('The log has this many entries'),
      types: z.record(z.string(), z.int()).describe('Acts that are missing, by type, as far as the log’s files tell'),
    })
    .optional(),
});
export type LedgerAlarm = z.infer<typeof ledgerAlarm>;

/** How far a place in the log can be trusted. */
export const ledgerLevels = ['pending', 'L0', 'L1', 'L2', 'L3'] as const;
export const ledgerLevel = z.enum(ledgerLevels);
export type LedgerLevel = z.infer<typeof ledgerLevel>;

export const ledgerAct = z.object({
  index: bigNumber.describe('Place in the log, from 0'),
  at: z.iso.datetime(),
  type: z.string(),
  stage: z.enum(stages),
  about: z.object({ kind: z.string(), id: z.string() }),
  level: ledgerLevel,
  erased: z.boolean().describe('The statement was destroyed; the entry remains'),
});
export type LedgerAct = z.infer<typeof ledgerAct>;

export const ledgerStatus = z.object({
  origin: z.string(),
  key: z.string().describe('Verifier key of the log, C2SP signed-note'),
  size: bigNumber.describe('Entries in the log'),
  signed: bigNumber.describe('Entries under the newest checkpoint'),
  witnessed: bigNumber.describe('Entries under the newest checkpoint that a quorum of witnesses has seen'),
  final: bigNumber.describe('Entries under the newest checkpoint that the consortium chain has made final'),
  anchored: bigNumber.describe('Entries under the newest checkpoint that an EVM chain has accepted'),
  chain: z
    .object({
      id: z.string(),
      standing: z.enum(['final', 'pending', 'unreachable', 'refused']),
      size: bigNumber.describe('Entries under the largest head that the chain was seen to have'),
      detail: z.string(),
      at: z.iso.datetime(),
    })
    .optional()
    .describe('Where the log stands with the consortium chain; missing when none is configured or none was asked yet'),
  anchor: z
    .object({
      chainId: bigNumber,
      contract: z.string(),
      transaction: z.string(),
      block: bigNumber,
      size: bigNumber,
      at: z.iso.datetime(),
    })
    .optional()
    .describe('Where a head was last laid down outside'),
  waiting: z.int().describe('Acts that have no place yet, at most 10,000'),
  witnesses: z.array(z.object({ name: z.string(), size: bigNumber, at: z.iso.datetime().optional() })),
  policy: z
    .string()
    .describe('The policy that this installation works by, C2SP tlog-policy. Do not trust it from here.'),
  alarm: ledgerAlarm.optional(),
});
export type LedgerStatus = z.infer<typeof ledgerStatus>;

const receiptForm = z.object({
  format: z
    .enum(['tlog-proof', 'cose'])
    .default('tlog-proof')
    .describe('C2SP tlog-proof, or COSE with a Receipt of Inclusion (RFC 9942)'),
});
const named = z.object({ object: z.string().max(100) });

/** Where acts stand in the log, and what proves it. */
export const ledgerRoutes = {
  ledgerStatus: route({
    method: 'GET',
    path: '/ledger',
    summary: { en: 'The state of the log', zh: '日志状态' },
    caller: 'anyone',
    reply: ledgerStatus,
  }),
  objectLife: route({
    method: 'GET',
    path: '/ledger/objects/:object',
    summary: { en: 'The acts in the life of an object, oldest first', zh: '对象生命周期中的各项操作，最早的在前' },
    caller: 'anyone',
    params: named,
    reply: z.object({
      object: z.string(),
      accession: z.string().optional(),
      type: z.string(),
      items: z.array(ledgerAct),
      truncated: z.boolean(),
    }),
  }),
  objectReceipt: route({
    method: 'GET',
    path: '/ledger/objects/:object/receipts/:index',
    summary: { en: 'The receipt of an act in the life of an object', zh: '对象某项操作的回执' },
    caller: 'anyone',
    params: named.extend({ index: bigNumber }),
    query: receiptForm,
    bytes: { out: ['text/plain', 'application/cose'] },
    problems: ['receipt_not_ready', 'entry_altered'],
  }),
  entryReceipt: route({
    method: 'GET',
    path: '/ledger/entries/:index/receipt',
    summary: { en: 'The receipt of any act, for auditors', zh: '任意操作的回执，供审计人员使用' },
    caller: 'audit',
    params: z.object({ index: bigNumber }),
    query: receiptForm,
    bytes: { out: ['text/plain', 'application/cose'] },
    problems: ['receipt_not_ready', 'entry_altered'],
  }),
} as const;

export const ledgerProblems = defineProblems({
  receipt_not_ready: {
    status: 409,
    title: { en: 'The act is not under a signed checkpoint yet', zh: '该操作尚未纳入已签署的检查点' },
    hint: {
      en: 'Ask again in a few seconds. When it stays so, look at /ready: the log may have stopped signing.',
      zh: '请数秒后重试。若持续如此，请查看 /ready：日志可能已停止签署。',
    },
  },
  entry_altered: {
    status: 500,
    title: {
      en: 'The database holds something else for this act than what the log has signed',
      zh: '数据库中该操作的内容与日志已签署的不一致',
    },
    hint: {
      en: 'No receipt is made of it. Tell the administrator: somebody has changed the database. docs/ledger.md says what to do.',
      zh: '不会为其出具回执。请告知管理员：数据库已被改动，处理方法见 docs/ledger.md。',
    },
  },
});

export const ledgerEvents = defineEvents({
  'ledger.recovered': z.object({ from: bigNumber, to: bigNumber, lost: z.record(z.string(), z.int()), found: z.int() }),
  'ledger.erased': z.object({ entries: z.int() }),
  'ledger.thinned': z.object({ checkpoints: z.int() }),
  'ledger.supervised': z.object({
    filters: z.array(z.string()),
    acts: z.int(),
    form: z.enum(['page', 'tsv', 'json', 'plans']),
  }),
});
