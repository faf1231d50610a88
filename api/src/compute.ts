import { z } from 'zod';
import { route } from './contract.ts';
import { jobReceipt } from './job/receipt.ts';
import { jobSpecification } from './job/specification.ts';
import { pageOf, pageQuery, text, uuid } from './page.ts';

const time = z.iso.datetime();
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'small letters, digits and hyphens');
const count = z.int().min(0);
const signature = z.string().regex(/^[A-Za-z0-9+/]{16,200}={0,2}$/, 'base64');

/** Where a joint analysis stands. */
export const jobStates = [
  'open',
  'approved',
  'started',
  'sealed',
  'aborted',
  'cancelled',
  'expired',
  'disputed',
] as const;
const jobState = z.enum(jobStates);
export type JobState = z.infer<typeof jobState>;

/** What an institution could bring into a joint analysis: how it is built and how much, never a value. */
const offerInput = z.object({
  title: z.string().trim().min(1).max(200),
  individuals: z.int().min(10).describe('How many; fewer than ten are not offered'),
  variants: count.optional(),
  columns: z
    .array(z.object({ name: z.string().min(1).max(200), meaning: z.string().max(500).default('') }))
    .max(200)
    .default([]),
});
const offer = offerInput.extend({ name: slug, updatedAt: time });

const party = z.object({
  id: uuid,
  organisation: uuid,
  name: slug,
  fingerprint: hex32.describe('SHA-256 of the certificate'),
  certificate: z.string(),
  registeredAt: time,
  offers: z.array(offer),
});
export type Party = z.infer<typeof party>;

/** What the holder of a certificate signs to register it; bound to the organisation, so that nobody else can use it. */
export const partyProof = (given: { organisation: string; name: string; fingerprint: string }) => ({
  type: 'geneward.party.v1',
  ...given,
});

const learnt = z.object({
  code: z.string(),
  who: z.array(z.string()).readonly(),
  when: z.enum(['always', 'collusion', 'deviation']),
  text,
});

/** A computed explanation with its hash, which an approval names. */
const explained = z.object({
  sha256: hex32.describe('Of the canonical specification'),
  learns: z.array(learnt).readonly(),
  learnsSha256: hex32.describe('Of the canonical JSON of "learns"'),
});

const jobAbort = z.strictObject({
  job: hex32,
  party: slug,
  code: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  phase: z.string().regex(/^[a-zA-Z0-9 -]{1,60}$/),
});

export type JobAbort = z.infer<typeof jobAbort>;

const jobBrief = z.object({
  id: uuid,
  sha256: hex32,
  kind: z.string(),
  purpose: z.string(),
  state: jobState,
  parties: z.array(z.string()),
  openedAt: time,
  expiresAt: time,
});

const jobView = jobBrief.extend({
  ...explained.shape,
  parties: z.array(
    z.object({
      name: slug,
      organisation: uuid,
      fingerprint: hex32,
      commitment: hex32,
      approval: z.object({ person: uuid, at: time, learnsSha256: hex32 }).optional(),
    }),
  ),
  specification: jobSpecification,
  openedBy: z.object({ organisation: uuid, person: uuid }),
  startedAt: time.optional(),
  endedAt: time.optional(),
  result: z.object({ sha256: hex32, kept: z.boolean() }).optional(),
  abort: jobAbort.omit({ job: true }).optional(),
});
export type JobView = z.infer<typeof jobView>;

/** How far a party is; what it says comes from its process. */
const jobProgress = z.object({
  phase: jobAbort.shape.phase,
  round: count,
  elements: count,
  sentBytes: count,
  receivedBytes: count,
});
export type JobProgress = z.infer<typeof jobProgress>;

const momentTypes = [
  'opened',
  'approved',
  'withdrawn',
  'started',
  'progress',
  'sealed',
  'result',
  'aborted',
  'cancelled',
  'expired',
  'disputed',
] as const;

/** One event of the stream: `id` is its place, `event` its type, `data` this as JSON. */
export const jobMoment = z.object({
  at: time,
  type: z.enum(momentTypes),
  party: z.string().optional(),
  progress: jobProgress.optional(),
  abort: jobAbort.omit({ job: true, party: true }).optional(),
});
export type JobMoment = z.infer<typeof jobMoment>;

const freeze = z.object({ reference: z.string(), organisation: uuid, reason: z.string(), at: time });
const byJob = z.object({ job: uuid });
const byParty = z.object({ party: uuid });
const closed = ['job_transition_refused'] as const;

/** Joint analyses: who takes part, what is computed, who approved it, how it goes and what came out. */
export const computeRoutes = {
  jobTemplates: route({
    method: 'GET',
    path: '/compute/templates',
    summary: { en: 'Specifications to start from', zh: '任务模板' },
    caller: 'anyone',
    reply: z.object({ items: z.array(z.object({ analysis: z.unknown(), inputs: z.array(z.string()) })) }),
  }),
  explainJob: route({
    method: 'POST',
    path: '/compute/explanation',
    summary: { en: 'Who learns what from a specification', zh: '某任务规格中各方将得知的内容' },
    caller: 'anyone',
    body: z.object({ specification: jobSpecification }),
    reply: explained,
  }),
  listParties: route({
    method: 'GET',
    path: '/compute/parties',
    summary: { en: 'Institutions that take part, and what they offer', zh: '参与方及其可提供的数据概况' },
    caller: 'read',
    query: pageQuery,
    reply: pageOf(party),
  }),
  registerParty: route({
    method: 'POST',
    path: '/compute/parties',
    summary: { en: 'Register the certificate of a party process', zh: '登记参与方进程的证书' },
    caller: 'compute',
    body: z.object({
      name: slug,
      certificate: z.string().min(100).max(10_000).describe('PEM'),
      signature: signature.describe('By its key, over the canonical JSON of type, organisation, name and fingerprint'),
    }),
    reply: party,
    status: 201,
    idempotent: true,
    problems: ['party_taken', 'party_unproven'],
  }),
  retireParty: route({
    method: 'DELETE',
    path: '/compute/parties/:party',
    summary: { en: 'Retire a party; its open jobs cannot start', zh: '停用参与方，其未开始的任务将不能启动' },
    caller: 'compute',
    params: byParty,
  }),
  putOffer: route({
    method: 'PUT',
    path: '/compute/parties/:party/offers/:offer',
    summary: { en: 'Say what a party could bring: schema and counts only', zh: '登记可提供的数据概况（仅结构与计数）' },
    caller: 'compute',
    params: byParty.extend({ offer: slug }),
    body: offerInput,
    reply: offer,
    problems: ['too_many_offers'],
  }),
  removeOffer: route({
    method: 'DELETE',
    path: '/compute/parties/:party/offers/:offer',
    summary: { en: 'Take an offer back', zh: '撤回数据概况' },
    caller: 'compute',
    params: byParty.extend({ offer: slug }),
  }),
  listJobs: route({
    method: 'GET',
    path: '/compute/jobs',
    summary: { en: 'Joint analyses of the own institution, newest first', zh: '本机构参与的联合分析，最新的在前' },
    caller: 'read',
    query: pageQuery.extend({ state: jobState.optional(), party: slug.optional() }),
    reply: pageOf(jobBrief),
  }),
  openJob: route({
    method: 'POST',
    path: '/compute/jobs',
    summary: { en: 'Put a specification before its parties', zh: '向各参与方提交任务规格' },
    caller: 'compute',
    body: z.object({ specification: jobSpecification, expiresInDays: z.int().min(1).max(365).default(30) }),
    reply: jobView,
    status: 201,
    idempotent: true,
    problems: ['party_unknown', 'job_of_others', 'party_of_one_organisation', 'recipient_unknown', 'job_exists'],
  }),
  getJob: route({
    method: 'GET',
    path: '/compute/jobs/:job',
    summary: { en: 'A joint analysis with its approvals', zh: '查看联合分析及其批准情况' },
    caller: 'read',
    params: byJob,
    reply: jobView,
  }),
  approveJob: route({
    method: 'PUT',
    path: '/compute/jobs/:job/approval',
    summary: {
      en: 'Approve exactly this specification after reading who learns what',
      zh: '在阅读各方将得知的内容后批准该任务规格',
    },
    caller: 'compute',
    params: byJob,
    body: z.object({ sha256: hex32, learnsSha256: hex32 }),
    reply: jobView,
    problems: [...closed, 'specification_differs', 'explanation_differs', 'consent_frozen'],
  }),
  withdrawApproval: route({
    method: 'DELETE',
    path: '/compute/jobs/:job/approval',
    summary: { en: 'Withdraw the approval before the start', zh: '启动前撤回批准' },
    caller: 'compute',
    params: byJob,
    reply: jobView,
    problems: closed,
  }),
  startJob: route({
    method: 'POST',
    path: '/compute/jobs/:job/start',
    summary: { en: 'Let the parties begin, when all have approved', zh: '各方均批准后启动' },
    caller: 'compute',
    params: byJob,
    reply: jobView,
    problems: [...closed, 'job_not_approved', 'consent_frozen', 'party_unknown'],
  }),
  cancelJob: route({
    method: 'POST',
    path: '/compute/jobs/:job/cancellation',
    summary: { en: 'Take a job back before the start', zh: '启动前取消任务' },
    caller: 'compute',
    params: byJob,
    reply: jobView,
    problems: closed,
  }),
  reportProgress: route({
    method: 'POST',
    path: '/compute/jobs/:job/progress',
    summary: { en: 'A party process says how far it is', zh: '参与方进程报告进度' },
    caller: 'compute',
    params: byJob,
    body: z.object({ progress: z.array(jobProgress).min(1).max(100) }),
    problems: closed,
  }),
  abortJob: route({
    method: 'POST',
    path: '/compute/jobs/:job/abort',
    summary: { en: 'A party process ends the job: code and phase, signed', zh: '参与方进程中止任务：签名的代码与阶段' },
    caller: 'compute',
    params: byJob,
    body: z.object({ abort: jobAbort, signature }),
    reply: jobView,
    problems: [...closed, 'statement_unproven'],
  }),
  sealJob: route({
    method: 'PUT',
    path: '/compute/jobs/:job/receipt',
    summary: { en: 'Hand in the receipt that all parties signed', zh: '提交各方签署的回执' },
    caller: 'compute',
    params: byJob,
    body: jobReceipt,
    reply: jobView,
    problems: [...closed, 'receipt_wrong'],
  }),
  getReceipt: route({
    method: 'GET',
    path: '/compute/jobs/:job/receipt',
    summary: { en: 'The receipt, to be checked by anybody', zh: '任何人可核验的回执' },
    caller: 'read',
    params: byJob,
    reply: jobReceipt,
    problems: ['job_not_sealed'],
  }),
  putResult: route({
    method: 'PUT',
    path: '/compute/jobs/:job/result',
    summary: {
      en: 'Hand in the result for its agreed recipients, as canonical JSON',
      zh: '为约定的接收方提交结果（规范 JSON）',
    },
    caller: 'compute',
    params: byJob,
    bytes: { in: ['*/*'] },
    reply: jobView,
    problems: ['job_not_sealed', 'result_not_agreed', 'result_differs', 'result_too_large'],
  }),
  getResult: route({
    method: 'GET',
    path: '/compute/jobs/:job/result',
    summary: { en: 'The result as JSON, as a table or as a report', zh: '结果：JSON、表格或报告' },
    caller: 'read',
    params: byJob,
    query: z.object({ format: z.enum(['json', 'tsv', 'html']).default('json') }),
    bytes: { out: ['application/json', 'text/tab-separated-values', 'text/html'] },
    problems: ['result_not_here'],
  }),
  jobEvents: route({
    method: 'GET',
    path: '/compute/jobs/:job/events',
    summary: {
      en: 'What happens, live (Server-Sent Events); goes on after Last-Event-ID',
      zh: '实时事件流（SSE），可从 Last-Event-ID 续传',
    },
    caller: 'read',
    params: byJob,
    bytes: { out: ['text/event-stream'] },
    problems: ['too_many_streams'],
  }),
  freezeConsent: route({
    method: 'POST',
    path: '/compute/freezes',
    summary: { en: 'From now on no job under this consent starts', zh: '冻结同意：此后引用该同意的任务不得启动' },
    caller: 'compute',
    body: z.object({ reference: z.string().trim().min(1).max(500), reason: z.string().trim().min(1).max(2000) }),
    reply: freeze,
    status: 201,
    idempotent: true,
  }),
  listFreezes: route({
    method: 'GET',
    path: '/compute/freezes',
    summary: { en: 'Frozen consents of the own institution', zh: '本机构已冻结的同意' },
    caller: 'read',
    query: pageQuery,
    reply: pageOf(freeze),
  }),
} as const;
