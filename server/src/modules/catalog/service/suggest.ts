import { editDistance, slip } from '@geneward/metadata';
import type { Tx } from '../../../platform/db.ts';
import type { Term } from '../query.ts';
import { likeWords } from '../store-search.ts';

/**
 * The same text with each word that next to nobody uses replaced by the one that was probably meant: few slips away, and of
 * several such the most frequent. Only words that anybody may find are offered.
 */
export async function suggest(tx: Tx, text: string, terms: readonly Term[]): Promise<string | undefined> {
  const words = [...new Set(terms.flatMap((term) => (term.not ? [] : term.spelled)))].filter(
    (word) => word.length >= 4 && word.length <= 40 && !/\d/.test(word),
  );
  if (words.length === 0) return undefined;
  let changed = text;
  for (const { word, like } of await likeWords(tx, words)) {
    const meant = nearest(word, like);
    if (meant) changed = changed.replaceAll(new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, 'giu'), meant);
  }
  return changed === text ? undefined : changed;
}

function nearest(word: string, like: readonly { word: string; entries: number }[]): string | undefined {
  const limit = slip(word);
  let found: { word: string; distance: number; entries: number } | undefined;
  for (const one of like) {
    const distance = editDistance(word, one.word, limit);
    if (distance === 0 || distance > limit) continue;
    if (!found || distance < found.distance || (distance === found.distance && one.entries > found.entries))
      found = { ...one, distance };
  }
  return found?.word;
}
