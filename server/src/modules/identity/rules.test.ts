import { roles, type Role } from '@geneward/api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressSubject, holdsTwoOffices, offices, roleNotInvited } from './rules.ts';

it('sees two offices in one hand, and nothing else', () => {
  fc.assert(
    fc.property(fc.subarray([...roles]), (held) => {
      const count = held.filter((role) => offices.includes(role as (typeof offices)[number])).length;
      expect(holdsTwoOffices(held)).toBe(count > 1);
      expect(holdsTwoOffices([...held, ...held])).toBe(count > 1);
    }),
  );
});

it.each([
  [['submitter', 'reader'], true, undefined],
  [['submitter', 'curator'], false, 'curator'],
  [['security_administrator'], false, undefined],
  [['security_administrator'], true, 'security_administrator'],
  [['auditor'], false, 'auditor'],
  [['system_administrator'], false, 'system_administrator'],
] as [Role[], boolean, Role | undefined][])(
  'invites with %j while a security administrator is there: %s → refuses %s',
  (given, has, refused) => {
    expect(roleNotInvited(given, has)).toBe(refused);
  },
);

it.each([
  ['192.0.2.7', 'address:192.0.2.7'],
  ['::ffff:192.0.2.7', 'address:192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::/64'],
  ['2001:DB8:1:2::1', 'address:2001:db8:1:2::/64'],
  ['2001:db8::1', 'address:2001:db8:0:0::/64'],
  ['::1', 'address:0:0:0:0::/64'],
])('counts failures of %s under %s', (address, subject) => {
  expect(addressSubject(address)).toBe(subject);
});
