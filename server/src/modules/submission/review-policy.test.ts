import { openLabel, type Label } from '@geneward/api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reviewersFor, reviewRules } from './review-policy.ts';

const human: Label = { grade: 1, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };

it.each<[string, Label, string, number, string[]]>([
  ['open data', openLabel, '2026-11-22', 1, []],
  ['grade 2', { ...openLabel, grade: 2 }, '2026-11-22', 1, []],
  ['grade 3', { ...openLabel, grade: 3 }, '2026-11-22', 2, ['two-reviewers-sensitive-grade']],
  ['human genetic resources', human, '2026-11-22', 2, ['two-reviewers-human-genetic-resource']],
  ['the first day of a rule', human, '2023-07-01', 2, ['two-reviewers-human-genetic-resource']],
  ['the day before a rule', human, '2023-06-30', 1, []],
])('asks for reviewers: %s', (_, label, day, reviewers, rules) => {
  const asked = reviewersFor(label, day);
  expect([asked.reviewers, asked.rules.map((rule) => rule.id)]).toEqual([reviewers, rules]);
});

it('lets a rule end on its day', () => {
  const [rule] = reviewRules;
  const ended = [{ ...rule!, validUntil: '2026-01-01' }];
  expect(reviewersFor(human, '2025-12-31', ended).reviewers).toBe(2);
  expect(reviewersFor(human, '2026-01-01', ended).reviewers).toBe(1);
});

it('never asks for fewer reviewers when a submission is more sensitive', () => {
  const grades = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(grades, grades, fc.boolean(), (one, other, isHuman) => {
      const categories = isHuman ? human.categories : [];
      const reviewers = (grade: number) =>
        reviewersFor({ grade, categories, jurisdictions: [] }, '2026-11-22').reviewers;
      expect(reviewers(Math.max(one, other))).toBeGreaterThanOrEqual(reviewers(Math.min(one, other)));
    }),
  );
});

it('has a source, a date and one id for each rule', () => {
  expect(new Set(reviewRules.map((rule) => rule.id)).size).toBe(reviewRules.length);
  for (const rule of reviewRules) {
    expect(rule.validFrom).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(rule.source.zh).not.toBe('');
    expect(rule.reviewers).toBeGreaterThan(1);
  }
});
