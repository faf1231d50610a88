import { createHash } from 'node:crypto';
import type { BodyOf, identityRoutes, ReplyOf } from '@geneward/api';
import ssh2 from 'ssh2';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import * as store from '../store.ts';
import { tellOwner } from './account-notices.ts';
import { checkPassword } from './sign-in.ts';
import { bySession, signedIn } from './who.ts';

/** Keys that one person may have at a time. */
const limit = 20;
const leastRsaBits = 2048;
const types: ReadonlySet<string> = new Set([
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
]);

export async function mySshKeys(context: Context): Promise<ReplyOf<typeof identityRoutes.mySshKeys>> {
  const { id } = signedIn(context);
  return { items: (await store.sshKeysOf(context.db, id)).map(view) };
}

/** Registers a public key; one that is registered already stays as it is. A token alone does not do: a leaked one must not open a door that stays open when it is revoked. */
export async function addSshKey(
  parts: Parts,
  context: Context,
  input: BodyOf<typeof identityRoutes.addSshKey>,
): Promise<ReplyOf<typeof identityRoutes.addSshKey>> {
  const me = signedIn(context);
  if (input.password === undefined) bySession(context, 'token:manage');
  else {
    const email = (await store.personById(context.db, me.id))?.email ?? '';
    await checkPassword(parts, context, { email, password: input.password });
  }
  const { type, publicKey } = readPublicKey(input.publicKey);
  const fingerprint = fingerprintOf(publicKey);
  return transaction(context.db, async (tx) => {
    await store.lockPerson(tx, me.id);
    const present = await store.sshKeysOf(tx, me.id);
    const same = present.find((key) => key.fingerprint === fingerprint);
    if (same) return view(same);
    if (present.length >= limit) throw new Problem('too_many_ssh_keys', { params: { limit } });
    const { name } = input;
    const row = await store.insertSshKey(tx, { person: me.id, name, type, publicKey, fingerprint, now: context.now() });
    if (!row) throw new Problem('ssh_key_taken');
    await record(tx, context, {
      type: 'identity.ssh_key_added',
      object: { kind: 'ssh_key', id: row.id },
      content: { person: me.id, key: row.id, fingerprint },
    });
    await tellOwner(tx, context, me.id, 'identity.ssh_key_added', name);
    return view(row);
  });
}

export async function removeSshKey(context: Context, key: string): Promise<void> {
  const me = signedIn(context);
  await transaction(context.db, async (tx) => {
    const [gone] = await store.removeSshKeys(tx, me.id, key);
    if (!gone) throw new Problem('not_found');
    await record(tx, context, {
      type: 'identity.ssh_key_removed',
      object: { kind: 'ssh_key', id: key },
      content: { person: me.id, key, fingerprint: gone.fingerprint },
    });
  });
}

/** As every SSH program shows a key. */
export const fingerprintOf = (publicKey: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(publicKey).digest('base64').replace(/=+$/, '')}`;

/** One line of an OpenSSH public key file. Throws Problem `ssh_key_refused`. */
function readPublicKey(text: string): { type: string; publicKey: Buffer } {
  const refuse = (reason: string) => new Problem('ssh_key_refused', { params: { reason } });
  const line = text.trim();
  if (/PRIVATE KEY/.test(line)) throw refuse('this is the private key, which nobody but you may have');
  const parsed = ssh2.utils.parseKey(line);
  if (parsed instanceof Error) throw refuse('not the line of an OpenSSH public key file');
  if (parsed.isPrivateKey()) throw refuse('this is the private key, which nobody but you may have');
  if (!types.has(parsed.type)) throw refuse(`the type ${parsed.type} is not taken`);
  const publicKey = parsed.getPublicSSH();
  // An RSA key is longer than its modulus by its names and its exponent.
  if (parsed.type === 'ssh-rsa' && publicKey.length < leastRsaBits / 8 + 15) throw refuse('RSA under 2048 bits');
  return { type: parsed.type, publicKey };
}

function view(row: NonNullable<Awaited<ReturnType<typeof store.insertSshKey>>>) {
  const { id, name, type, fingerprint, created_at: createdAt, last_used_at: lastUsedAt } = row;
  return {
    id,
    name,
    type,
    fingerprint,
    createdAt: createdAt.toISOString(),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
  };
}
