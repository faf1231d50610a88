import type { BodyOf, identityRoutes, Profile, ReplyOf, Scope } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Db } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { idleSeconds, isPasswordExpired } from '../authenticate.ts';
import * as store from '../store.ts';
import { bySession, signedIn } from './who.ts';

/** Who I am and what this session or token is good for. */
export async function me(parts: Parts, context: Context): Promise<Profile> {
  const principal = signedIn(context);
  const row = await store.personById(context.db, principal.id);
  if (!row) throw new Problem('not_found');
  return profileOf(context.db, parts, row, principal.scopes, context.now());
}

export async function profileOf(
  db: Db,
  { config }: Parts,
  row: store.PersonRow,
  allowed: readonly Scope[],
  now: Date,
): Promise<Profile> {
  return {
    ...store.personView(row),
    scopes: [...allowed],
    passwordExpired: isPasswordExpired(config, row.password_changed_at, now),
    unreadNotices: await store.unreadCount(db, row.id),
  };
}

export async function updateMe(
  parts: Parts,
  context: Context,
  input: BodyOf<typeof identityRoutes.updateMe>,
  expected: number,
): Promise<Profile> {
  const { id } = bySession(context, 'person:read');
  await transaction(context.db, async (tx) => {
    const changed = await store.updatePerson(
      tx,
      id,
      {
        ...(input.name !== undefined && { name: input.name }),
        ...(input.language !== undefined && { language: input.language }),
        ...(input.mailNotices !== undefined && { mail_notices: input.mailNotices }),
      },
      expected,
    );
    if (!changed) throw new Problem('stale_etag');
    await record(tx, context, {
      type: 'identity.profile_changed',
      object: { kind: 'person', id },
      content: { person: id, fields: Object.keys(input) },
    });
  });
  return me(parts, context);
}

export async function mySessions(parts: Parts, context: Context): Promise<ReplyOf<typeof identityRoutes.mySessions>> {
  const principal = signedIn(context);
  const rows = await store.liveSessions(context.db, principal.id, {
    now: context.now(),
    idleSeconds: idleSeconds(parts.config),
  });
  return {
    items: rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      current: row.id === principal.via.id,
      ...(row.address && { address: row.address }),
      ...(row.user_agent && { userAgent: row.user_agent }),
    })),
  };
}

export async function revokeMySession(context: Context, session: string): Promise<void> {
  const { id } = bySession(context, 'token:manage');
  await transaction(context.db, async (tx) => {
    const ended = await store.revokeSessions(tx, id, context.now(), { only: session });
    if (ended.length === 0) throw new Problem('not_found');
    await record(tx, context, {
      type: 'identity.session_revoked',
      object: { kind: 'session', id: session },
      content: { person: id, session },
    });
  });
}
