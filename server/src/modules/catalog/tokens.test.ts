import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, queryWords, tokenise } from './tokens.ts';

const words = (text: string) => tokenise(text).map((token) => token.word);

describe('words of a text', () => {
  it.each([
    ['Homo sapiens', ['homo', 'sapiens']],
    ['SARS-CoV-2, in Kraków', ['sars', 'cov', '2', 'in', 'krakow']],
    ['ＤＮＡ ﬁber', ['dna', 'fiber']],
    ['新冠病毒', ['新', '新冠', '冠', '冠病', '病', '病毒', '毒']],
    ['水稻rice基因', ['水', '水稻', '稻', 'rice', '基', '基因', '因']],
    ['GWS0000001', ['gws0000001']],
    ['  ;; ', []],
  ])('%s', (text, expected) => expect(words(text)).toEqual(expected));

  it('keeps pairs of characters where the first one stands', () => {
    expect(tokenise('a 水稻').map((token) => token.position)).toEqual([1, 2, 2, 3]);
  });

  it('finds every word of a query among the words of the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const indexed = new Set(words(text));
        for (const word of queryWords(text).flat()) expect(indexed).toContain(word);
      }),
    );
  });

  it('folds to a fixed point', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)));
  });

  it('keeps positions rising and within what a tsvector holds', () => {
    const tokens = tokenise('字'.repeat(20_000));
    expect(tokens.at(-1)?.position).toBe(16_383);
    expect(tokens.every((token, i) => token.position >= (tokens[i - 1]?.position ?? 0))).toBe(true);
  });
});
