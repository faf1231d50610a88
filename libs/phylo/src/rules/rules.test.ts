import { expect, test } from 'vitest';
import { virusRules } from './index.ts';
import { VirusProblem } from './problem.ts';
import { treeRules } from './tree.ts';

const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

test('codes are unique and belong to viruses', () => {
  const codes = virusRules.map((rule) => rule.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^GW7\d{3}$/);
});

test.each(virusRules.map((rule) => [rule.code, rule] as const))('%s says the same in both languages', (_, rule) => {
  for (const text of [rule.message, rule.explanation, rule.mend]) {
    expect(text.en).not.toBe('');
    expect(text.zh).toMatch(/\p{Script=Han}/u);
    expect(holes(text.zh)).toEqual(holes(text.en));
  }
  expect(rule.example.refused).not.toBe(rule.example.accepted);
});

test('a problem is a finding with its place', () => {
  expect(new VirusProblem(treeRules.roots, { count: 2 }, 'line 7, sample 2').finding).toEqual({
    code: 'GW7103',
    level: 'error',
    place: { line: 7, alias: 'sample 2' },
    params: { count: 2 },
  });
  expect(new VirusProblem(treeRules.roots, { count: 2 }, 'node a').message).toBe(
    'GW7103: The tree has 2 roots. (node a)',
  );
});
