import { dateRules, fieldRules, nullRules, placeRules } from '../rules/catalogue/core.ts';
import { readCountry } from '../vocabulary/country.ts';
import { termReader } from '../vocabulary/vocabulary.ts';
import { earliest, readDate } from '../value/date.ts';
import { readNull } from '../value/null-term.ts';
import { mendNumber, readNumber } from '../value/number.ts';
import { readPlaceName } from '../value/place-name.ts';
import { readCoordinate, readPoint } from '../value/point.ts';
import type { Field, FieldType, NullPolicy, TextFormat } from './checklist.ts';
import { compilePattern } from './pattern.ts';
import type { Verdict } from './verdict.ts';
import { passes, verdict } from './verdict.ts';

/** Judges one value of a field, wherever it stands. */
export type Judge = (value: string) => readonly Verdict[];

/** What judging needs to know of the world. */
export interface World {
  /** Last moment of today, in milliseconds since 1970. */
  readonly now: number;
  readonly taxon: (field: Field) => Judge;
}

/** No field of any checklist may be longer, in UTF-16 units. */
export const longestValue = 10_000;

/** Control characters that XML 1.0 cannot carry, and the invisible ones that copying leaves behind. */
const control = /(?![\t\n\r])[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff]/u;
const controls = new RegExp(control.source, 'gu');
/** The quick answer for most values: printable ASCII or Han characters, with single spaces inside. */
function isPlain(value: string): boolean {
  let previous = 0x20;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0x20 ? previous === 0x20 : code < 0x20 || (code > 0x7e && (code < 0x4e00 || code > 0x9fff)))
      return false;
    previous = code;
  }
  return previous !== 0x20;
}

const blanks = /^\s|\s$|[^\S\n]{2,}|\t|\u00a0|\u3000/u;

/** How a field treats null terms when its checklist does not say. */
export const nullPolicy = (field: Field): NullPolicy =>
  field.nulls ?? (field.requirement === 'optional' ? 'discouraged' : 'allowed');

/** Compiles the judgement on one value of a field: tidiness first, then nulls, then what its type asks. */
export function judgeOf(field: Field, world: World): Judge {
  const { name, type } = field;
  const listed = type.kind === 'choice' ? new Set(type.values.map((choice) => choice.value)) : undefined;
  const typed = typeJudge(field, world);
  const nulls = nullJudge(field);
  const long = type.kind === 'textArea';
  const tidy: Judge = (value) => (listed?.has(value) ? passes : (nulls(value) ?? typed(value)));
  return (value) => {
    if (value.length > longestValue)
      return verdict(fieldRules.tooBig, {
        value,
        params: { field: name, length: value.length, maximum: longestValue },
      });
    if (isPlain(value)) return tidy(value);
    if (control.test(value)) {
      const suggestion = value.replace(controls, '').trim();
      return [...verdict(fieldRules.control, { value, params: { field: name }, suggestion }), ...tidy(suggestion)];
    }
    if (!blanks.test(value)) return tidy(value);
    const suggestion = long ? value.trim() : value.trim().replace(/\s+/gu, ' ');
    if (suggestion === value) return tidy(value);
    return [...verdict(fieldRules.blanks, { value, params: { field: name }, suggestion }), ...tidy(suggestion)];
  };
}

function nullJudge(field: Field): (value: string) => readonly Verdict[] | undefined {
  const { name } = field;
  const policy = nullPolicy(field);
  return (value) => {
    const reading = readNull(value);
    if (!reading) return undefined;
    const params = { field: name };
    if (policy === 'forbidden') return verdict(nullRules.forbidden, { value, params });
    if (policy === 'discouraged') return verdict(nullRules.optional, { value, params, suggestion: '' });
    const term = 'suggestion' in reading ? reading.suggestion : undefined;
    const spelled =
      term === undefined
        ? passes
        : verdict(reading.kind === 'near' ? nullRules.near : nullRules.spelling, { value, params, suggestion: term });
    if (policy === 'allowed' || reading.kind === 'reported' || term?.startsWith('missing: ')) return spelled;
    return [...spelled, ...verdict(nullRules.reason, { value, params })];
  };
}

function typeJudge(field: Field, world: World): Judge {
  const { name, type } = field;
  if (type.kind === 'textArea') return lengthJudge(name, type);
  if (type.kind === 'choice') return choiceJudge(name, type);
  if (type.kind === 'date') return dateJudge(name, type.ranges ?? false, world.now);
  if (type.kind === 'taxon') return world.taxon(field);
  if (type.kind === 'ontology') return ontologyJudge(name, type.ontologies);
  return both(lengthJudge(name, type), both(patternJudge(name, type.pattern), formatJudge(name, type)));
}

const both =
  (first: Judge, second: Judge): Judge =>
  (value) => {
    const one = first(value);
    return one.length > 0 ? one : second(value);
  };

function lengthJudge(
  field: string,
  { minLength = 0, maxLength = longestValue }: { minLength?: number; maxLength?: number },
): Judge {
  return (value) => {
    const { length } = value;
    if (length < minLength)
      return verdict(fieldRules.tooShort, { value, params: { field, minimum: minLength, length } });
    if (length > maxLength)
      return verdict(fieldRules.tooLong, { value, params: { field, maximum: maxLength, length } });
    return passes;
  };
}

function patternJudge(field: string, pattern: string | undefined): Judge {
  if (pattern === undefined) return () => passes;
  const compiled = compilePattern(pattern);
  if (!compiled.ok) return () => passes;
  return (value) =>
    compiled.matches(value) ? passes : verdict(fieldRules.pattern, { value, params: { field, pattern } });
}

function choiceJudge(field: string, type: FieldType & { kind: 'choice' }): Judge {
  const read = termReader(type.values);
  return (value) => {
    const match = read(value);
    if (match.kind === 'exact') return passes;
    if (match.kind === 'variant')
      return verdict(fieldRules.choiceSpelling, { value, params: { field }, suggestion: match.term.value });
    return verdict(type.open ? fieldRules.openChoice : fieldRules.choice, {
      value,
      params: { field },
      suggestion: match.near?.value,
    });
  };
}

function dateJudge(field: string, ranges: boolean, now: number): Judge {
  return (value) => {
    const reading = readDate(value);
    const detail = { value, params: { field } };
    if (!reading.ok) return verdict(dateRules[reading.fault], { ...detail, suggestion: reading.suggestion });
    if (reading.to && !ranges) return verdict(dateRules.range, detail);
    if (earliest(reading.to ?? reading.from) > now) return verdict(dateRules.future, detail);
    const { hour, zone } = reading.from;
    return hour !== undefined && zone === undefined ? verdict(dateRules.zone, detail) : passes;
  };
}

function ontologyJudge(field: string, ontologies: readonly string[]): Judge {
  const known = new Set(ontologies.map((prefix) => prefix.toLowerCase()));
  return (value) => {
    const term = /^(?:[^[\]]{1,300} ?\[)?([A-Za-z][A-Za-z0-9._]{0,30}):([A-Za-z0-9_]{1,40})\]?$/.exec(value);
    if (!term || value.includes('[') !== value.endsWith(']'))
      return verdict(fieldRules.ontologyForm, { value, params: { field } });
    if (known.size === 0 || known.has((term[1] ?? '').toLowerCase())) return passes;
    return verdict(fieldRules.ontologyOther, { value, params: { field, ontologies: ontologies.join(', ') } });
  };
}

const identifiers: Readonly<Partial<Record<TextFormat, RegExp>>> = {
  md5: /^[0-9a-f]{32}$/,
  doi: /^10\.\d{4,9}\/\S{1,200}$/,
  url: /^https?:\/\/[^\s/$.?#][^\s]{0,2000}$/,
  email: /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,63}$/,
  accession: /^[A-Z][A-Z0-9_]{1,11}\d{2,12}(?:\.\d{1,4})?$/,
};

function formatJudge(field: string, type: FieldType & { kind: 'text' }): Judge {
  const { format } = type;
  if (format === undefined) return () => passes;
  if (format === 'number' || format === 'integer') return numberJudge(field, type);
  if (format === 'latitude') return coordinateJudge(field, 90);
  if (format === 'longitude') return coordinateJudge(field, 180);
  if (format === 'lat_lon') return pointJudge(field);
  if (format === 'country') return countryJudge(field);
  if (format === 'geo_loc_name') return placeNameJudge(field);
  return identifierJudge(field, format);
}

function identifierJudge(field: string, format: TextFormat): Judge {
  const form = identifiers[format];
  return (value) =>
    form?.test(value) === false ? verdict(fieldRules.identifier, { value, params: { field, format } }) : passes;
}

function numberJudge(
  field: string,
  { format, minimum = -Infinity, maximum = Infinity }: FieldType & { kind: 'text' },
): Judge {
  return (value) => {
    const number = readNumber(value);
    if (number === undefined)
      return verdict(fieldRules.notNumber, { value, params: { field }, suggestion: mendNumber(value) });
    if (format === 'integer' && !Number.isInteger(number))
      return verdict(fieldRules.notInteger, { value, params: { field } });
    if (number >= minimum && number <= maximum) return passes;
    const bounds =
      maximum === Infinity ? `≥ ${minimum}` : minimum === -Infinity ? `≤ ${maximum}` : `${minimum} – ${maximum}`;
    return verdict(fieldRules.outOfBounds, { value, params: { field, bounds } });
  };
}

const coordinateJudge =
  (field: string, bound: 90 | 180): Judge =>
  (value) =>
    readCoordinate(value, bound) === undefined
      ? verdict(placeRules.coordinate, { value, params: { field, bound } })
      : passes;

const pointFaults = {
  form: placeRules.pointForm,
  bounds: placeRules.pointBounds,
  notation: placeRules.pointNotation,
} as const;

function pointJudge(field: string): Judge {
  return (value) => {
    const reading = readPoint(value);
    return reading.ok
      ? passes
      : verdict(pointFaults[reading.fault], { value, params: { field }, suggestion: reading.suggestion });
  };
}

function countryJudge(field: string): Judge {
  return (value) => {
    const match = readCountry(value);
    if (match.kind === 'variant')
      return verdict(placeRules.countrySpelling, { value, params: { field }, suggestion: match.term.value });
    if (match.kind === 'none')
      return verdict(placeRules.country, { value, params: { field }, suggestion: match.near?.value });
    return match.term.historical ? historical(field, value, match.term.value, match.term.successor) : passes;
  };
}

const placeFaults = {
  form: placeRules.nameForm,
  variant: placeRules.countrySpelling,
  country: placeRules.country,
} as const;

function placeNameJudge(field: string): Judge {
  return (value) => {
    const reading = readPlaceName(value);
    if (!reading.ok)
      return verdict(placeFaults[reading.fault], { value, params: { field }, suggestion: reading.suggestion });
    const { country } = reading;
    if (!country.historical) return passes;
    const colon = value.indexOf(':');
    const successor =
      country.successor === undefined ? undefined : country.successor + (colon < 0 ? '' : value.slice(colon));
    return historical(field, value, country.value, successor);
  };
}

const historical = (
  field: string,
  value: string,
  country: string,
  suggestion: string | undefined,
): readonly Verdict[] => verdict(placeRules.historical, { value, params: { field, country }, suggestion });
