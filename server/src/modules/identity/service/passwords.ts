import type { BodyOf, identityRoutes } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Config } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { faultOf, passwordRules } from '../password-rules.ts';
import { hashPassword, verifyPassword } from '../passwords.ts';
import * as store from '../store.ts';
import { tellOwner } from './account-notices.ts';
import { checkPassword, openSession } from './sign-in.ts';
import { bySession } from './who.ts';

/** Changes my password: every other session ends, and this one goes on under a new secret, which is given back. */
export async function changePassword(
  parts: Parts,
  context: Context,
  input: BodyOf<typeof identityRoutes.changePassword>,
  userAgent: string | undefined,
): Promise<string> {
  const me = bySession(context, 'token:manage');
  const row = await store.personById(context.db, me.id);
  if (!row) throw new Problem('not_found');
  await checkPassword(parts, context, { email: row.email, password: input.current });
  return transaction(context.db, async (tx) => {
    await setPassword(tx, parts, context, me.id, input.next, 'self');
    return (await openSession(tx, parts, context, me.id, userAgent)).secret;
  });
}

/** Sets a new password within the rules and ends all sessions. */
export async function setPassword(
  tx: Tx,
  parts: Parts,
  context: Context,
  person: string,
  password: string,
  by: 'self' | 'link',
): Promise<void> {
  await store.lockPerson(tx, person);
  const row = await store.personById(tx, person);
  if (!row) throw new Problem('not_found');
  const now = context.now();
  const { history } = passwordRules(parts.config.identity.passwordProfile, now);
  checkNewPassword(parts.config, now, password, [row.name, row.email]);
  const earlier = await store.earlierHashes(tx, person, Math.max(0, history - 1));
  for (const hash of history > 0 ? [row.password_hash, ...earlier] : []) {
    if (await verifyPassword(hash, password)) throw refusedPassword('password_reused', history);
  }
  if (row.password_hash) await store.keepHash(tx, person, row.password_hash, now, Math.max(0, history - 1));
  await store.updatePerson(tx, person, { password_hash: await hashPassword(password), password_changed_at: now });
  await store.revokeSessions(tx, person, now);
  await record(tx, context, {
    type: 'identity.password_changed',
    object: { kind: 'person', id: person },
    content: { person, by },
  });
  await tellOwner(tx, context, person, 'identity.password_changed');
}

/** Refuses a new password that breaks the rules of this installation. */
export function checkNewPassword(config: Config, now: Date, password: string, who: readonly string[]): void {
  const rules = passwordRules(config.identity.passwordProfile, now);
  const fault = faultOf(password, rules, [...who, config.name, 'geneward']);
  if (fault) throw refusedPassword(fault.code, 'limit' in fault ? fault.limit : undefined);
}

function refusedPassword(code: string, limit: number | undefined): Refusal {
  return new Refusal(
    code,
    { type: 'identity.password_refused', content: { reason: code } },
    limit === undefined ? {} : { params: { limit } },
  );
}
