import { createHash } from 'node:crypto';
import type { BodyOf, identityRoutes, IssuedToken, Profile } from '@geneward/api';
import { scopes } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { isPasswordExpired } from '../authenticate.ts';
import { passwordRules } from '../password-rules.ts';
import { hashPassword, isOutdated, verifyPassword } from '../passwords.ts';
import { addressSubject } from '../rules.ts';
import { hashOf, newSecret } from '../secrets.ts';
import * as store from '../store.ts';
import { profileOf } from './account.ts';
import { addToken } from './tokens.ts';

/** Subject under which failures of an account are counted, whether or not there is one. */
export const accountSubject = (email: string) => `account:${createHash('sha256').update(email).digest('hex')}`;

/** A session that was just opened; the secret goes into the cookie and nowhere else. */
export interface OpenedSession {
  readonly secret: string;
  readonly profile: Profile;
}

/** Opens a new session for a password. The session that the browser had before ends. */
export async function signIn(
  parts: Parts,
  context: Context,
  input: BodyOf<typeof identityRoutes.signIn>,
  client: { userAgent: string | undefined; cookie: string | undefined },
): Promise<OpenedSession> {
  const person = await checkPassword(parts, context, input);
  return transaction(context.db, async (tx) => {
    if (client.cookie) await store.revokeSessionByHash(tx, hashOf(client.cookie), context.now());
    const passwordExpired = isPasswordExpired(parts.config, person.password_changed_at, context.now());
    const { id, secret } = await openSession(tx, parts, context, person.id, client.userAgent);
    await record(tx, asPerson(context, person, id), {
      type: 'identity.signed_in',
      object: { kind: 'session', id },
      content: { person: person.id, session: id, passwordExpired },
    });
    return { secret, profile: await profileOf(tx, parts, person, passwordExpired ? [] : scopes, context.now()) };
  });
}

/** Issues a token for a password in one call, for command lines that keep no cookies. */
export async function tokenForPassword(
  parts: Parts,
  context: Context,
  input: BodyOf<typeof identityRoutes.tokenForPassword>,
): Promise<IssuedToken> {
  const person = await checkPassword(parts, context, input);
  if (isPasswordExpired(parts.config, person.password_changed_at, context.now())) {
    throw new Refusal('password_expired', {
      type: 'identity.sign_in_failed',
      object: { kind: 'person', id: person.id },
      content: { reason: 'password_expired' },
    });
  }
  return addToken(asPerson(context, person, 'password'), person.id, input);
}

/** Ends the present session; without one there is nothing to do. */
export async function signOut(context: Context): Promise<void> {
  const { principal } = context;
  if (principal.kind !== 'person' || principal.via.kind !== 'session') return;
  await transaction(context.db, async (tx) => {
    await store.revokeSessions(tx, principal.id, context.now(), { only: principal.via.id });
    await record(tx, context, {
      type: 'identity.signed_out',
      object: { kind: 'session', id: principal.via.id },
      content: { person: principal.id, session: principal.via.id },
    });
  });
}

/**
 * Whether a password is right, within the limits by account and by address. The attempt is counted before it is tried, and an
 * unknown account takes the time of a known one. Throws `locked_out` and `sign_in_failed`.
 */
export async function checkPassword(
  parts: Parts,
  context: Context,
  given: { email: string; password: string },
): Promise<store.PersonRow> {
  const { db } = parts.pool;
  const account = accountSubject(given.email);
  const address = context.address === undefined ? undefined : addressSubject(context.address);
  const rules = passwordRules(parts.config.identity.passwordProfile, context.now());
  if (address) await expectUnlocked(parts, context, address, rules.addressLockOut);
  await expectUnlocked(parts, context, account, rules.accountLockOut);

  const person = await store.personByEmail(db, given.email);
  const right = await verifyPassword(person?.password_hash, given.password);
  if (!person || !right || person.status !== 'active') {
    const reason = !person ? 'unknown_account' : right ? 'disabled' : 'wrong_password';
    throw new Refusal('sign_in_failed', {
      type: 'identity.sign_in_failed',
      ...(person && { object: { kind: 'person', id: person.id } }),
      content: { reason },
    });
  }
  if (address) await store.returnAttempt(db, address);
  await store.clearGuard(db, account);
  if (person.password_hash && isOutdated(person.password_hash)) {
    await store.replaceHash(db, person.id, person.password_hash, await hashPassword(given.password));
  }
  return person;
}

/** Counts an attempt of a subject. Throws `locked_out` while it is locked. */
export async function expectUnlocked(
  parts: Parts,
  context: Context,
  subject: string,
  rules: Parameters<typeof store.takeAttempt>[3],
): Promise<void> {
  const until = await store.takeAttempt(parts.pool.db, subject, context.now(), rules);
  if (!until) return;
  const seconds = Math.max(1, Math.ceil((until.getTime() - context.now().getTime()) / 1000));
  throw new Refusal(
    'locked_out',
    { type: 'identity.sign_in_failed', content: { reason: 'locked' } },
    { params: { seconds }, retryAfter: seconds },
  );
}

/** Adds a session row and gives the secret of its cookie. */
export async function openSession(
  tx: Tx,
  parts: Parts,
  context: Context,
  person: string,
  userAgent: string | undefined,
): Promise<{ id: string; secret: string }> {
  const now = context.now();
  const secret = newSecret();
  const id = await store.insertSession(tx, {
    person,
    hash: hashOf(secret),
    now,
    expiresAt: new Date(now.getTime() + parts.config.identity.sessionHours * 3_600_000),
    ...(context.address && { address: context.address }),
    ...(userAgent && { userAgent: userAgent.slice(0, 300) }),
  });
  return { id, secret };
}

/** The call of a visitor who has just proved who he is. */
function asPerson(context: Context, person: store.PersonRow, via: string): Context {
  return {
    ...context,
    principal: {
      kind: 'person',
      id: person.id,
      organisation: person.organisation_id,
      roles: person.roles,
      clearance: store.labelOf(person),
      scopes,
      via: { kind: 'session', id: via },
    },
  };
}
