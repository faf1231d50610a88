import { createHash } from 'node:crypto';
import {
  dominates,
  openLabel,
  uuid,
  type accessRoutes,
  type BodyOf,
  type Downgrade,
  type Policy,
  type QueryOf,
  type ReplyOf,
} from '@geneward/api';
import { z } from 'zod';
import { record } from '../../platform/audit.ts';
import { readEvents } from '../../platform/audit-trail.ts';
import type { Context, Principal } from '../../platform/context.ts';
import { transaction, type Tx } from '../../platform/db.ts';
import type { Signer } from '../../platform/keys/signer.ts';
import { pageFrom, positionOf } from '../../platform/page.ts';
import { Problem } from '../../platform/problem.ts';
import { Refusal } from '../../platform/refuse.ts';
import { principalOf } from '../identity/index.ts';
import { authorize } from './authorize.ts';
import { decide, mayKnowOf } from './decide.ts';
import { policies, type LoadedPolicy } from './policies.ts';
import type { AccessPorts } from './ports.ts';
import { canonicalDowngrade, isDowngrade } from './rules.ts';
import * as store from './store.ts';

const installation = { kind: 'installation', id: 'installation', label: openLabel } as const;

/** Why somebody may or may not do something: the policies that decide, in words and in Cedar. */
export async function explain(
  context: Context,
  input: BodyOf<typeof accessRoutes.explain>,
): Promise<ReplyOf<typeof accessRoutes.explain>> {
  authorize(context, 'access:explain', installation);
  const { action, resource } = input;
  const principal: Principal | undefined =
    input.principal === 'anonymous' ? { kind: 'anonymous' } : await principalOf(context, input.principal.person);
  if (!principal) throw new Problem('not_found');
  const decision = decidable(() => decide(principal, action, resource));
  await record(context.db, context, {
    type: 'access.explained',
    object: { kind: resource.kind, id: resource.id },
    content: {
      principal: principal.kind === 'person' ? principal.id : principal.kind,
      action,
      allowed: decision.allowed,
    },
  });
  return {
    allowed: decision.allowed,
    visible: mayKnowOf(principal, action, resource),
    policies: decision.policies.flatMap((id) => policies.get(id) ?? []).map(policyView),
    reasons: [...decision.reasons],
  };
}

/** An act that does not go with the kind of thing is a mistake of the caller here, not of the program. */
function decidable<T>(ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    throw new Problem('invalid_request', {
      issues: [{ path: 'body.action', message: 'does not apply to this kind of resource' }],
      cause,
    });
  }
}

export async function listPolicies(context: Context): Promise<{ items: Policy[] }> {
  authorize(context, 'access:explain', installation);
  return { items: [...policies.values()].map(policyView) };
}

const policyView = ({ id, effect, meaning, source }: LoadedPolicy): Policy => ({ id, effect, meaning, source });

/** Audit events, newest first. That they were read is an event itself. */
export async function readAudit(
  context: Context,
  query: QueryOf<typeof accessRoutes.audit>,
): Promise<ReplyOf<typeof accessRoutes.audit>> {
  authorize(context, 'audit:read', { kind: 'audit', id: 'audit', label: openLabel });
  const { after, limit, ...filter } = query;
  const before = positionOf(after, z.string().regex(/^\d{1,18}$/));
  const events = await readEvents(context.db, { ...filter, before, limit: limit + 1 });
  const page = pageFrom(
    events,
    limit,
    (event) => event.seq,
    (event) => event,
  );
  await record(context.db, context, {
    type: 'access.audit_read',
    content: { filters: Object.keys(filter), events: page.items.length },
  });
  return page;
}

/** First half of a downgrade: a security administrator says what should go down and why. Nothing changes yet. */
export async function proposeDowngrade(
  context: Context,
  input: BodyOf<typeof accessRoutes.proposeDowngrade>,
): Promise<Downgrade> {
  const { object, from, to, reason } = input;
  authorize(context, 'object:downgrade', { ...object, label: from });
  if (!isDowngrade(from, to)) throw new Problem('not_a_downgrade');
  return transaction(context.db, async (tx) => {
    const row = await store.insertDowngrade(tx, { object, from, to, reason, by: personOf(context), at: context.now() });
    await record(tx, context, {
      type: 'access.downgrade_proposed',
      object,
      content: { downgrade: row.id, from, to, reasonSha256: sha256(reason) },
    });
    return store.downgradeView(row);
  });
}

/** Second half: another person signs or refuses. Signed, the label is lowered with the same transaction. */
export async function signDowngrade(
  context: Context,
  ports: AccessPorts & { signer: () => Signer },
  input: { downgrade: string; accept: boolean },
): Promise<Downgrade> {
  return transaction(context.db, async (tx) => {
    const row = await store.lockDowngrade(tx, input.downgrade);
    if (!row) throw new Problem('not_found');
    const view = store.downgradeView(row);
    authorize(context, 'object:countersign_downgrade', { kind: 'object', id: row.object_id, label: view.from });
    const by = personOf(context);
    if (row.proposed_by === by) {
      throw new Refusal('second_person_needed', {
        type: 'access.second_person_needed',
        object: view.object,
        content: { downgrade: row.id },
      });
    }
    if (row.state !== 'proposed') throw new Problem('conflict', { params: { state: row.state } });
    const at = context.now();
    if (!input.accept) {
      const refused = await store.decideDowngrade(tx, row.id, { state: 'refused', by, at });
      await record(tx, context, {
        type: 'access.downgrade_refused',
        object: view.object,
        content: { downgrade: row.id },
      });
      return store.downgradeView(refused);
    }
    await lower(tx, ports, view);
    const key = ports.signer();
    const signature = key.sign(canonicalDowngrade({ ...view, signedBy: by, signedAt: at.toISOString() }));
    const { publicKey } = key;
    const signed = await store.decideDowngrade(tx, row.id, { state: 'signed', by, at, signature, publicKey });
    await record(tx, context, {
      type: 'access.downgrade_signed',
      object: view.object,
      content: { downgrade: row.id, from: view.from, to: view.to, reasonSha256: sha256(row.reason), signature },
    });
    return store.downgradeView(signed);
  });
}

/** Lowers what was signed; refuses when the label has risen above what the proposal knew. */
async function lower(tx: Tx, { lowerLabel }: AccessPorts, { object, from, to }: Downgrade): Promise<void> {
  const label = await lowerLabel(tx, object.id, { from, to });
  if (!label) throw new Problem('not_found');
  if (!dominates(to, label)) throw new Problem('conflict', { params: { state: `grade ${label.grade}` } });
}

export async function listDowngrades(
  context: Context,
  query: QueryOf<typeof accessRoutes.downgrades>,
): Promise<ReplyOf<typeof accessRoutes.downgrades>> {
  authorize(context, 'access:explain', installation);
  const rows = await store.findDowngrades(context.db, {
    objectId: query.objectId,
    after: positionOf(query.after, uuid),
    limit: query.limit + 1,
  });
  return pageFrom(rows, query.limit, (row) => row.id, store.downgradeView);
}

function personOf({ principal }: Context): string {
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  return principal.id;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
