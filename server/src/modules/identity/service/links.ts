import { openLabel, type BodyOf, type identityRoutes, type Person, type ReplyOf } from '@geneward/api';
import { sql } from 'kysely';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Db, type Tx } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { hashPassword } from '../passwords.ts';
import { hashOf, newSecret } from '../secrets.ts';
import * as store from '../store.ts';
import { checkNewPassword, setPassword } from './passwords.ts';
import { personNow } from './who.ts';

/** Pages of the portal that take the secret of a link; behind `#` it reaches no server's log. */
const pages = { invitation: 'invitation', password_reset: 'password-reset', bootstrap: 'bootstrap' } as const;

/** Adds a one-time link and gives its address, which is shown once. */
export async function addLink(
  db: Db,
  base: string,
  link: Omit<Parameters<typeof store.insertLink>[1], 'secret_sha256'>,
): Promise<{ row: store.LinkRow; link: string }> {
  const secret = newSecret();
  const row = await store.insertLink(db, { ...link, secret_sha256: hashOf(secret) });
  return { row, link: `${base.replace(/\/$/, '')}/${pages[row.purpose]}#${secret}` };
}

/** Serialises what may happen once in an installation's life. */
export async function lockFirstSteps(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('geneward first steps'))`.execute(tx);
}

/** A new link for the first system administrator, while there is nobody; the links before it are taken back. */
export async function bootstrapLink(parts: Parts, base: string): Promise<string | undefined> {
  const now = parts.now();
  return transaction(parts.pool.db, async (tx) => {
    await lockFirstSteps(tx);
    if (await store.anyPerson(tx)) return undefined;
    await store.revokeLinks(tx, now, { purpose: 'bootstrap' });
    const { link } = await addLink(tx, base, {
      purpose: 'bootstrap',
      created_by: 'start',
      created_at: now,
      expires_at: new Date(now.getTime() + 7 * 86_400_000),
    });
    return link;
  });
}

/** Makes the first organisation and the first system administrator. */
export async function bootstrap(
  parts: Parts,
  context: Context,
  input: BodyOf<typeof identityRoutes.bootstrap>,
): Promise<Person> {
  return transaction(context.db, async (tx) => {
    await lockFirstSteps(tx);
    const link = await openLink(tx, context, input.secret, 'bootstrap');
    if (await store.anyPerson(tx)) throw linkRefused('used', link);
    const now = context.now();
    const organisation = await store.insertOrganisation(tx, {
      code: input.organisation.code,
      name_en: input.organisation.name.en,
      name_zh: input.organisation.name.zh,
      country: input.organisation.country ?? null,
      label: input.organisation.label ?? openLabel,
      created_at: now,
    });
    if (!organisation) throw new Problem('code_taken');
    const person = await addPerson(tx, parts, context, { ...input, organisation: organisation.id });
    await store.insertRole(tx, { person, role: 'system_administrator', by: 'bootstrap', at: now });
    await store.markLinkUsed(tx, link.id, now);
    await record(tx, context, {
      type: 'identity.bootstrapped',
      object: { kind: 'person', id: person },
      content: { person, organisation: organisation.id },
    });
    return personNow({ ...context, db: tx }, person);
  });
}

/** What a link is for, so that a page can greet who opens it. */
export async function readLink(context: Context, secret: string): Promise<ReplyOf<typeof identityRoutes.readLink>> {
  return transaction(context.db, async (tx) => {
    const link = await openLink(tx, context, secret);
    const organisation = link.organisation_id ? await store.organisationById(tx, link.organisation_id) : undefined;
    return {
      purpose: link.purpose,
      expiresAt: link.expires_at.toISOString(),
      ...(link.email && { email: link.email }),
      ...(organisation && { organisation: { en: organisation.name_en, zh: organisation.name_zh } }),
    };
  });
}

/** Makes the account that somebody was invited to. */
export async function acceptInvitation(
  parts: Parts,
  context: Context,
  input: BodyOf<typeof identityRoutes.acceptInvitation>,
): Promise<Person> {
  return transaction(context.db, async (tx) => {
    const link = await openLink(tx, context, input.secret, 'invitation');
    const { email, organisation_id: organisation, roles } = link;
    if (!email || !organisation) throw linkRefused('other_purpose', link);
    const person = await addPerson(tx, parts, context, { ...input, email, organisation });
    for (const role of roles) {
      await store.insertRole(tx, { person, role, by: link.created_by, at: context.now() });
    }
    await store.markLinkUsed(tx, link.id, context.now());
    await record(tx, context, {
      type: 'identity.invitation_accepted',
      object: { kind: 'person', id: person },
      content: { person, invitation: link.id, organisation, roles },
    });
    return personNow({ ...context, db: tx }, person);
  });
}

/** Sets a new password with a link that a security administrator handed over; sessions and tokens end. */
export async function resetPassword(parts: Parts, context: Context, secret: string, password: string): Promise<void> {
  await transaction(context.db, async (tx) => {
    const link = await openLink(tx, context, secret, 'password_reset');
    if (!link.person_id) throw linkRefused('other_purpose', link);
    await setPassword(tx, parts, context, link.person_id, password, 'link');
    await store.revokeTokens(tx, link.person_id, context.now());
    await store.markLinkUsed(tx, link.id, context.now());
  });
}

async function addPerson(
  tx: Tx,
  parts: Parts,
  context: Context,
  input: { email: string; name: string; password: string; language: 'en' | 'zh'; organisation: string },
): Promise<string> {
  const now = context.now();
  checkNewPassword(parts.config, now, input.password, [input.name, input.email]);
  const id = await store.insertPerson(tx, {
    email: input.email,
    name: input.name,
    organisation_id: input.organisation,
    language: input.language,
    password_hash: await hashPassword(input.password),
    password_changed_at: now,
    created_at: now,
  });
  if (!id) throw new Problem('email_taken');
  return id;
}

async function openLink(
  tx: Tx,
  context: Context,
  secret: string,
  purpose?: store.LinkRow['purpose'],
): Promise<store.LinkRow> {
  const link = await store.linkByHash(tx, hashOf(secret));
  if (!link) throw linkRefused('unknown');
  if (purpose && link.purpose !== purpose) throw linkRefused('other_purpose', link);
  if (link.used_at) throw linkRefused('used', link);
  if (link.revoked_at) throw linkRefused('revoked', link);
  if (link.expires_at <= context.now()) throw linkRefused('expired', link);
  return link;
}

type LinkFault = 'unknown' | 'used' | 'expired' | 'revoked' | 'other_purpose';

/** From outside all of them look alike. */
function linkRefused(reason: LinkFault, link?: store.LinkRow): Refusal {
  return new Refusal('link_not_valid', {
    type: 'identity.link_refused',
    ...(link && { object: { kind: 'link', id: link.id } }),
    content: { reason },
  });
}
