import type { Checklist, Field } from './checklist.ts';
import { fieldsOf } from './checklist.ts';
import { nullPolicy } from './judge.ts';
import { nullTerms } from '../data/vocabularies/null-terms.ts';

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The part of a checklist that JSON Schema can say, about the `attributes` of a record: names, mandate, lists, lengths,
 * patterns, groups. Calendars, places, organisms, units and conditions have no words there.
 */
export function toJsonSchema(checklist: Checklist): JsonSchema {
  const fields = fieldsOf(checklist);
  const groups = checklist.groups.flatMap(({ restriction, fields: members }): JsonSchema[] => {
    const present = members.map(({ name }) => ({ required: [name] }));
    if (restriction === 'any') return [];
    if (restriction === 'atLeastOne') return [{ anyOf: present }];
    return [restriction === 'one' ? { oneOf: present } : { oneOf: [...present, { not: { anyOf: present } }] }];
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:geneward:checklist:${checklist.id}:${checklist.version}`,
    title: checklist.label.en,
    description: checklist.description.en,
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, property(field)])),
    required: fields.filter(({ requirement }) => requirement === 'mandatory').map(({ name }) => name),
    ...(groups.length > 0 && { allOf: groups }),
  };
}

function property(field: Field): JsonSchema {
  const texts = { title: field.label.en, description: field.description.en };
  const value = orNull(field, valueSchema(field));
  if (!field.multiple) return { ...texts, ...value };
  return { ...texts, anyOf: [value, { type: 'array', items: value, minItems: 1 }] };
}

/** JSON Schema cannot tell an INSDC null term from a value, so a field that allows them lists them as an alternative. */
function orNull(field: Field, schema: JsonSchema): JsonSchema {
  const policy = nullPolicy(field);
  const terms = nullTerms.terms.filter(({ reason }) => policy === 'allowed' || (policy === 'reported' && reason));
  return terms.length === 0 ? schema : { anyOf: [schema, { enum: terms.map(({ value }) => value) }] };
}

const instant = String.raw`\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T\d{2}(:\d{2}(:\d{2})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?)?)?`;
const formats: Readonly<Record<string, string>> = {
  number: String.raw`^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,3})?$`,
  integer: String.raw`^[+-]?\d+$`,
  latitude: String.raw`^[+-]?\d{1,2}(\.\d+)?$`,
  longitude: String.raw`^[+-]?\d{1,3}(\.\d+)?$`,
  lat_lon: String.raw`^(\d{1,2}(\.\d+)? [NS] \d{1,3}(\.\d+)? [EW]|[+-]?\d{1,2}(\.\d+)?[, ] ?[+-]?\d{1,3}(\.\d+)?)$`,
  geo_loc_name: String.raw`^[^:]+(:[^,]+(,.+)?)?$`,
  md5: '^[0-9a-f]{32}$',
};

function valueSchema({ type }: Field): JsonSchema {
  if (type.kind === 'choice' && !type.open) return { enum: type.values.map(({ value }) => value) };
  if (type.kind === 'date')
    return { type: 'string', pattern: type.ranges ? `^${instant}(/${instant})?$` : `^${instant}$` };
  if (type.kind === 'taxon' && type.by === 'id') return { type: 'string', pattern: String.raw`^[1-9]\d{0,8}$` };
  if (type.kind === 'ontology')
    return { type: 'string', pattern: String.raw`[A-Za-z][A-Za-z0-9._]*:[A-Za-z0-9_]+\]?$` };
  if (type.kind !== 'text' && type.kind !== 'textArea') return { type: 'string', minLength: 1 };
  const pattern =
    type.kind === 'text'
      ? type.pattern === undefined
        ? formats[type.format ?? '']
        : `^(?:${type.pattern})$`
      : undefined;
  return {
    type: 'string',
    minLength: type.minLength ?? 1,
    ...(type.maxLength !== undefined && { maxLength: type.maxLength }),
    ...(pattern !== undefined && { pattern }),
  };
}
