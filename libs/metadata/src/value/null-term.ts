import { nearNulls, nullTerms } from '../data/vocabularies/null-terms.ts';
import { foldTerm } from '../vocabulary/vocabulary.ts';

/**
 * How a value says that there is none:
 * `reported`: an INSDC term that gives the reason (reporting level); `bare`: an INSDC term without one;
 * `near`: something people write instead ("N/A", "."), with the INSDC term to offer; `variant`: an INSDC term misspelled.
 */
export type NullReading =
  | { readonly kind: 'reported' | 'bare'; readonly term: string }
  | { readonly kind: 'near' | 'variant'; readonly suggestion: string };

const exact = new Map(
  nullTerms.terms.map((term) => [term.value, term.reason ? ('reported' as const) : ('bare' as const)]),
);
const folded = new Map(
  nullTerms.terms.flatMap((term) =>
    [term.value, ...(term.synonyms ?? []), term.label.zh].map((name) => [foldTerm(name), term.value] as const),
  ),
);
const near = new Map(nearNulls.map(({ value, offer }) => [foldTerm(value), offer]));
const longest = Math.max(...[...folded.keys(), ...near.keys()].map((key) => key.length)) + 8;

/** First characters (with the bit of lower case set) of what may be a null term in ASCII, blanks included. */
const starts = new Set(
  [...folded.keys(), ...near.keys(), ' ', '\t', '.', '-', '_', '/', '\\', '?', '*'].map(
    (key) => key.charCodeAt(0) | 0x20,
  ),
);

/** Recognises INSDC null terms and what people write in their place; `undefined` for a true value. */
export function readNull(text: string): NullReading | undefined {
  if (text.length > longest) return undefined;
  if (!starts.has(text.charCodeAt(0) | 0x20) && text.charCodeAt(0) < 0x80) return undefined;
  const kind = exact.get(text);
  if (kind) return { kind, term: text };
  if (/\d/.test(text) && !/2023/.test(text)) return undefined;
  const folding = foldTerm(text);
  const variant = folded.get(folding) ?? folded.get(folding.replace(/\s*:\s*/, ': '));
  if (variant !== undefined) return { kind: 'variant', suggestion: variant };
  const offer = near.get(folding) ?? (/^[\s.\-—–_/\\?*]+$/u.test(text) ? 'missing' : undefined);
  return offer === undefined ? undefined : { kind: 'near', suggestion: offer };
}
