import {
  openLabel,
  uuid,
  type Label,
  type identityRoutes,
  type Person,
  type QueryOf,
  type ReplyOf,
} from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { passwordRules } from '../password-rules.ts';
import type { IdentityParts } from '../ports.ts';
import * as store from '../store.ts';
import { tellOwner } from './account-notices.ts';
import { expectOthersInOffice } from './roles.ts';
import { accountSubject } from './sign-in.ts';
import { authorizedPerson, personNow } from './who.ts';

const anybody = { kind: 'person', id: '*', label: openLabel } as const;

export async function listPeople(
  parts: IdentityParts,
  context: Context,
  query: QueryOf<typeof identityRoutes.people>,
): Promise<ReplyOf<typeof identityRoutes.people>> {
  parts.authorize(context, 'person:list', anybody);
  const { limit, after, ...filter } = query;
  const rows = await store.findPeople(context.db, { ...filter, after: positionOf(after, uuid), limit: limit + 1 });
  return pageFrom(rows, limit, (row) => row.id, store.administeredView);
}

export async function getPerson(parts: IdentityParts, context: Context, id: string): Promise<Person> {
  const row = await authorizedPerson(parts, context, 'person:read', id);
  const administers = parts.allows(context, 'person:list', anybody);
  return administers ? store.administeredView(row) : store.personView(row);
}

/** Ends an account for now: nobody signs in with it, and its sessions and tokens end. */
export async function disablePerson(
  parts: IdentityParts,
  context: Context,
  id: string,
  reason: string,
): Promise<Person> {
  const { roles } = await authorizedPerson(parts, context, 'person:disable', id);
  return transaction(context.db, async (tx) => {
    for (const role of roles) await expectOthersInOffice(tx, role, id);
    await store.lockPerson(tx, id);
    await store.updatePerson(tx, id, { status: 'disabled', status_reason: reason });
    const sessions = await store.revokeSessions(tx, id, context.now());
    const tokens = await store.revokeTokens(tx, id, context.now());
    await record(tx, context, {
      type: 'identity.person_disabled',
      object: { kind: 'person', id },
      content: { person: id, sessions: sessions.length, tokens: tokens.length },
    });
    return personNow({ ...context, db: tx }, id);
  });
}

/** Ends all sessions and tokens of a person, e.g. after a lost laptop; the account stays. */
export async function endAccess(
  parts: IdentityParts,
  context: Context,
  id: string,
): Promise<{ sessions: number; tokens: number }> {
  const { organisation_id: organisation } = await authorizedPerson(parts, context, 'person:read', id);
  parts.authorize(context, 'token:manage', { kind: 'token', id: '*', organisation, owner: id, label: openLabel });
  return transaction(context.db, async (tx) => {
    const sessions = (await store.revokeSessions(tx, id, context.now())).length;
    const tokens = (await store.revokeTokens(tx, id, context.now())).length;
    await store.removeSshKeys(tx, id);
    await record(tx, context, {
      type: 'identity.access_ended',
      object: { kind: 'person', id },
      content: { person: id, sessions, tokens },
    });
    return { sessions, tokens };
  });
}

export async function enablePerson(parts: IdentityParts, context: Context, id: string): Promise<Person> {
  await authorizedPerson(parts, context, 'person:disable', id);
  return transaction(context.db, async (tx) => {
    await store.updatePerson(tx, id, { status: 'active', status_reason: null });
    await record(tx, context, {
      type: 'identity.person_enabled',
      object: { kind: 'person', id },
      content: { person: id },
    });
    return personNow({ ...context, db: tx }, id);
  });
}

/** Refuses sign-in for some time; sessions that are open go on. */
export async function lockPerson(parts: IdentityParts, context: Context, id: string, minutes: number): Promise<Person> {
  const { email } = await authorizedPerson(parts, context, 'person:lock', id);
  const now = context.now();
  const until = new Date(now.getTime() + minutes * 60_000);
  const { accountLockOut } = passwordRules(parts.config.identity.passwordProfile, now);
  return transaction(context.db, async (tx) => {
    await store.lockGuard(tx, accountSubject(email), now, until, accountLockOut);
    await record(tx, context, {
      type: 'identity.person_locked',
      object: { kind: 'person', id },
      content: { person: id, until: until.toISOString() },
    });
    return personNow({ ...context, db: tx }, id);
  });
}

export async function unlockPerson(parts: IdentityParts, context: Context, id: string): Promise<Person> {
  const { email } = await authorizedPerson(parts, context, 'person:lock', id);
  return transaction(context.db, async (tx) => {
    await store.clearGuard(tx, accountSubject(email));
    await record(tx, context, {
      type: 'identity.person_unlocked',
      object: { kind: 'person', id },
      content: { person: id },
    });
    return personNow({ ...context, db: tx }, id);
  });
}

/** Sets what a person may see of other organisations; open sessions end, so that it holds from now on. */
export async function setClearance(
  parts: IdentityParts,
  context: Context,
  id: string,
  clearance: Label,
): Promise<Person> {
  await authorizedPerson(parts, context, 'person:set_clearance', id);
  return transaction(context.db, async (tx) => {
    await store.lockPerson(tx, id);
    const before = (await personNow({ ...context, db: tx }, id)).clearance;
    await store.updatePerson(tx, id, { label: clearance });
    await store.revokeSessions(tx, id, context.now());
    await record(tx, context, {
      type: 'identity.clearance_set',
      object: { kind: 'person', id },
      content: { person: id, before, after: clearance },
    });
    await tellOwner(tx, context, id, 'identity.clearance_set', String(clearance.grade));
    return personNow({ ...context, db: tx }, id);
  });
}
