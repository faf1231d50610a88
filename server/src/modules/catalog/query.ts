import type { z } from 'zod';
import { facetNames, type FacetName, type searchTerm } from '@geneward/api';
import { exact, quote } from './lexeme.ts';
import { isExactField, mostTerms } from './rules.ts';
import { isUnspaced, queryWords } from './tokens.ts';

type SearchTerm = z.infer<typeof searchTerm>;

/** One part of what was typed. */
export interface Term extends SearchTerm {
  /** In the language of `to_tsquery`, without the "not". */
  readonly tsquery: string;
  /** Plain words that a misspelling may be looked for in. */
  readonly spelled: readonly string[];
  /** How often it can occur at most: the least of these. */
  readonly bounds: readonly Bound[];
}

/** Number of entries with any of these words, or with any word that begins so. */
export type Bound = { readonly words: readonly string[] } | { readonly prefix: string };

/** Why a text is no search. */
export interface QueryFault {
  readonly code: 'search_prefix_short' | 'search_too_many_terms';
  readonly params: Readonly<Record<string, string | number>>;
}

/** A sign for "not", a field, then a phrase in quotes or a word; quotes that are not closed end with the text. */
const parts = /(-)?(?:([a-z_]+):)?(?:["“”]([^"“”]*)(?:["“”]|$)|([^\s"“”]+))/giu;

/** Reads what a person types into a search box. */
export function parseQuery(text: string): Term[] | QueryFault {
  const terms: Term[] = [];
  for (const [, minus, name, phrase, word] of text.normalize('NFC').matchAll(parts)) {
    const field = name?.toLowerCase();
    const known = field !== undefined && (isExactField(field) || field === 'title');
    // `HLA:B27` is a word with a colon, no field.
    const body = phrase ?? (known || name === undefined ? (word ?? '') : `${name}:${word ?? ''}`);
    const term = termOf({
      field: known ? field : undefined,
      body,
      quoted: phrase !== undefined,
      not: minus !== undefined,
    });
    if (term === undefined) continue;
    if ('code' in term) return term;
    if (terms.length === mostTerms) return { code: 'search_too_many_terms', params: { limit: mostTerms } };
    terms.push(term);
  }
  return terms;
}

function termOf(given: {
  field: string | undefined;
  body: string;
  quoted: boolean;
  not: boolean;
}): Term | QueryFault | undefined {
  const { field, quoted, not } = given;
  const starred = !quoted && given.body.endsWith('*');
  const text = starred ? given.body.replace(/\*+$/, '') : given.body;
  const groups = queryWords(text);
  if (groups.length === 0) return undefined;
  if (starred && tooShort(groups)) return { code: 'search_prefix_short', params: { text } };
  if (field !== undefined && isExactField(field)) {
    const word = exact(field, text);
    const bound: Bound = starred ? { prefix: word } : { words: [word] };
    return {
      kind: 'field',
      field,
      text,
      not,
      tsquery: quote(word) + (starred ? ':*' : ''),
      spelled: [],
      bounds: [bound],
    };
  }
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i.test(text)) {
    const word = exact('checksum', text);
    return {
      kind: 'field',
      field: 'checksum',
      text,
      not,
      tsquery: quote(word),
      spelled: [],
      bounds: [{ words: [word] }],
    };
  }
  const words = groups.flat();
  const last = words.at(-1) ?? '';
  return {
    kind: field ? 'field' : starred ? 'prefix' : quoted && groups.length > 1 ? 'phrase' : 'word',
    ...(field && { field }),
    text,
    not,
    tsquery: phraseOf(groups, `${starred ? '*' : ''}${field === 'title' ? 'A' : ''}`),
    spelled: starred ? [] : words.filter((word) => !isUnspaced(word)),
    bounds: words.map((word) => (starred && word === last ? { prefix: word } : { words: [word] })),
  };
}

/** A prefix finds all its words: it must not find most of them. */
function tooShort(groups: readonly (readonly string[])[]): boolean {
  const last = groups.at(-1)?.at(-1) ?? '';
  return groups.length === 1 && Array.from(last).length < (isUnspaced(last) ? 2 : 3);
}

/** Words that follow each other: `SARS-CoV-2`, a quoted phrase, the pairs of a Chinese word. */
function phraseOf(groups: readonly (readonly string[])[], mark: string): string {
  const end = groups.flat().length;
  let count = 0;
  let phrase = '';
  for (const [i, group] of groups.entries()) {
    for (const [j, word] of group.entries()) {
      count += 1;
      // The last pair of a run stands two places before the next word: its second character lies between.
      const before = groups[i - 1]?.at(-1) ?? '';
      const gap = j === 0 && isUnspaced(before) && Array.from(before).length === 2 ? 2 : 1;
      const marks = count === end ? mark : mark.replace('*', '');
      phrase += `${count > 1 ? ` <${gap}> ` : ''}${quote(word)}${marks ? `:${marks}` : ''}`;
    }
  }
  return end > 1 ? `(${phrase})` : phrase;
}

/** A search as one question to the index, and what is known of its size. */
export interface Compiled {
  readonly tsquery: string;
  /** The words that make one result better than another; empty when nothing was typed. */
  readonly rankQuery: string;
  /** What fits, fits each of these. */
  readonly bounds: readonly Bound[];
  /** The one word that is all that is asked: what has it, fits. */
  readonly word?: string;
}

/** Joins what was typed and what was ticked. */
export function compile(
  terms: readonly Term[],
  ticked: Readonly<Partial<Record<FacetName, readonly string[] | undefined>>>,
): Compiled {
  const wanted = terms.filter((term) => !term.not);
  const choices = facetNames.flatMap((name) => {
    const values = ticked[name] ?? [];
    return values.length > 0 ? [values.map((value) => exact(name, value))] : [];
  });
  const parts = [...terms.map((term) => term.tsquery), ...choices.map((words) => words.map(quote).join(' | '))];
  const only = [...wanted.flatMap((term) => term.bounds), ...choices.map((words) => ({ words }))];
  const word = only.length === 1 && only[0] && 'words' in only[0] ? only[0].words[0] : undefined;
  return {
    tsquery: [
      ...terms.map((term) => (term.not ? `!${term.tsquery}` : term.tsquery)),
      ...choices.map((words) => `(${words.map(quote).join(' | ')})`),
    ].join(' & '),
    rankQuery: wanted
      .filter((term) => term.kind !== 'field' || term.field === 'title')
      .map((term) => term.tsquery)
      .join(' & '),
    bounds: only,
    ...(word !== undefined && parts.length === 1 && parts[0] === quote(word) && { word }),
  };
}
