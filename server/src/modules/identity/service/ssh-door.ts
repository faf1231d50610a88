import type { Scope } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context, Principal } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { principalByToken, principalOf } from '../authenticate.ts';
import { passwordRules } from '../password-rules.ts';
import { addressSubject } from '../rules.ts';
import * as store from '../store.ts';
import { expectUnlocked } from './sign-in.ts';
import { fingerprintOf } from './ssh-keys.ts';

/** Who came in, and how to ask later whether he still may. */
export interface Admitted {
  readonly principal: Principal;
  readonly again: () => Promise<Principal>;
}

/** What a key may be used for: the inbox, and to see one's own drafts. */
const scopesOfKeys: readonly Scope[] = ['read', 'submit'];

/**
 * Lets somebody in with an API token as the password of an SSH connection. Attempts are counted by address before they are
 * tried, as those with passwords are. Throws Problem `unauthenticated`, `locked_out`.
 */
export async function admitByToken(parts: Parts, context: Context, token: string): Promise<Admitted> {
  const address = context.address === undefined ? undefined : addressSubject(context.address);
  const rules = passwordRules(parts.config.identity.passwordProfile, context.now());
  if (address) await expectUnlocked(parts, context, address, rules.addressLockOut);
  const again = () => principalByToken(parts, context, token);
  const principal = await again();
  if (address) await store.returnAttempt(parts.pool.db, address);
  return { principal, again };
}

/** The person of a registered key that is offered, and the key to verify a signature with; undefined for any other. */
export async function findSshKey(parts: Parts, publicKey: Uint8Array): Promise<{ readonly email: string } | undefined> {
  const found = await store.useSshKey(parts.pool.db, fingerprintOf(publicKey), undefined);
  return found?.active ? { email: found.email } : undefined;
}

/** Lets somebody in whose signature with a registered key was verified. Throws Problem `unauthenticated`. */
export async function admitByKey(parts: Parts, context: Context, publicKey: Uint8Array): Promise<Admitted> {
  const fingerprint = fingerprintOf(publicKey);
  const again = async (): Promise<Principal> => {
    const found = await store.useSshKey(parts.pool.db, fingerprint, parts.now());
    if (found?.active) return principalOf(found, scopesOfKeys, 'ssh_key');
    await record(parts.pool.db, context, {
      type: 'identity.ssh_key_refused',
      outcome: 'refused',
      content: { fingerprint, reason: found ? 'disabled' : 'unknown' },
    });
    throw new Problem('unauthenticated');
  };
  return { principal: await again(), again };
}

/** Name and language of the person, for names of connections and words of refusals. */
export async function sshPerson(
  parts: Parts,
  id: string,
): Promise<{ email: string; language: 'en' | 'zh' } | undefined> {
  const row = await store.personById(parts.pool.db, id);
  return row && { email: row.email, language: row.language };
}
