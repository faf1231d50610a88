import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordJsonSchema } from './json/schema.ts';
import { recordOf } from './json/record.ts';

const validate = new Ajv2020.default({ strict: false }).compile(recordJsonSchema);

test('the reader takes exactly what the published schema takes', () => {
  const text = fc.oneof(fc.constant(''), fc.constant('x'), fc.constant(7), fc.constant(null));
  const value = fc.oneof(text, fc.array(text, { maxLength: 2 }));
  const maybe = fc.oneof({ weight: 4, arbitrary: fc.constant('x') }, { weight: 1, arbitrary: text });
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        type: fc.constantFrom('sample', 'run', 'thing'),
        alias: maybe,
        accession: maybe,
        attributes: fc.oneof(fc.dictionary(fc.constantFrom('a', 'b'), value), text),
        units: fc.dictionary(fc.constant('a'), maybe),
        references: fc.array(
          fc.record(
            { relation: fc.constantFrom('part_of', 'near'), type: fc.constant('run'), target: maybe },
            { requiredKeys: ['relation', 'type'] },
          ),
        ),
        files: fc.array(
          fc.record(
            { name: maybe, format: maybe, md5: maybe, readTypes: fc.array(maybe, { maxLength: 2 }), more: maybe },
            { requiredKeys: ['name'] },
          ),
        ),
        more: fc.constant(1),
      },
      { requiredKeys: ['type', 'alias'] },
    ),
  );
  fc.assert(
    fc.property(json, (candidate) => {
      const codes: string[] = [];
      const record = recordOf(candidate, {}, (code) => codes.push(code));
      expect(record !== undefined).toBe(validate(candidate));
      expect(codes.length === 0).toBe(record !== undefined);
    }),
    { numRuns: 2000 },
  );
});
