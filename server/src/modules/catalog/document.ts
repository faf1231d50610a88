import { entryOf, type Entry, type IndexedObject } from './entry.ts';
import { exact, quote, type Weight } from './lexeme.ts';
import { wordFields, type ExactField } from './rules.ts';
import { tokenise } from './tokens.ts';

/** Longest text of attributes that is indexed; the rest of a very long one is found by its other words. */
const textLimit = 20_000;

/**
 * Everything that an object is found by, as the text form of a tsvector: words of its texts with place and weight, and for each
 * field that can be filtered one exact word (`=country:china`), so that a whole search is one question to one index.
 */
export function documentOf(object: IndexedObject, entry: Entry = entryOf(object)): string {
  const places = new Map<string, string[]>();
  let end = 0;
  const add = (text: string | undefined, weight: Weight) => {
    for (const { word, position } of tokenise((text ?? '').slice(0, textLimit), end)) {
      const at = places.get(word);
      // A tsvector keeps 256 places of a word.
      if (!at) places.set(word, [`${position}${weight}`]);
      else if (at.length < 255) at.push(`${position}${weight}`);
      end = position;
    }
    // A gap, so that no phrase runs over the border of two fields.
    end += 2;
  };
  add(entry.title, 'A');
  add(object.accession, 'C');
  add(object.alias, 'C');
  for (const text of [entry.organism, entry.country, entry.strategy, entry.platform, entry.instrument]) add(text, 'B');
  for (const value of Object.values(object.attributes)) add(typeof value === 'string' ? value : value.join('\n'), 'D');
  for (const file of object.files) add(file.name, 'D');
  const words = [...places].map(([word, at]) => `${quote(word)}:${at.join(',')}`);
  return [...words, ...exactWords(object, entry).map(quote)].join(' ');
}

function exactWords(object: IndexedObject, entry: Entry): string[] {
  const values: readonly (readonly [ExactField, string | number | undefined])[] = [
    ['type', entry.type],
    ['organism', entry.organism],
    ['taxon', entry.taxon],
    ['country', entry.country],
    ['strategy', entry.strategy],
    ['platform', entry.platform],
    ['instrument', entry.instrument],
    ['organisation', entry.organisation],
    ['year', entry.year],
    ['manner', entry.manner],
    ['alias', entry.alias],
    ['accession', entry.accession],
    ...object.files.flatMap(({ md5, sha256 }) => [['checksum', md5] as const, ['checksum', sha256] as const]),
  ];
  const words = values.flatMap(([field, value]) => {
    if (value === undefined) return [];
    const whole = exact(field, String(value));
    return wordFields.includes(field)
      ? [whole, ...tokenise(String(value)).map((token) => exact(field, token.word))]
      : [whole];
  });
  return [...new Set(words)];
}
