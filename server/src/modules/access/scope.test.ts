import { categories, roles, scopes, type Label, type Resource } from '@geneward/api';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import type { Principal } from '../../platform/context.ts';
import { decide } from './decide.ts';
import { listActions, scopeOf } from './scope.ts';

const organisations = [1, 2].map((n) => `00000000-0000-7000-8000-00000000000${n}`);
const people = [1, 2, 3].map((n) => `00000000-0000-7000-8000-0000000000a${n}`);
const statuses = [
  'draft',
  'checking',
  'in_review',
  'returned',
  'accepted',
  'held',
  'released',
  'suppressed',
  'withdrawn',
  'destroyed',
  'claimed',
  'act',
  'account',
  'sealed',
  'done',
];

const label: fc.Arbitrary<Label> = fc.record({
  grade: fc.integer({ min: 1, max: 4 }),
  categories: fc.subarray([...categories].slice(0, 3)),
  jurisdictions: fc.subarray(['CN', 'DE']),
});
const principal: fc.Arbitrary<Principal> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Principal>({ kind: 'anonymous' }, { kind: 'system', name: 'job' }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      id: fc.constantFrom(...people),
      organisation: fc.constantFrom(...organisations),
      roles: fc.subarray([...roles]),
      clearance: label,
      scopes: fc.oneof(fc.constant(scopes), fc.subarray([...scopes])),
      via: fc.constant({ kind: 'session' as const, id: 's' }),
    }),
  },
);
const thing = fc.record({
  organisation: fc.constantFrom(...organisations),
  owner: fc.constantFrom(...people),
  status: fc.constantFrom(...statuses),
  manner: fc.constantFrom('public' as const, 'controlled' as const, 'private' as const),
  label,
});

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const columns = {
  organisation: 't.organisation_id',
  owner: 't.person_id',
  status: 't.status',
  manner: 't.manner',
  grade: 't.grade',
  categories: 't.categories',
  jurisdictions: 't.jurisdictions',
};

it('selects exactly the rows that the policies allow, on generated worlds', async () => {
  let selected = 0;
  let refused = 0;
  await database.pool.db.connection().execute(async (db) => {
    await sql`create temporary table thing (at int, organisation_id uuid, person_id uuid, status text, manner text, grade smallint,
      categories text[], jurisdictions text[])`.execute(db);
    await fc.assert(
      fc.asyncProperty(
        fc.array(principal, { minLength: 1, maxLength: 4 }),
        fc.array(thing, { minLength: 1, maxLength: 25 }),
        async (principals, things) => {
          await sql`truncate thing`.execute(db);
          const rows = things.map((t, at) => ({
            at,
            organisation_id: t.organisation,
            person_id: t.owner,
            status: t.status,
            manner: t.manner,
            ...t.label,
          }));
          await sql`insert into thing select at, organisation_id, person_id, status, manner, grade,
            array(select jsonb_array_elements_text(categories)), array(select jsonb_array_elements_text(jurisdictions))
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(at int, organisation_id uuid, person_id uuid, status text,
            manner text, grade smallint, categories jsonb, jurisdictions jsonb)`.execute(db);
          for (const who of principals) {
            for (const action of listActions) {
              const kind = action === 'catalog:search' ? 'object' : (action.split(':')[0] as Resource['kind']);
              const found = await sql<{
                at: number;
              }>`select at from thing t where ${scopeOf(who, action, columns)} order by at`.execute(db);
              const allowed = things.flatMap((t, at) =>
                decide(who, action, { kind, id: String(at), ...t }).allowed ? [at] : [],
              );
              expect(
                found.rows.map((row) => row.at),
                `${JSON.stringify(who)} ${action}`,
              ).toEqual(allowed);
              selected += allowed.length;
              refused += things.length - allowed.length;
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });
  // The worlds were neither all open nor all closed.
  expect(selected).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(200);
});

it('also agrees where a list has no manner and no state', async () => {
  const who: Principal = {
    kind: 'person',
    id: people[0]!,
    organisation: organisations[0]!,
    roles: ['submitter', 'curator'],
    clearance: { grade: 4, categories: [], jurisdictions: [] },
    scopes,
    via: { kind: 'session', id: 's' },
  };
  const { status: _status, manner: _manner, ...fewer } = columns;
  const found = await sql<{ at: number }>`
    select at from (values (1, ${organisations[0]}::uuid), (2, ${organisations[1]}::uuid)) as given(at, organisation_id)
    cross join lateral (select given.organisation_id, ${people[1]}::uuid as person_id, 1 as grade,
      '{}'::text[] as categories, '{}'::text[] as jurisdictions) as t
    where ${scopeOf(who, 'file:read', fewer)}`.execute(database.pool.db);
  expect(found.rows).toEqual([{ at: 1 }]);
});
