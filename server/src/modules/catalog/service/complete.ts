import type { Context } from '../../../platform/context.ts';
import { authorize } from '../../access/index.ts';
import { wordsBeginning } from '../store-search.ts';
import { queryWords } from '../tokens.ts';
import { installation } from './installation.ts';

/** Ways to end the last word of what is being typed, most frequent first; only words that anybody may find. */
export async function complete(context: Context, typed: string): Promise<{ text: string; count: number }[]> {
  authorize(context, 'catalog:search', installation);
  const [, before = '', last = ''] = /^(.*?)([\p{L}\p{N}]*)$/su.exec(typed) ?? [];
  const begun = queryWords(last).flat().at(-1);
  if (begun === undefined) return [];
  const words = await wordsBeginning(context.db, begun, 8);
  return words.map(({ word, entries }) => ({ text: before + word, count: entries }));
}
