import { openLabel, scopes, type Label, type Role, type Scope } from '@geneward/api';
import { buildApp } from '../src/app.ts';
import * as access from '../src/modules/access/index.ts';
import * as identity from '../src/modules/identity/index.ts';
import * as store from '../src/modules/identity/store.ts';
import { hashOf, newToken } from '../src/modules/identity/secrets.ts';
import type { Context, Principal } from '../src/platform/context.ts';
import type { Server } from '../src/platform/http.ts';
import type { Parts } from '../src/platform/parts.ts';

/** A person made for a test, who may call the server by `headers` or the use cases by `context()`. */
export interface TestPerson {
  readonly id: string;
  readonly email: string;
  readonly organisation: string;
  readonly principal: Extract<Principal, { kind: 'person' }>;
  readonly token: string;
  readonly headers: { readonly authorization: string };
  context(): Context;
}

let count = 0;
const next = () => `${process.pid}-${(count += 1)}`;

/** Adds an organisation; gives its id. */
export async function organisation(
  parts: Parts,
  given: { code?: string; name?: { en: string; zh: string }; label?: Label } = {},
): Promise<string> {
  const code = given.code ?? `org-${next()}`;
  const row = await store.insertOrganisation(parts.pool.db, {
    code,
    name_en: given.name?.en ?? `Institute ${code}`,
    name_zh: given.name?.zh ?? `研究所 ${code}`,
    country: null,
    label: given.label ?? openLabel,
    created_at: parts.now(),
  });
  if (!row) throw new Error(`organisation ${code} exists`);
  return row.id;
}

/** Adds a person with roles and a token that carries all scopes, unless `scopes` says less. */
export async function person(
  parts: Parts,
  given: {
    roles?: readonly Role[];
    organisation?: string;
    clearance?: Label;
    name?: string;
    email?: string;
    scopes?: readonly Scope[];
    passwordHash?: string;
    tokenExpiresAt?: Date;
  } = {},
): Promise<TestPerson> {
  const { db } = parts.pool;
  const now = parts.now();
  const of = given.organisation ?? (await organisation(parts));
  const email = given.email ?? `person-${next()}@example.org`;
  const clearance = given.clearance ?? openLabel;
  const roles = [...(given.roles ?? ['submitter'])].toSorted();
  const granted = [...(given.scopes ?? scopes)];
  const id = await store.insertPerson(db, {
    email,
    name: given.name ?? '测试员 Test Person',
    organisation_id: of,
    password_hash: given.passwordHash ?? null,
    password_changed_at: given.passwordHash ? now : null,
    ...store.columnsOf(clearance),
    created_at: now,
  });
  if (!id) throw new Error(`person ${email} exists`);
  for (const role of roles) await store.insertRole(db, { person: id, role, by: 'test', at: now });
  const token = newToken();
  const row = await store.insertToken(db, {
    person: id,
    hash: hashOf(token),
    name: 'test',
    scopes: granted,
    now,
    expiresAt: given.tokenExpiresAt ?? new Date(now.getTime() + 365 * 86_400_000),
  });
  const principal = {
    kind: 'person',
    id,
    organisation: of,
    roles,
    clearance,
    scopes: granted,
    via: { kind: 'token', id: row.id },
  } as const;
  return {
    id,
    email,
    organisation: of,
    principal,
    token,
    headers: { authorization: `Bearer ${token}` },
    context: () => contextOf(parts, principal),
  };
}

/** The context of a call by a principal, for calling use cases directly. */
export function contextOf(parts: Parts, principal: Principal): Context {
  return {
    db: parts.pool.db,
    principal,
    requestId: `test-${next()}`,
    address: '192.0.2.1',
    language: 'en',
    now: parts.now,
    log: parts.log,
  };
}

/** The server with sign-in, people and access alone: what every other module stands on. */
export async function groundServer(parts: Parts): Promise<Server> {
  const server = await buildApp(parts, identity.authenticate(parts));
  identity.mount(server, parts, { authorize: access.authorize, allows: access.allows });
  access.mount(server, parts, { lowerLabel: async (_tx, _object, { to }) => to });
  return server;
}

/** Statuses of replies to calls that raced each other, in ascending order. */
export function statusesOf(replies: readonly { statusCode: number }[]): number[] {
  return replies.map((reply) => reply.statusCode).toSorted((a, b) => a - b);
}
