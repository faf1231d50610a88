import { expect, test } from 'vitest';
import { Crypt4ghProblem, crypt4ghProblems } from './problem.ts';

const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

test.each(Object.entries(crypt4ghProblems))('%s says the same in both languages, and what to do', (_, told) => {
  for (const text of [told.message, told.mend]) {
    expect(text.en).not.toBe('');
    expect(text.zh).toMatch(/\p{Script=Han}/u);
    expect(holes(text.zh)).toEqual(holes(text.en));
  }
});

test('fills its text with the values of the problem', () => {
  const problem = new Crypt4ghProblem('segment_damaged', { segment: 3, from: 196_608 });
  expect(problem.message).toBe('Segment 3 (plain bytes from 196608) was altered, or none of the data keys is for it.');
  expect(problem.text.zh).toContain('第 3 段');
});
