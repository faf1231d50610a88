import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { schemaToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { actionRules, actions } from '@geneward/api';
import { expect, it } from 'vitest';
import { loadPolicies, policies, PolicyError } from './policies.ts';
import { listActions, scopeOf } from './scope.ts';

it('knows in the schema exactly the acts of the contract', () => {
  const schema = schemaToJson(readFileSync(new URL('policies/schema.cedarschema', import.meta.url), 'utf8'));
  if (schema.type === 'failure') throw new Error(schema.errors[0]?.message);
  expect(Object.keys(schema.json['']?.actions ?? {}).toSorted()).toEqual(actions.toSorted());
});

it('permits every act to somebody, apart from destruction, which has no policy yet', () => {
  const permitted = [...policies.values()].filter((p) => p.effect === 'permit').flatMap((p) => p.actions ?? []);
  expect(actions.filter((action) => !permitted.includes(action))).toEqual(['object:destroy']);
});

it('says in both languages what each policy means', () => {
  const unclear = [...policies.values()].filter(
    ({ meaning }) => meaning.en.length < 10 || !/\p{Script=Han}{4}/u.test(meaning.zh),
  );
  expect(unclear.map((policy) => policy.id)).toEqual([]);
});

it('has a twin in SQL for each policy that selects lists', () => {
  const columns = {
    organisation: 'o',
    owner: 'p',
    status: 's',
    manner: 'm',
    grade: 'g',
    categories: 'c',
    jurisdictions: 'j',
  };
  for (const action of listActions) expect(() => scopeOf({ kind: 'anonymous' }, action, columns)).not.toThrow();
});

it('lets a token do what changes things only with the scope for it', () => {
  const reading = actions.filter((action) => actionRules[action].reads);
  expect(reading).toEqual([
    'organisation:read',
    'person:list',
    'person:read',
    'audit:read',
    'event:read',
    'access:explain',
    'file:read',
    'submission:read',
    'object:read_metadata',
    'object:read_data',
    'object:read_tombstone',
    'catalog:search',
    'party:read',
    'job:read',
    'job:read_result',
    'genomes:read',
    'forecast:read',
  ]);
  const open = actions.filter((action) => !reading.includes(action) && !actionRules[action].scopes);
  // One's own credentials: asked of a session, also of one whose password has expired.
  expect(open).toEqual(['token:manage']);
  const changing = actions.filter((action) => !reading.includes(action));
  expect(changing.filter((action) => actionRules[action].scopes?.includes('read'))).toEqual([]);
});

it.each([
  ['does not parse', 'permit (principal, action, resource', /unexpected end of input/],
  [
    'names an unknown act',
    '@id("a") @en("a") @zh("a") permit (principal, action == Action::"object:eat", resource);',
    /unknown action object:eat/,
  ],
  [
    'asks for what the schema does not know',
    '@id("a") @en("a") @zh("a") permit (principal, action, resource) when { resource.colour == "red" };',
    /colour/,
  ],
  ['does not say what it means', '@id("a") permit (principal, action, resource);', /lacks @id, @en or @zh/],
  [
    'takes the name of another',
    '@id("a") @en("a") @zh("a") permit (principal, action, resource);@id("a") @en("a") @zh("a") forbid (principal, action, resource);',
    /same @id/,
  ],
])('does not start with a policy that %s', (_what, text, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-policies-'));
  try {
    writeFileSync(
      join(folder, 'schema.cedarschema'),
      readFileSync(new URL('policies/schema.cedarschema', import.meta.url)),
    );
    writeFileSync(join(folder, 'bad.cedar'), text);
    const load = () => loadPolicies(pathToFileURL(`${folder}/`));
    expect(load).toThrow(PolicyError);
    expect(load).toThrow(message);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
