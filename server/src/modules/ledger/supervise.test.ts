import { actionRules, actions, openLabel, resourceKinds, type Resource } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contextOf, person, testServer, type TestPerson } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { readEvents } from '../../platform/audit-trail.ts';
import { record } from '../../platform/audit.ts';
import type { Context } from '../../platform/context.ts';
import type { Server } from '../../platform/http.ts';
import { decide } from '../access/index.ts';
import { leader, settle } from './test/acts.ts';

let parts: TestParts;
let server: Server;
let regulator: TestPerson;
let auditor: TestPerson;
let submitter: TestPerson;
const hash = (digit: string) => digit.repeat(64);

beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
  [regulator, auditor, submitter] = (await Promise.all(
    (['regulator', 'auditor', 'submitter'] as const).map((role) => person(parts, { roles: [role] })),
  )) as [TestPerson, TestPerson, TestPerson];
  const at = (days: number): Context => ({
    ...contextOf(parts, submitter.principal),
    now: () => new Date(Date.now() - days * 86_400_000),
  });
  const note = (days: number, type: string, id: string, content: Record<string, unknown>) =>
    record(parts.pool.db, at(days), { type, object: { kind: type.split('.')[0] ?? '', id }, content });
  const object = { submission: submitter.id, version: 1, manner: 'public', status: 'held' };
  await note(9, 'object.accessioned', 'o1', { ...object, type: 'sample' });
  await note(9, 'object.accessioned', 'o2', { ...object, type: 'run' });
  await note(9, 'object.suppressed', 'o1', { reason: '=HYPERLINK("x")\tand\na second line' });
  await note(8, 'identity.token_revoked', submitter.id, { person: submitter.id, token: submitter.id });
  const inputs = [{ party: 'north', commitment: hash('1') }];
  const started = { phase: 'execution', specification: hash('2'), inputs };
  await note(20, 'compute.started', 'c1', started);
  await note(20, 'compute.started', 'c2', started);
  const sealed = { phase: 'result', inputs, transcripts: [], result: hash('3') };
  await note(19, 'compute.sealed', 'c2', { ...sealed, specification: hash('4') });
  await note(20, 'compute.started', 'c3', started);
  await note(19, 'compute.sealed', 'c3', { ...sealed, specification: hash('2') });
  await note(1, 'compute.started', 'c4', started);
  await settle(await leader(parts));
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const get = (who: TestPerson | undefined, url: string) =>
  server.inject({ url: `/api/v1/supervision${url}`, headers: { ...who?.headers } });
const acts = async (who: TestPerson, query: string) => {
  const { items } = (await get(who, `/acts?limit=100${query}`)).json<{
    items: { type: string; object?: { id: string }; stage: string; level: string; index?: string; actor: unknown }[];
  }>();
  return items;
};

it('shows a regulator the acts of all, with place and level, and never who they were', async () => {
  const items = await acts(regulator, '&type=object.');
  expect(items.map(({ type, stage, level }) => [type, stage, level])).toEqual([
    ['object.suppressed', 'custody', 'L0'],
    ['object.accessioned', 'sequencing', 'L0'],
    ['object.accessioned', 'sampling', 'L0'],
  ]);
  const { body } = await get(regulator, '/acts?limit=100&type=object.');
  expect(body).not.toContain('"actor":{');
  expect(body).not.toContain('192.0.2.1');
  expect(items.every(({ actor, index }) => actor === 'person' && index !== undefined)).toBe(true);
});

it('filters by stage, time, organisation and outcome, a page at a time', async () => {
  expect((await acts(regulator, '&stage=sampling')).map(({ object }) => object?.id)).toEqual(['o1']);
  const from = new Date(Date.now() - 2 * 86_400_000).toISOString();
  expect((await acts(regulator, `&type=compute.&from=${from}`)).map(({ object }) => object?.id)).toEqual(['c4']);
  expect(await acts(regulator, `&type=object.&organisation=${regulator.organisation}`)).toEqual([]);
  expect(await acts(regulator, `&type=object.&organisation=${submitter.organisation}`)).toHaveLength(3);
  expect(await acts(regulator, '&type=object.&outcome=refused')).toEqual([]);
  const first = (await get(regulator, '/acts?limit=2&type=object.')).json<{ items: unknown[]; next: string }>();
  const second = (await get(regulator, `/acts?limit=2&type=object.&after=${first.next}`)).json<{ items: unknown[] }>();
  expect([first.items.length, second.items.length]).toEqual([2, 1]);
});

it('keeps what concerns accounts from regulators, shows it to auditors, and shows nothing to others', async () => {
  expect(await acts(regulator, '&type=identity.token_revoked')).toEqual([]);
  expect(await acts(auditor, '&type=identity.token_revoked')).toHaveLength(1);
  expect((await get(submitter, '/acts')).statusCode).toBe(403);
  expect((await get(undefined, '/acts')).statusCode).toBe(401);
});

it('gives files that a spreadsheet reads without being led astray', async () => {
  const { body, headers } = await get(regulator, '/export?type=object.&format=tsv');
  expect(headers['content-disposition']).toBe('attachment; filename="acts.tsv"');
  const lines = body.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map((line) => line.split('\t').length))).toEqual(new Set([12]));
  expect(lines.slice(1).flatMap((line) => line.split('\t').filter((cell) => /^[=+@-]/.test(cell)))).toEqual([]);
  expect((await get(regulator, '/export?type=object.&format=json')).json()).toHaveLength(3);
});

it('tells plans without an end in time, and ends that do not fit their plan', async () => {
  const { items } = (await get(regulator, '/plans')).json<{
    items: { problem: string; plan: { type: string; object?: { id: string } } }[];
  }>();
  expect(items.map(({ problem, plan }) => [problem, plan.type, plan.object?.id])).toEqual([
    ['unfinished', 'compute.started', 'c1'],
    ['mismatch', 'compute.started', 'c2'],
  ]);
});

it('notes every look as an act', async () => {
  const before = await readEvents(parts.pool.db, { type: 'ledger.supervised', limit: 100 });
  await acts(regulator, '&stage=custody');
  const [look, ...rest] = await readEvents(parts.pool.db, { type: 'ledger.supervised', limit: 100 });
  expect(rest).toHaveLength(before.length);
  expect(look).toMatchObject({ actor: { id: regulator.id }, content: { filters: ['stage'], form: 'page' } });
});

it('lets a regulator read and nothing else, whatever the act', () => {
  const allowed = actions.filter((action) =>
    resourceKinds.some((kind) =>
      ['draft', 'in_review', 'held', 'released', 'act', 'open', 'active'].some((status) => {
        const resource: Resource = { kind, id: 'x', status, manner: 'private', label: openLabel };
        try {
          return decide(regulator.principal, action, resource).allowed;
        } catch {
          return false;
        }
      }),
    ),
  );
  expect(allowed).toContain('event:read');
  expect(allowed).toContain('object:read_metadata');
  expect(allowed).not.toContain('object:read_data');
  expect(allowed.filter((action) => !actionRules[action].reads)).toEqual([]);
});

it('keeps a regulator apart from all other roles, against SQL as well', async () => {
  const security = await person(parts, { roles: ['security_administrator'] });
  const assign = (who: TestPerson, role: string) =>
    server.inject({ method: 'PUT', url: `/api/v1/people/${who.id}/roles/${role}`, headers: security.headers });
  expect((await assign(regulator, 'submitter')).json()).toMatchObject({ code: 'regulator_stands_apart' });
  expect((await assign(submitter, 'regulator')).json()).toMatchObject({ code: 'regulator_stands_apart' });
  expect((await assign(auditor, 'regulator')).json()).toMatchObject({ code: 'offices_are_disjoint' });
  const insert = (who: TestPerson, role: string) =>
    sql`insert into role_assignment (person_id, role, assigned_by, assigned_at) values (${who.id}, ${role}, 'x', now())`.execute(
      parts.pool.db,
    );
  await expect(insert(regulator, 'reader')).rejects.toThrow('a regulator holds no other role');
  await expect(insert(submitter, 'regulator')).rejects.toThrow('a regulator holds no other role');
  await expect(insert(auditor, 'regulator')).rejects.toThrow('a regulator holds no other role');
});
