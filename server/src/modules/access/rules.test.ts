import { categories, dominates, openLabel, type Label } from '@geneward/api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalDowngrade, derivedLabel, isDowngrade } from './rules.ts';

const label: fc.Arbitrary<Label> = fc.record({
  grade: fc.integer({ min: 1, max: 4 }),
  categories: fc.subarray([...categories]),
  jurisdictions: fc.subarray(['CN', 'DE', 'US']),
});

it('is never below what it is derived from, nor below its own', () => {
  fc.assert(
    fc.property(fc.array(label), label, (inputs, own) => {
      const derived = derivedLabel(inputs, own);
      expect([...inputs, own].every((input) => dominates(derived, input))).toBe(true);
    }),
  );
});

it('goes down only by a downgrade that covers the whole label', () => {
  fc.assert(
    fc.property(fc.array(label), label, label, label, (inputs, own, from, to) => {
      const full = derivedLabel(inputs, own);
      const derived = derivedLabel(inputs, own, { from, to });
      expect(derived).toEqual(dominates(from, full) ? to : full);
    }),
  );
});

it.each([
  ['a lower grade', { ...openLabel, grade: 3 }, { ...openLabel, grade: 2 }, true],
  ['fewer categories', { ...openLabel, categories: ['dual_use'] }, openLabel, true],
  ['the same', openLabel, openLabel, false],
  ['a higher grade', openLabel, { ...openLabel, grade: 2 }, false],
  ['lower, with a category more', { ...openLabel, grade: 3 }, { ...openLabel, categories: ['commercial'] }, false],
] as [string, Label, Label, boolean][])('judges whether it is a downgrade: %s', (_what, from, to, expected) => {
  expect(isDowngrade(from, to)).toBe(expected);
});

it('signs the same bytes whatever the order of a list', () => {
  const content = (list: Label['categories']) => ({
    id: 'i',
    object: { kind: 'object', id: 'o' },
    from: { ...openLabel, grade: 2, categories: list },
    to: openLabel,
    reason: '理由',
    proposedBy: 'a',
    proposedAt: 't',
    signedBy: 'b',
    signedAt: 'u',
  });
  expect(canonicalDowngrade(content(['dual_use', 'commercial']))).toEqual(
    canonicalDowngrade(content(['commercial', 'dual_use'])),
  );
  expect(canonicalDowngrade(content(['dual_use']))).not.toEqual(canonicalDowngrade(content(['commercial'])));
});
