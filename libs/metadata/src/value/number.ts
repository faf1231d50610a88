const decimal = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** Reads a decimal number with a point; no thousands separator, no `Infinity`, no hexadecimal. */
export function readNumber(text: string): number | undefined {
  if (!decimal.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** What a number was probably meant to be: a decimal comma, thousands separators or full-width digits undone. */
export function mendNumber(text: string): string | undefined {
  const narrow = text.normalize('NFKC').trim();
  const candidates = [
    narrow,
    narrow.replace(
      /^([+-]?\d{1,3}(?:,\d{3})+)(\.\d+)?$/,
      (_, whole: string, rest = '') => whole.replaceAll(',', '') + rest,
    ),
  ];
  if (/^[+-]?\d+,\d{1,2}$/.test(narrow)) candidates.push(narrow.replace(',', '.'));
  return candidates.find((candidate) => candidate !== text && readNumber(candidate) !== undefined);
}

/** A number with something behind it, as in `37.5 °C`; ranges such as `1-2 m` are kept together. */
export interface Measure {
  readonly number: string;
  readonly unit: string;
}

/** Splits a value and the unit that somebody wrote into the same cell. */
export function splitMeasure(text: string): Measure | undefined {
  const match = /^([+-]?(?:\d+(?:\.\d+)?)(?:\s*-\s*\d+(?:\.\d+)?)?)\s*([^\d\s.,+-].{0,39})$/u.exec(text.trim());
  return match ? { number: (match[1] ?? '').replace(/\s+/g, ''), unit: (match[2] ?? '').trim() } : undefined;
}
