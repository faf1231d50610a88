import { expect, test } from 'vitest';
import { fileRules } from './rules.ts';

const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

test('codes are unique and belong to the files', () => {
  const codes = fileRules.map((rule) => rule.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^GW5\d{3}$/);
});

test.each(fileRules.map((rule) => [rule.code, rule] as const))('%s says the same in both languages', (_, rule) => {
  for (const text of [rule.message, rule.explanation, rule.mend]) {
    expect(text.en).not.toBe('');
    expect(text.zh).toMatch(/\p{Script=Han}/u);
    expect(holes(text.zh)).toEqual(holes(text.en));
  }
  expect(rule.example.refused).not.toBe(rule.example.accepted);
});
