import { scopes, type Scope } from '@geneward/api';
import type { FastifyRequest } from 'fastify';
import type { Authenticate } from '../../app.ts';
import { record } from '../../platform/audit.ts';
import type { Config } from '../../platform/config.ts';
import type { Context, Principal } from '../../platform/context.ts';
import type { Parts } from '../../platform/parts.ts';
import { Problem } from '../../platform/problem.ts';
import { passwordRules } from './password-rules.ts';
import { hashOf, isToken } from './secrets.ts';
import * as store from './store.ts';

const anonymous: Principal = { kind: 'anonymous' };

/**
 * Who acts, from the credentials of a request, with one query. A token that is not good answers `unauthenticated`; a stale cookie
 * is a visitor.
 */
export function authenticate(parts: Parts): Authenticate {
  return async (request) => {
    if (!request.url.startsWith('/api/')) return anonymous;
    const { authorization } = request.headers;
    if (authorization !== undefined) return byToken(parts, request, authorization);
    const secret = request.cookies[cookieName(isHttps(parts.config, request))];
    return secret ? bySession(parts, secret) : anonymous;
  };
}

/** Whether the person's browser speaks TLS, here or with the proxy before us. */
export function isHttps(config: Config, request: Pick<FastifyRequest, 'protocol'>): boolean {
  return request.protocol === 'https' || (config.http.publicUrl?.startsWith('https:') ?? false);
}

/** With TLS the name itself keeps subdomains and plain pages from setting the cookie (RFC 6265bis, 4.1.3.2). */
export const cookieName = (https: boolean) => (https ? '__Host-geneward' : 'geneward');

export const idleSeconds = (config: Config) => config.identity.sessionIdleMinutes * 60;

async function bySession({ config, pool, now }: Parts, secret: string): Promise<Principal> {
  const at = now();
  const found = await store.useSession(pool.db, hashOf(secret), {
    now: at,
    idleSeconds: idleSeconds(config),
    every: Math.min(60, idleSeconds(config) / 10),
  });
  if (!found?.active) return anonymous;
  const expired = isPasswordExpired(config, found.password_changed_at, at);
  return principalOf(found, expired ? [] : scopes, 'session');
}

/** Whether the profile wants a new password by now. */
export function isPasswordExpired(config: Config, changedAt: Date | null, now: Date): boolean {
  const { maxAgeDays } = passwordRules(config.identity.passwordProfile, now);
  return maxAgeDays !== null && changedAt !== null && now.getTime() - changedAt.getTime() > maxAgeDays * 86_400_000;
}

async function byToken(parts: Parts, request: FastifyRequest, authorization: string): Promise<Principal> {
  return principalByToken(parts, request.context, /^Bearer ([^ ]+)$/i.exec(authorization)?.[1] ?? '');
}

/** Who a token is of. Throws `unauthenticated` for one that is not good, with an event when it once was. */
export async function principalByToken(parts: Parts, context: Context, token: string): Promise<Principal> {
  // What is mistyped or cut was never a token: it costs no query and leaves no event.
  if (!isToken(token)) throw new Problem('unauthenticated');
  const found = await store.useToken(parts.pool.db, hashOf(token), parts.now());
  if (found && found.active && !found.expired && !found.revoked) return principalOf(found, found.scopes, 'token');
  const reason = !found ? 'unknown' : found.revoked ? 'revoked' : found.expired ? 'expired' : 'disabled';
  await record(parts.pool.db, context, {
    type: 'identity.token_refused',
    outcome: 'refused',
    ...(found && { object: { kind: 'token', id: found.id } }),
    content: { reason },
  });
  throw new Problem('unauthenticated');
}

/** Who acts with a credential that was found. */
export function principalOf(
  found: store.Credential,
  allowed: readonly Scope[],
  kind: 'session' | 'token' | 'ssh_key',
): Principal {
  return {
    kind: 'person',
    id: found.person_id,
    organisation: found.organisation_id,
    roles: found.roles,
    clearance: store.labelOf(found),
    scopes: allowed,
    via: { kind, id: found.id },
  };
}
