/** A word of a text and where it stands; Chinese gives overlapping pairs of characters. */
export interface Token {
  readonly word: string;
  /** From 1, as in a tsvector. */
  readonly position: number;
}

/** A tsvector keeps positions up to here, and lexemes up to 2,046 bytes. */
const lastPosition = 16_383;
const longestWord = 200;

/** Runs of Han, kana and Hangul, which write no spaces; and runs of other letters and digits. */
const runs =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]+|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]]+/gv;
const unspaced = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/v;

/** Most texts: everything below is simpler and many times faster for them. */
const ascii = /^\p{ASCII}*$/u;

/** Runs of letters and digits of a folded text. */
const runsOf = (folded: string): string[] => folded.match(ascii.test(folded) ? /[a-z0-9]+/g : runs) ?? [];

/** Lower case, full-width forms made ordinary, accents removed: how words are compared. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC');
}

/** Whether a folded word is of a script that writes no spaces. */
export const isUnspaced = (word: string): boolean => unspaced.test(word);

/**
 * Words of a text to be indexed. `新冠病毒` gives 新, 新冠, 冠, 冠病, 病, 病毒, 毒: a pair stands where its first character stands,
 * so a longer word is found as the phrase of its pairs.
 */
export function tokenise(text: string, after = 0): Token[] {
  const tokens: Token[] = [];
  let position = after;
  for (const run of runsOf(fold(text))) {
    if (position >= lastPosition) break;
    if (!isUnspaced(run)) {
      position += 1;
      tokens.push({ word: run.slice(0, longestWord), position });
      continue;
    }
    const characters = Array.from(run);
    for (const [i, character] of characters.slice(0, lastPosition - position).entries()) {
      position += 1;
      tokens.push({ word: character, position });
      const next = characters[i + 1];
      if (next !== undefined) tokens.push({ word: character + next, position });
    }
  }
  return tokens;
}

/** Words of a query, in order: a Chinese run of two or more characters gives only its pairs, which must follow each other. */
export function queryWords(text: string): string[][] {
  const groups: string[][] = [];
  for (const run of runsOf(fold(text))) {
    const characters = Array.from(run);
    if (!isUnspaced(run)) groups.push([run.slice(0, longestWord)]);
    else if (characters.length === 1) groups.push([run]);
    else groups.push(characters.slice(0, -1).map((character, i) => `${character}${characters[i + 1] ?? ''}`));
  }
  return groups;
}
