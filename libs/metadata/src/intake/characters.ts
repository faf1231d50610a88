import type { Place } from '../rules/rule.ts';
import type { Report } from './report.ts';

const plain = /^(?![ \t\r\n])[\x20-\x7e\t\r\n]*(?<![ \t\r\n])$/;
const wideSpace = /[\u00a0\u2000-\u200a\u202f\u205f\u3000\u2028\u2029]/g;
const noWidth = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const fullWidth = /[\uff01-\uff5e]/g;
// Tab and line breaks may stand in a cell.
// oxlint-disable-next-line no-control-regex -- these characters are what is looked for
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

const has = (pattern: RegExp, text: string): boolean => text.search(pattern) >= 0;

/** Reports what cannot be seen in a value: odd spaces, full-width characters, controls, spaces at the edges. */
export function checkCharacters(value: string, prose: boolean, place: () => Place, report: Report): void {
  if (value === '' || plain.test(value)) return;
  const suggestion = cleaned(value, prose);
  const detail = { value, suggestion };
  if (has(control, value)) report('GW3042', place(), detail);
  if (has(wideSpace, value) || has(noWidth, value)) report('GW3040', place(), detail);
  else if (value !== value.trim()) report('GW3043', place(), detail);
  if (!prose && has(fullWidth, value)) report('GW3041', place(), detail);
}

/** The value with plain spaces, half-width forms (unless it is prose) and without controls and edge spaces. */
function cleaned(value: string, prose: boolean): string {
  const text = value.replace(control, '').replace(noWidth, '').replace(wideSpace, ' ').trim();
  return prose ? text : text.replace(fullWidth, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}
