import type { Country } from '../vocabulary/country.ts';
import { readCountry } from '../vocabulary/country.ts';

/** A collection place as INSDC writes it: `Country:region, locality`. */
export type PlaceNameReading =
  | { readonly ok: true; readonly country: Country; readonly region?: string; readonly locality?: string }
  | { readonly ok: false; readonly fault: 'form' | 'variant' | 'country'; readonly suggestion?: string };

/**
 * Reads `geo_loc_name`. The country must be spelled as in the INSDC list; another spelling or a near one is refused with the
 * whole value rewritten as suggestion. What follows the colon is free text, but must not be empty.
 */
export function readPlaceName(text: string): PlaceNameReading {
  const colon = text.indexOf(':');
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  const rest = colon < 0 ? undefined : text.slice(colon + 1).trim();
  const match = readCountry(name);
  const rewritten = (country: string): string => (rest === undefined || rest === '' ? country : `${country}:${rest}`);
  if (match.kind === 'variant') return { ok: false, fault: 'variant', suggestion: rewritten(match.term.value) };
  if (match.kind === 'none') {
    const split = /^([^,，：]+)[,，：]\s*(.+)$/u.exec(text.trim());
    const first = split ? readCountry((split[1] ?? '').trim()) : undefined;
    if (split && first && first.kind !== 'none')
      return { ok: false, fault: 'form', suggestion: `${first.term.value}:${split[2]}` };
    return match.near === undefined
      ? { ok: false, fault: 'country' }
      : { ok: false, fault: 'country', suggestion: rewritten(match.near.value) };
  }
  if (rest === '') return { ok: false, fault: 'form', suggestion: match.term.value };
  if (rest === undefined) return { ok: true, country: match.term };
  const comma = rest.indexOf(',');
  const region = (comma < 0 ? rest : rest.slice(0, comma)).trim();
  const locality = comma < 0 ? '' : rest.slice(comma + 1).trim();
  if (region === '') return { ok: false, fault: 'form' };
  return { ok: true, country: match.term, region, ...(locality !== '' && { locality }) };
}
