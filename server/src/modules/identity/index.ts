import { identityEvents, identityProblems, scopes, type Scope } from '@geneward/api';
import type { Server } from '../../platform/http.ts';
import { registerEvents } from '../../platform/audit.ts';
import type { Context, Principal } from '../../platform/context.ts';
import type { Db } from '../../platform/db.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import type { IdentityPorts } from './ports.ts';
import { mountRoutes } from './routes.ts';
import * as store from './store.ts';

export { authenticate } from './authenticate.ts';
export { hashOf, isToken, newToken } from './secrets.ts';
export { jobs, schedules } from './jobs.ts';
export { actingPerson } from './service/acting.ts';
export { bootstrapLink } from './service/links.ts';
export { fingerprintOf } from './service/ssh-keys.ts';
export { notify, type NewNotice } from './service/notices.ts';
export { admitByKey, admitByToken, findSshKey, sshPerson, type Admitted } from './service/ssh-door.ts';
export { holdersIn, organisationsByCode, organisationsById } from './store.ts';

registerEvents(identityEvents);
registerProblems(identityProblems);

/** Puts sign-in, accounts and their administration on the server. */
export function mount(server: Server, parts: Parts, ports: IdentityPorts): void {
  mountRoutes(server, { ...parts, ...ports });
}

/** A person as who acts by a credential that another module keeps; undefined once the account is not active any more. */
export async function personActing(
  db: Db,
  id: string,
  by: { readonly scopes: readonly Scope[]; readonly via: Extract<Principal, { kind: 'person' }>['via'] },
): Promise<Principal | undefined> {
  const found = await store.personCredential(db, id);
  if (!found?.active) return undefined;
  return {
    kind: 'person',
    id,
    organisation: found.organisation_id,
    roles: found.roles,
    clearance: store.labelOf(found),
    ...by,
  };
}

/** A person as who would act with a session of their own, for explaining what they may do. */
export async function principalOf(context: Context, id: string): Promise<Principal | undefined> {
  const row = await store.personById(context.db, id);
  return (
    row && {
      kind: 'person',
      id: row.id,
      organisation: row.organisation_id,
      roles: row.roles,
      clearance: store.labelOf(row),
      scopes,
      via: { kind: 'session', id: 'explained' },
    }
  );
}
