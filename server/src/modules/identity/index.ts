import { identityEvents, identityProblems, scopes } from '@geneward/api';
import type { Server } from '../../platform/http.ts';
import { registerEvents } from '../../platform/audit.ts';
import type { Context, Principal } from '../../platform/context.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import type { IdentityPorts } from './ports.ts';
import { mountRoutes } from './routes.ts';
import * as store from './store.ts';

export { authenticate } from './authenticate.ts';
export { jobs, schedules } from './jobs.ts';
export { bootstrapLink } from './service/links.ts';
export { notify, type NewNotice } from './service/notices.ts';
export { organisationsByCode, organisationsById } from './store.ts';

registerEvents(identityEvents);
registerProblems(identityProblems);

/** Puts sign-in, accounts and their administration on the server. */
export function mount(server: Server, parts: Parts, ports: IdentityPorts): void {
  mountRoutes(server, { ...parts, ...ports });
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
