import type { BodyOf, identityRoutes, IssuedToken, ReplyOf } from '@geneward/api';
import type { Text } from '@geneward/metadata';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { hashOf, newToken } from '../secrets.ts';
import * as store from '../store.ts';
import { tellOwner } from './account-notices.ts';
import { bySession, signedIn } from './who.ts';

/** Tokens that one person may have at a time. */
const limit = 50;

type TokenInput = BodyOf<typeof identityRoutes.issueToken>;

/** Issues a named token, with no more scopes than the session itself has. */
export async function issueToken(context: Context, input: TokenInput): Promise<IssuedToken> {
  const me = bySession(context, 'token:manage');
  const missing = input.scopes.find((scope) => !me.scopes.includes(scope));
  if (missing) {
    throw new Refusal(
      'forbidden',
      { type: 'access.refused', content: { action: 'token:manage', reason: `scope ${missing}`, policies: [] } },
      { params: { needed: missing } },
    );
  }
  return addToken(context, me.id, input);
}

/** Adds the token; the caller has made sure that it is the person who asks. */
export async function addToken(context: Context, person: string, input: TokenInput): Promise<IssuedToken> {
  const now = context.now();
  const secret = newToken();
  return transaction(context.db, async (tx) => {
    await store.lockPerson(tx, person);
    const present = await store.liveTokens(tx, person, now);
    if (present.length >= limit) throw new Problem('too_many_tokens', { params: { limit } });
    const row = await store.insertToken(tx, {
      person,
      hash: hashOf(secret),
      name: input.name,
      scopes: input.scopes,
      now,
      expiresAt: new Date(now.getTime() + input.expiresInDays * 86_400_000),
    });
    await record(tx, context, {
      type: 'identity.token_issued',
      object: { kind: 'token', id: row.id },
      content: { person, token: row.id, scopes: row.scopes, expiresAt: row.expires_at.toISOString() },
    });
    await tellOwner(tx, context, person, 'identity.token_issued', row.name);
    return { ...tokenView(row), token: secret };
  });
}

/** A successor of a token counts as issued with the first of its line: this long after it somebody must sign in again. */
const day = 86_400_000;
/** So long the token before is still good, for requests under way. */
const overlap = 3_600_000;

/** Issues a successor of the token of this very request: same name, scopes and duration, for work that outlasts it. */
export async function renewToken(context: Context, { config }: Pick<Parts, 'config'>): Promise<IssuedToken> {
  const me = signedIn(context);
  const refuse = (reason: Text) => new Problem('token_not_renewable', { params: { reason: reason[context.language] } });
  if (me.via.kind !== 'token') throw refuse({ en: 'it is a session', zh: '它是会话' });
  const now = context.now();
  const secret = newToken();
  return transaction(context.db, async (tx) => {
    await store.lockPerson(tx, me.id);
    const present = await store.liveTokens(tx, me.id, now);
    const mine = present.find(({ id }) => id === me.via.id);
    if (!mine) throw new Problem('unauthenticated');
    if (present.length >= limit) throw new Problem('too_many_tokens', { params: { limit } });
    const first = mine.first_issued_at ?? mine.created_at;
    const last = first.getTime() + config.identity.tokenRenewalDays * day;
    const expires = Math.min(now.getTime() + mine.expires_at.getTime() - mine.created_at.getTime(), last);
    if (expires <= mine.expires_at.getTime())
      throw refuse({ en: 'its line of tokens has reached its end', zh: '续期已达上限' });
    const { name, scopes } = mine;
    const row = await store.insertToken(tx, {
      person: me.id,
      hash: hashOf(secret),
      name,
      scopes,
      now,
      expiresAt: new Date(expires),
      firstIssuedAt: first,
    });
    await store.shortenToken(tx, mine.id, new Date(now.getTime() + overlap));
    await record(tx, context, {
      type: 'identity.token_renewed',
      object: { kind: 'token', id: mine.id },
      content: { person: me.id, token: mine.id, successor: row.id, expiresAt: row.expires_at.toISOString() },
    });
    return { ...tokenView(row), token: secret };
  });
}

export async function myTokens(context: Context): Promise<ReplyOf<typeof identityRoutes.myTokens>> {
  const { id } = signedIn(context);
  const rows = await store.liveTokens(context.db, id, context.now());
  return { items: rows.map(tokenView) };
}

/** Revokes a token; with a token, only that very one. */
export async function revokeMyToken(context: Context, token: string): Promise<void> {
  const me = signedIn(context);
  if (me.via.id !== token) bySession(context, 'token:manage');
  await transaction(context.db, async (tx) => {
    const ended = await store.revokeTokens(tx, me.id, context.now(), token);
    if (ended.length === 0) throw new Problem('not_found');
    await record(tx, context, {
      type: 'identity.token_revoked',
      object: { kind: 'token', id: token },
      content: { person: me.id, token },
    });
  });
}

function tokenView(row: Awaited<ReturnType<typeof store.insertToken>>) {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.last_used_at && { lastUsedAt: row.last_used_at.toISOString() }),
  };
}
