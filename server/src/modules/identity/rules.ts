import type { Role } from '@geneward/api';

/** Offices that watch each other: nobody holds two (GB/T 22239-2019, 8.1.7.1: the three administrators). */
export const offices = [
  'system_administrator',
  'security_administrator',
  'auditor',
  'regulator',
] as const satisfies readonly Role[];

/** Offices without which the installation could no longer be put right. */
export const neededOffices: readonly Role[] = ['system_administrator', 'security_administrator'];

const isOffice = (role: Role) => offices.some((office) => office === role);

/** Whether somebody with these roles would hold two offices. */
export function holdsTwoOffices(roles: readonly Role[]): boolean {
  return new Set(roles.filter(isOffice)).size > 1;
}

/** Whether somebody with these roles would be a regulator and something else: who looks at everybody acts as nobody. */
export const isRegulatorAndMore = (roles: readonly Role[]): boolean =>
  roles.includes('regulator') && roles.some((role) => role !== 'regulator');

/** Roles that come with an invitation; all others are assigned by a security administrator. */
const invitedRoles: readonly Role[] = ['submitter', 'reader'];

/**
 * The first role that an invitation may not carry. While there is no security administrator nobody could assign that office, so
 * the first one is invited.
 */
export function roleNotInvited(roles: readonly Role[], hasSecurityAdministrator: boolean): Role | undefined {
  return roles.find(
    (role) => !invitedRoles.includes(role) && (role !== 'security_administrator' || hasSecurityAdministrator),
  );
}

/** The part of a client address that one person can change at will does not count: an IPv6 network is one address. */
export function addressSubject(address: string): string {
  if (!address.includes(':') || address.includes('.')) return `address:${address.replace(/^::ffff:/i, '')}`;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0') : [];
  const network = [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `address:${network.join(':')}::/64`;
}
