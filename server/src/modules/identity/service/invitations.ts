import {
  openLabel,
  uuid,
  type BodyOf,
  type identityRoutes,
  type QueryOf,
  type ReplyOf,
  type Role,
} from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import type { IdentityParts } from '../ports.ts';
import { holdsTwoOffices, roleNotInvited } from '../rules.ts';
import * as store from '../store.ts';
import { addLink, lockFirstSteps } from './links.ts';
import { authorizedPerson } from './who.ts';

const anybody = { kind: 'person', id: '*', label: openLabel } as const;

/** Invites somebody; whoever opens the link makes the account. */
export async function invite(
  parts: IdentityParts,
  context: Context,
  input: BodyOf<typeof identityRoutes.invite>,
  base: string,
): Promise<ReplyOf<typeof identityRoutes.invite>> {
  parts.authorize(context, 'person:invite', anybody);
  const roles = [...new Set(input.roles)];
  const now = context.now();
  return transaction(context.db, async (tx) => {
    await lockFirstSteps(tx);
    const open = await store.openInvitations(tx, { now, limit: 1, role: 'security_administrator' });
    const holders = await store.activeHolders(tx, 'security_administrator', { lock: false });
    const refused = roleNotInvited(roles, open.length + holders.length > 0);
    if (refused) throw roleRefused('role_needs_security_administrator', refused, 'needs_security_administrator');
    if (holdsTwoOffices(roles)) throw roleRefused('offices_are_disjoint', roles[0] ?? 'reader', 'disjoint');
    const organisation = await store.organisationById(tx, input.organisation);
    if (!organisation || organisation.status === 'closed') throw new Problem('not_found');
    const waiting = await store.openInvitations(tx, { now, limit: 1, email: input.email });
    if (waiting.length > 0 || (await store.personByEmail(tx, input.email))) throw new Problem('email_taken');
    const { row, link } = await addLink(tx, base, {
      purpose: 'invitation',
      email: input.email,
      organisation_id: organisation.id,
      roles,
      created_by: context.principal.kind === 'person' ? context.principal.id : context.principal.kind,
      created_at: now,
      expires_at: new Date(now.getTime() + parts.config.identity.invitationDays * 86_400_000),
    });
    await record(tx, context, {
      type: 'identity.invited',
      object: { kind: 'invitation', id: row.id },
      content: { invitation: row.id, organisation: organisation.id, roles },
    });
    return { ...store.invitationView(row), link };
  });
}

export async function listInvitations(
  parts: IdentityParts,
  context: Context,
  query: QueryOf<typeof identityRoutes.invitations>,
): Promise<ReplyOf<typeof identityRoutes.invitations>> {
  parts.authorize(context, 'person:invite', anybody);
  const after = positionOf(query.after, uuid);
  const rows = await store.openInvitations(context.db, { now: context.now(), after, limit: query.limit + 1 });
  return pageFrom(rows, query.limit, (row) => row.id, store.invitationView);
}

export async function revokeInvitation(parts: IdentityParts, context: Context, id: string): Promise<void> {
  parts.authorize(context, 'person:invite', anybody);
  await transaction(context.db, async (tx) => {
    const revoked = await store.revokeLinks(tx, context.now(), { id, purpose: 'invitation' });
    if (revoked === 0) throw new Problem('not_found');
    await record(tx, context, {
      type: 'identity.invitation_revoked',
      object: { kind: 'invitation', id },
      content: { invitation: id },
    });
  });
}

/** A link with which somebody who lost the password sets a new one; one that was made before is taken back. */
export async function offerPasswordReset(
  parts: IdentityParts,
  context: Context,
  id: string,
  base: string,
): Promise<ReplyOf<typeof identityRoutes.offerPasswordReset>> {
  const person = await authorizedPerson(parts, context, 'person:reset_password', id);
  const now = context.now();
  return transaction(context.db, async (tx) => {
    await store.lockPerson(tx, person.id);
    await store.revokeLinks(tx, now, { purpose: 'password_reset', person: person.id });
    const { row, link } = await addLink(tx, base, {
      purpose: 'password_reset',
      person_id: person.id,
      created_by: context.principal.kind === 'person' ? context.principal.id : context.principal.kind,
      created_at: now,
      expires_at: new Date(now.getTime() + 86_400_000),
    });
    await record(tx, context, {
      type: 'identity.password_reset_offered',
      object: { kind: 'person', id: person.id },
      content: { person: person.id, link: row.id },
    });
    return { link, expiresAt: row.expires_at.toISOString() };
  });
}

/** A role that somebody may not get, or not lose. */
export function roleRefused(
  code: string,
  role: Role,
  reason: 'disjoint' | 'last_officer' | 'needs_security_administrator' | 'stands_apart',
): Refusal {
  return new Refusal(code, { type: 'identity.role_refused', content: { role, reason } }, { params: { role } });
}
