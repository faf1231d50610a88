import { typeNames } from '../model/type-names.ts';
import type { Finding, Language, Rule } from './rule.ts';

/** All rules of an installation by code: what the API serves and the documentation prints. */
export type Catalogue = ReadonlyMap<Rule['code'], Rule>;

/** Joins the rules of several libraries. Throws when two claim one code, as a code means one thing for ever. */
export function combineCatalogues(...parts: readonly Iterable<Rule>[]): Catalogue {
  const all = new Map<Rule['code'], Rule>();
  for (const part of parts)
    for (const rule of part) {
      if (all.has(rule.code)) throw new Error(`two rules claim the code ${rule.code}`);
      all.set(rule.code, rule);
    }
  return new Map([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What a reader is told about a finding. A hole without a value stays visible, a code without a rule speaks for itself; the
 * types of objects are called by their names in the language.
 */
export function render(finding: Finding, language: Language, catalogue: Catalogue): { message: string; mend: string } {
  const rule = catalogue.get(finding.code);
  if (!rule) return { message: finding.code, mend: '' };
  const holes: Readonly<Record<string, string | number | undefined>> = {
    value: finding.value,
    suggestion: finding.suggestion,
    column: finding.place.column,
    row: finding.place.row,
    ...finding.params,
  };
  const written = (name: string): string | number | undefined => {
    const value = holes[name];
    const isType =
      (name === 'type' || name === 'target') && typeof value === 'string' && Object.hasOwn(typeNames, value);
    return isType ? typeNames[value as keyof typeof typeNames][language] : value;
  };
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (hole, name: string) => String(written(name) ?? hole));
  return { message: fill(rule.message[language]), mend: fill(rule.mend[language]) };
}
