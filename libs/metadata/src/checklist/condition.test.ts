import { describe, expect, it } from 'vitest';
import { compileCondition } from './condition.ts';

const holds = (expression: string, cells: Record<string, string> = {}): boolean => {
  const condition = compileCondition(expression);
  if (!condition.ok) throw new Error(condition.reason);
  return condition.holds((field) => cells[field]);
};

describe('conditions', () => {
  it.each([
    ["[layout] = 'PAIRED' implies present([size])", { layout: 'paired' }, false],
    ["[layout] = 'PAIRED' implies present([size])", { layout: 'PAIRED', size: '1' }, true],
    ["[layout] = 'PAIRED' implies present([size])", { layout: 'SINGLE' }, true],
    ['[age] >= 18 and [age] < 120', { age: '18' }, true],
    ['[age] >= 18 and [age] < 120', { age: '9' }, false],
    ["not ([sex] in ('male', 'female')) or present([host sex])", { sex: 'male' }, false],
    ["[a] = '1' or [b] = '1' and [c] = '1'", { a: '1' }, true],
    ["[name] = 'it''s'", { name: "it's" }, true],
    ["[x] != 'y'", {}, true],
    ['[x] < 5', {}, false],
  ])('%s on %j is %s', (expression, cells, expected) =>
    expect(holds(expression, cells as Record<string, string>)).toBe(expected),
  );

  it('names the fields that it looks at', () => {
    expect(compileCondition("[a b] = '1' implies present([c])")).toMatchObject({ ok: true, fields: ['a b', 'c'] });
  });

  it.each(['', '[a]', '[a] =', "[a] = 'x' extra", 'present(a)', '[a] ~ 1', '('.repeat(100), 'a'.repeat(3000)])(
    '%s is refused with a reason',
    (expression) => {
      expect(compileCondition(expression).ok).toBe(false);
    },
  );
});
