import { expect, it } from 'vitest';
import { placementOf, placementText } from './placement.ts';

const stores = new Set(['main', 'mirror', 's3']);

it('says where the copies of a key lie', () => {
  const placement = placementOf('files=main+s3, sheets=mirror, *=main', stores, 2);
  expect(placement.storesOf('files/aa/x')).toEqual(['main', 's3']);
  expect(placement.storesOf('sheets/x')).toEqual(['mirror']);
  expect(placement.storesOf('taxdumps/x')).toEqual(['main']);
});

it.each(['', 'files=main', '*=', '*=main,files', '*=main;files=s3', '*=Main'])('refuses the rule %j', (text) =>
  expect(placementText.safeParse(text).success).toBe(false),
);

it('names a store that is not configured', () => {
  expect(() => placementOf('*=elsewhere', stores, 1)).toThrow('elsewhere');
});
