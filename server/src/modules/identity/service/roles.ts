import type { Person, Role } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import type { IdentityParts } from '../ports.ts';
import { holdsTwoOffices, isRegulatorAndMore, neededOffices } from '../rules.ts';
import * as store from '../store.ts';
import { tellOwner } from './account-notices.ts';
import { roleRefused } from './invitations.ts';
import { authorizedPerson, personNow } from './who.ts';

/** Gives a role. The person's sessions end: what one may do changes with signing in anew. */
export async function assignRole(parts: IdentityParts, context: Context, person: string, role: Role): Promise<Person> {
  await authorizedPerson(parts, context, 'person:assign_role', person);
  return transaction(context.db, async (tx) => {
    await store.lockPerson(tx, person);
    const before = await personNow({ ...context, db: tx }, person);
    if (before.roles.includes(role)) return before;
    const held = [...before.roles, role];
    if (holdsTwoOffices(held)) throw roleRefused('offices_are_disjoint', role, 'disjoint');
    if (isRegulatorAndMore(held)) throw roleRefused('regulator_stands_apart', role, 'stands_apart');
    const by = context.principal.kind === 'person' ? context.principal.id : context.principal.kind;
    await store.insertRole(tx, { person, role, by, at: context.now() });
    await store.revokeSessions(tx, person, context.now());
    await record(tx, context, {
      type: 'identity.role_assigned',
      object: { kind: 'person', id: person },
      content: { person, role },
    });
    await tellOwner(tx, context, person, 'identity.role_assigned', role);
    return personNow({ ...context, db: tx }, person);
  });
}

/** Takes a role away, at once for sessions and tokens alike. */
export async function revokeRole(parts: IdentityParts, context: Context, person: string, role: Role): Promise<Person> {
  await authorizedPerson(parts, context, 'person:assign_role', person);
  return transaction(context.db, async (tx) => {
    await expectOthersInOffice(tx, role, person);
    await store.lockPerson(tx, person);
    if (!(await store.deleteRole(tx, person, role))) throw new Problem('not_found');
    await store.revokeSessions(tx, person, context.now());
    await record(tx, context, {
      type: 'identity.role_revoked',
      object: { kind: 'person', id: person },
      content: { person, role },
    });
    await tellOwner(tx, context, person, 'identity.role_revoked', role);
    return personNow({ ...context, db: tx }, person);
  });
}

/** Refuses to take the last active holder out of an office that the installation needs. */
export async function expectOthersInOffice(tx: Tx, role: Role, person: string): Promise<void> {
  if (!neededOffices.includes(role)) return;
  const holders = await store.activeHolders(tx, role, { lock: true });
  if (holders.length === 1 && holders[0] === person) throw roleRefused('last_officer', role, 'last_officer');
}
