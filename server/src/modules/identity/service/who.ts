import { openLabel, type Action } from '@geneward/api';
import type { Context, Principal } from '../../../platform/context.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import type { IdentityParts } from '../ports.ts';
import * as store from '../store.ts';

export type SignedIn = Extract<Principal, { kind: 'person' }>;

/** First statement of what people do with their own account. */
export function signedIn(context: Context): SignedIn {
  if (context.principal.kind === 'person') return context.principal;
  throw new Problem('unauthenticated');
}

/** The same for what a leaked token must not be able to do. */
export function bySession(context: Context, action: Action): SignedIn {
  const me = signedIn(context);
  if (me.via.kind === 'session') return me;
  throw new Refusal('session_needed', {
    type: 'access.refused',
    object: { kind: 'person', id: me.id },
    content: { action, reason: 'session_needed', policies: [] },
  });
}

/** First statement of what administrators do with a person: somebody who is not there looks like somebody who may not be seen. */
export async function authorizedPerson(
  parts: IdentityParts,
  context: Context,
  action: Action,
  id: string,
): Promise<store.PersonRow> {
  const row = await store.personById(context.db, id);
  if (!row) throw new Problem('not_found');
  parts.authorize(context, action, resourceOf(row));
  return row;
}

function resourceOf(row: store.PersonRow) {
  return { kind: 'person', id: row.id, organisation: row.organisation_id, owner: row.id, label: openLabel } as const;
}

/** A person after a change, as administrators see one. */
export async function personNow(context: Context, id: string) {
  const row = await store.personById(context.db, id);
  if (!row) throw new Problem('not_found');
  return store.administeredView(row);
}
