import type { Finding, Place, Rule } from '@geneward/metadata';

type Values = Readonly<Record<string, string | number>>;

/** A rule that was broken so that nothing can go on: what a reader throws. What is wrong with one genome of many is a finding instead. */
export class VirusProblem extends Error {
  readonly rule: Rule;
  readonly values: Values;
  readonly place: Place;

  constructor(rule: Rule, values: Values = {}, place: Place | string = {}) {
    super(
      `${rule.code}: ${fill(rule.message.en, values)}${typeof place === 'string' && place !== '' ? ` (${place})` : ''}`,
    );
    this.name = 'VirusProblem';
    this.rule = rule;
    this.values = values;
    this.place = typeof place === 'string' ? placeOf(place) : place;
  }

  /** The same, with the file in which it was found. */
  within(file: string): VirusProblem {
    return new VirusProblem(this.rule, this.values, { file, ...this.place });
  }

  get code(): Rule['code'] {
    return this.rule.code;
  }

  /** The same as a value, for the report of a batch. */
  get finding(): Finding {
    return findingOf(this.rule, this.place, this.values);
  }
}

/** `line 7, sample 2` as the place that it means. */
function placeOf(text: string): Place {
  const [, line, rest] = /^line (\d+)(?:, (.*))?$/u.exec(text) ?? [];
  if (line !== undefined) return { line: Number(line), ...(rest !== undefined && { alias: rest }) };
  return text === '' ? {} : { alias: text };
}

/** What was found at a place; its text is rendered from the catalogue when somebody reads it. */
export const findingOf = ({ code, level }: Rule, place: Place, params?: Values): Finding => ({
  code,
  level,
  place,
  ...(params && { params }),
});

const fill = (text: string, values: Values): string =>
  text.replaceAll(/\{(\w+)\}/gu, (whole, key: string) => String(values[key] ?? whole));
