import type { Principal } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import * as store from '../store.ts';

/** Somebody in whose name the platform acts by an operator's setting: a folder that was given to a person. */
export async function actingPerson(
  { pool }: Parts,
  email: string,
  via: { readonly kind: 'drop_folder'; readonly id: string },
): Promise<Principal | undefined> {
  const row = await store.personByEmail(pool.db, email);
  if (row?.status !== 'active') return undefined;
  const organisation = (await store.organisationsById(pool.db, [row.organisation_id])).get(row.organisation_id);
  if (organisation?.status !== 'active') return undefined;
  const { id, organisation_id: of, roles } = row;
  return {
    kind: 'person',
    id,
    organisation: of,
    roles,
    clearance: store.labelOf(row),
    scopes: ['read', 'submit'],
    via,
  };
}
