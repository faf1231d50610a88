import { z } from 'zod';
import { route, type Scope } from './contract.ts';
import { auditEvent, defineEvents, outcome } from './event.ts';
import { label } from './label.ts';
import { pageOf, pageQuery, text, uuid } from './page.ts';
import { defineProblems } from './problem.ts';

/** What an act can be done to. */
export const resourceKinds = [
  'installation',
  'organisation',
  'person',
  'token',
  'file',
  'submission',
  'object',
  'party',
  'job',
  'genomes',
  'forecast',
  'audit',
  'event',
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

interface ActionRule {
  /** A token must carry one of these for the act. */
  readonly scopes?: readonly Scope[];
  /** The act changes nothing. Who lacks the scope for it reads what a visitor may read. */
  readonly reads?: true;
  /** The act makes or lists things, so there is no single one whose existence a refusal could give away. */
  readonly onCollection?: true;
}

/**
 * Every act that a policy decides. To add one: a line here, the action in `schema.cedarschema`, a policy that permits it, and when
 * it selects lists a twin in `scope.ts`.
 */
const actionTable = {
  'installation:configure': { scopes: ['administer'], onCollection: true },
  'checklist:import': { scopes: ['review'], onCollection: true },
  'organisation:create': { scopes: ['administer'], onCollection: true },
  'organisation:read': { reads: true },
  'organisation:update': { scopes: ['administer'] },
  'person:list': { reads: true, onCollection: true },
  'person:read': { reads: true },
  'person:invite': { scopes: ['administer'], onCollection: true },
  'person:disable': { scopes: ['administer'] },
  'person:lock': { scopes: ['administer'] },
  'person:assign_role': { scopes: ['administer'] },
  'person:set_clearance': { scopes: ['administer'] },
  'person:reset_password': { scopes: ['administer'] },
  'token:manage': {},
  'audit:read': { reads: true, onCollection: true },
  'event:read': { reads: true, scopes: ['audit'], onCollection: true },
  'access:explain': { reads: true, onCollection: true },
  'file:upload': { scopes: ['submit'], onCollection: true },
  'file:read': { reads: true, scopes: ['read', 'submit', 'review'] },
  'file:delete': { scopes: ['submit'] },
  'submission:create': { scopes: ['submit'], onCollection: true },
  'submission:read': { reads: true, scopes: ['read', 'submit', 'review'] },
  'submission:edit': { scopes: ['submit'] },
  'submission:submit': { scopes: ['submit'] },
  'submission:withdraw': { scopes: ['submit'] },
  'submission:comment': { scopes: ['submit', 'review'] },
  'submission:review': { scopes: ['review'] },
  'submission:decide': { scopes: ['review'] },
  'object:read_metadata': { reads: true, scopes: ['read'] },
  'object:read_data': { reads: true, scopes: ['read'] },
  'object:read_tombstone': { reads: true, scopes: ['read'] },
  'object:edit': { scopes: ['submit'] },
  'object:release': { scopes: ['submit', 'review'] },
  'object:suppress': { scopes: ['submit', 'review'] },
  'object:withdraw': { scopes: ['submit', 'review'] },
  'object:destroy': { scopes: ['administer'] },
  'object:downgrade': { scopes: ['administer'] },
  'object:countersign_downgrade': { scopes: ['review', 'administer'] },
  'catalog:search': { reads: true, scopes: ['read'], onCollection: true },
  'catalog:reindex': { scopes: ['administer'], onCollection: true },
  'party:read': { reads: true, scopes: ['read', 'compute'], onCollection: true },
  'party:manage': { scopes: ['compute'] },
  'party:freeze_consent': { scopes: ['compute'], onCollection: true },
  'job:open': { scopes: ['compute'], onCollection: true },
  'job:read': { reads: true, scopes: ['read', 'compute'] },
  'job:read_result': { reads: true, scopes: ['read', 'compute'] },
  'job:approve': { scopes: ['compute'] },
  'job:start': { scopes: ['compute'] },
  'job:report': { scopes: ['compute'] },
  'job:cancel': { scopes: ['compute'] },
  'dataset:install': { scopes: ['review'], onCollection: true },
  'source:manage': { scopes: ['review'], onCollection: true },
  'genomes:send': { scopes: ['submit'], onCollection: true },
  'genomes:read': { reads: true, scopes: ['read', 'submit'] },
  'genomes:withdraw': { scopes: ['submit'] },
  'forecast:lock': { scopes: ['submit'], onCollection: true },
  'forecast:read': { reads: true, scopes: ['read', 'submit'] },
} as const satisfies Record<string, ActionRule>;

export type Action = keyof typeof actionTable;
export const actionRules: Readonly<Record<Action, ActionRule>> = actionTable;
export const actions = Object.keys(actionTable) as [Action, ...Action[]];

/** What a decision needs to know of the thing that is acted on. */
export const resource = z.object({
  kind: z.enum(resourceKinds),
  id: z.string().max(200),
  organisation: uuid.optional().describe('Organisation that owns it'),
  owner: uuid.optional().describe('Person who made it; for a person, that person'),
  status: z.string().max(50).optional(),
  manner: z.enum(['public', 'controlled', 'private']).optional(),
  label,
});
export interface Resource {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly organisation?: string | undefined;
  readonly owner?: string | undefined;
  readonly status?: string | undefined;
  readonly manner?: 'public' | 'controlled' | 'private' | undefined;
  readonly label: z.output<typeof label>;
}

export const policy = z.object({
  id: z.string(),
  effect: z.enum(['permit', 'forbid']),
  meaning: text.describe('What the policy says, in words'),
  source: z.string().describe('The Cedar text'),
});
export type Policy = z.infer<typeof policy>;

export const explanation = z.object({
  allowed: z.boolean(),
  visible: z
    .boolean()
    .describe('Whether the person may know that the thing exists; if not, a refusal says "not found"'),
  policies: z.array(policy).describe('The policies that decided; empty when no policy permits the act'),
  reasons: z.array(text),
});

export const downgrade = z.object({
  id: uuid,
  object: z.object({ kind: z.string(), id: z.string() }),
  from: label,
  to: label,
  reason: z.string(),
  proposedBy: uuid,
  proposedAt: z.iso.datetime(),
  state: z.enum(['proposed', 'signed', 'refused']),
  signedBy: uuid.optional(),
  signedAt: z.iso.datetime().optional(),
  signature: z.string().optional().describe('Ed25519 over the canonical content, base64'),
  key: z.string().optional().describe('Public key that verifies the signature, SPKI PEM'),
});
export type Downgrade = z.infer<typeof downgrade>;

export const auditQuery = pageQuery.extend({
  type: z.string().max(100).optional().describe('Exact type, or a module followed by a dot: "identity."'),
  outcome: outcome.optional(),
  actor: z.string().max(100).optional(),
  objectKind: z.string().max(50).optional(),
  objectId: z.string().max(200).optional(),
  requestId: z.string().max(100).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});

const byId = z.object({ downgrade: uuid });

/** Who may do what, why, and what was done. */
export const accessRoutes = {
  explain: route({
    method: 'POST',
    path: '/access/explain',
    summary: { en: 'Why a person may or may not do something', zh: '解释某人为何可以或不可以执行某操作' },
    caller: 'administer',
    body: z.object({
      principal: z.union([z.literal('anonymous'), z.object({ person: uuid })]),
      action: z.enum(actions),
      resource,
    }),
    reply: explanation,
  }),
  policies: route({
    method: 'GET',
    path: '/access/policies',
    summary: { en: 'The policies in force', zh: '现行访问策略' },
    caller: 'administer',
    reply: z.object({ items: z.array(policy) }),
  }),
  audit: route({
    method: 'GET',
    path: '/audit/events',
    summary: { en: 'Audit events, newest first', zh: '审计事件，最新的在前' },
    caller: 'audit',
    query: auditQuery,
    reply: pageOf(auditEvent),
  }),
  downgrades: route({
    method: 'GET',
    path: '/access/downgrades',
    summary: { en: 'Downgrades of labels, proposed and signed', zh: '标签降级申请与签署记录' },
    caller: 'administer',
    query: pageQuery.extend({ objectId: z.string().max(200).optional() }),
    reply: pageOf(downgrade),
  }),
  proposeDowngrade: route({
    method: 'POST',
    path: '/access/downgrades',
    summary: { en: 'Propose a lower label for something derived', zh: '申请降低派生数据的标签' },
    caller: 'administer',
    body: z.object({
      object: z.object({ kind: z.literal('object'), id: uuid }),
      from: label,
      to: label,
      reason: z.string().trim().min(10).max(2000),
    }),
    reply: downgrade,
    status: 201,
    idempotent: true,
    problems: ['not_a_downgrade'],
  }),
  signDowngrade: route({
    method: 'POST',
    path: '/access/downgrades/:downgrade/signature',
    summary: { en: 'Sign a proposed downgrade as the second person', zh: '作为第二人签署降级申请' },
    caller: 'read',
    params: byId,
    body: z.object({ accept: z.boolean() }),
    reply: downgrade,
    problems: ['second_person_needed'],
  }),
} as const;

export const accessProblems = defineProblems({
  not_a_downgrade: {
    status: 422,
    title: { en: 'The new label is not below the present one', zh: '新标签并不低于当前标签' },
    hint: {
      en: 'A downgrade lowers the grade or removes categories or jurisdictions, and adds none.',
      zh: '降级只能降低级别、减少类别或法域，不能新增。',
    },
  },
  second_person_needed: {
    status: 409,
    title: { en: 'Another person must sign', zh: '须由另一人签署' },
    hint: {
      en: 'Who proposed a downgrade cannot sign it. Ask a colleague with the right to countersign.',
      zh: '申请人不能签署自己的降级申请，请由有会签权限的同事签署。',
    },
  },
});

const downgradeContent = z.object({ from: label, to: label, reasonSha256: z.string() });

export const accessEvents = defineEvents({
  'access.explained': z.object({ principal: z.string(), action: z.string(), allowed: z.boolean() }),
  'access.audit_read': z.object({ filters: z.array(z.string()), events: z.int() }),
  'access.policies_changed': z.object({
    sha256: z.string().describe('Over all policies in force, in the order of their ids'),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    changed: z.array(z.string()),
    policies: z.record(z.string(), z.string()).describe('SHA-256 of each policy by its id'),
  }),
  'access.downgrade_proposed': downgradeContent.extend({ downgrade: uuid }),
  'access.downgrade_signed': downgradeContent.extend({ downgrade: uuid, signature: z.string() }),
  'access.downgrade_refused': z.object({ downgrade: uuid }),
  'access.second_person_needed': z.object({ downgrade: uuid }),
});
