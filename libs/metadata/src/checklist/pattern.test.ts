import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';

/** Patterns over a tiny alphabet, so that random values often match. */
const patterns: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\b', '^', '$', '[0-9-]', '\\.'),
    fc.tuple(tie('tree'), tie('tree')).map(([x, y]) => x + y),
    fc.tuple(tie('tree'), tie('tree')).map(([x, y]) => `(?:${x}|${y})`),
    fc.tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,}', '*?')).map(([x, q]) => `(${x})${q}`),
  ),
})).tree;

describe('patterns', () => {
  it('match what JavaScript matches', () => {
    const values = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-', '.', ' '), maxLength: 8 });
    fc.assert(
      fc.property(patterns, values, (source, value) => {
        const pattern = compilePattern(source);
        if (!pattern.ok) return;
        expect(pattern.matches(value)).toBe(new RegExp(`^(?:${source})$`).test(value));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['(a+)+$', '(a|a)*b', '(a*)*b', '(.*a){20}', '([a-zA-Z]+)*$', '^(\\w+\\s?)*$'])(
    '%s does not run away',
    (source) => {
      const pattern = compilePattern(source);
      expect(pattern.ok && pattern.matches(`${'a'.repeat(5_000)}!`)).toBe(false);
    },
  );

  it.each([
    ['(?=a)b', 'look-around'],
    ['(a)\\1', 'back reference'],
    ['a(b', 'open group'],
    ['a)b', 'unmatched'],
    ['[a', 'open character class'],
    ['*a', 'nothing to repeat'],
    ['a{5000}', 'repeat count'],
    ['((a{99}){99}){99}', 'steps'],
    ['((()){1000}){1000}', 'multiply'],
    ['[b-a]', 'range'],
    ['\\p{L}', '\\p'],
  ])('%s is refused with a reason', (source, reason) => {
    expect(compilePattern(source)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) as string });
  });

  it('reads any text as a pattern or refuses it, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (source, value) => {
        const pattern = compilePattern(source);
        expect(typeof (pattern.ok ? pattern.matches(value) : pattern.reason)).toMatch(/boolean|string/);
      }),
    );
  });
});
