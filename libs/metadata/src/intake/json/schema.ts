import { objectTypes, relations } from '../../model/record.ts';

const text = { type: 'string', minLength: 1 } as const;
const map = (values: object): object => ({ type: 'object', additionalProperties: values });

/** JSON Schema (2020-12) of what the JSON reader takes: one record. A document is an array of them, or `{"records": [...]}`. */
export const recordJsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Geneward record',
  type: 'object',
  required: ['type', 'alias'],
  additionalProperties: false,
  properties: {
    type: { enum: objectTypes },
    alias: text,
    accession: text,
    title: text,
    checklist: text,
    attributes: map({ anyOf: [text, { type: 'array', items: text, minItems: 1 }] }),
    units: map(text),
    references: {
      type: 'array',
      items: {
        type: 'object',
        required: ['relation', 'type', 'target'],
        additionalProperties: false,
        properties: { relation: { enum: relations }, type: { enum: objectTypes }, target: text },
      },
    },
    files: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: {
          name: text,
          format: { type: 'string' },
          md5: text,
          sha256: text,
          unencryptedMd5: text,
          readTypes: { type: 'array', items: text, minItems: 1 },
        },
      },
    },
  },
} as const;
