import { verify } from 'node:crypto';
import { downgrade, openLabel, type Label } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { organisation, person, statusesOf, groundServer, type TestPerson } from '../../../test/people.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { Server } from '../../platform/http.ts';
import { canonicalDowngrade } from './rules.ts';

let parts: TestParts;
let server: Server;
let system: TestPerson;
let security: TestPerson;
let auditor: TestPerson;
let curator: TestPerson;
let submitter: TestPerson;
beforeAll(async () => {
  parts = await testParts();
  server = await groundServer(parts);
  const home = await organisation(parts);
  [system, security, auditor, curator, submitter] = (await Promise.all(
    (['system_administrator', 'security_administrator', 'auditor', 'curator', 'submitter'] as const).map((role) =>
      person(parts, { roles: [role], organisation: home }),
    ),
  )) as [TestPerson, TestPerson, TestPerson, TestPerson, TestPerson];
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const post = (who: TestPerson | undefined, url: string, payload: object) =>
  server.inject({ method: 'POST', url: `/api/v1${url}`, payload, ...(who && { headers: who.headers }) });
const get = (who: TestPerson | undefined, url: string) =>
  server.inject({ url: `/api/v1${url}`, ...(who && { headers: who.headers }) });

it('explains to an administrator why somebody may or may not', async () => {
  const resource = {
    kind: 'object',
    id: 'x',
    organisation: submitter.organisation,
    status: 'draft',
    manner: 'private',
    label: openLabel,
  };
  const yes = await post(system, '/access/explain', {
    principal: { person: submitter.id },
    action: 'object:edit',
    resource,
  });
  expect(yes.json()).toMatchObject({
    allowed: true,
    visible: true,
    policies: [{ id: 'own-objects', effect: 'permit', source: expect.stringContaining('permit') }],
  });
  const no = await post(security, '/access/explain', { principal: 'anonymous', action: 'object:edit', resource });
  expect(no.json()).toEqual({ allowed: false, visible: false, policies: [], reasons: [] });
  const wrong = await post(system, '/access/explain', { principal: 'anonymous', action: 'audit:read', resource });
  expect(wrong.json()).toMatchObject({ status: 422, code: 'invalid_request' });
  const notMine = await post(submitter, '/access/explain', { principal: 'anonymous', action: 'object:edit', resource });
  expect(notMine.json()).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await get(security, '/access/policies')).json().items.length).toBeGreaterThan(15);
});

it('lets auditors alone read the trail, page by page, and notes that they did', async () => {
  expect((await get(undefined, '/audit/events')).statusCode).toBe(401);
  expect((await get(system, '/audit/events')).statusCode).toBe(403);
  const first = (await get(auditor, '/audit/events?limit=2')).json();
  expect(first.items).toHaveLength(2);
  const second = (await get(auditor, `/audit/events?limit=2&after=${first.next}`)).json();
  expect(BigInt(second.items[0].seq)).toBeLessThan(BigInt(first.items[1].seq));
  expect((await get(auditor, '/audit/events?after=nonsense')).json()).toMatchObject({ code: 'invalid_request' });
  const refusals = (await get(auditor, `/audit/events?type=access.refused&actor=${system.id}`)).json();
  expect(refusals.items[0]).toMatchObject({
    outcome: 'refused',
    actor: { kind: 'person', id: system.id },
    content: { action: 'audit:read', reason: 'forbidden' },
    address: '127.0.0.1',
  });
  const reads = (await get(auditor, '/audit/events?type=access.&objectKind=none')).json();
  expect(reads.items).toEqual([]);
  const noted = (await get(auditor, '/audit/events?type=access.audit_read')).json();
  expect(noted.items[0]).toMatchObject({ content: { filters: ['type', 'objectKind'], events: 0 } });
});

const high: Label = { grade: 3, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };

it('lowers a label only with two people, signed so that anybody can verify it', async () => {
  const propose = {
    object: { kind: 'object', id: system.id },
    from: high,
    to: openLabel,
    reason: 'Only counts above ten remain',
  };
  expect((await post(curator, '/access/downgrades', propose)).statusCode).toBe(404);
  expect((await post(security, '/access/downgrades', { ...propose, from: openLabel, to: high })).json()).toMatchObject({
    code: 'not_a_downgrade',
  });
  const proposed = (await post(security, '/access/downgrades', propose)).json();
  expect(proposed).toMatchObject({ state: 'proposed', proposedBy: security.id });

  const path = `/access/downgrades/${proposed.id}/signature`;
  expect((await post(security, path, { accept: true })).json()).toMatchObject({ code: 'second_person_needed' });
  expect((await post(submitter, path, { accept: true })).statusCode).toBe(404);
  const both = await Promise.all([post(curator, path, { accept: true }), post(curator, path, { accept: true })]);
  expect(statusesOf(both)).toEqual([200, 409]);
  const signed = downgrade.parse(both.find((reply) => reply.statusCode === 200)!.json());
  const bytes = canonicalDowngrade({ ...signed, signedBy: signed.signedBy!, signedAt: signed.signedAt! });
  expect(verify(null, bytes, signed.key!, Buffer.from(signed.signature!, 'base64'))).toBe(true);
  expect((await get(security, `/access/downgrades?objectId=${system.id}`)).json().items).toEqual([signed]);
});

it('keeps a decided downgrade as it is, also against SQL', async () => {
  const { db } = parts.pool;
  await expect(sql`delete from label_downgrade`.execute(db)).rejects.toThrow('permission denied');
  await expect(
    sql`update label_downgrade set to_grade = 1, state = 'refused' where state = 'signed'`.execute(db),
  ).rejects.toThrow('stays as it is');
  const same = sql`insert into label_downgrade (object_kind, object_id, from_grade, from_categories, from_jurisdictions, to_grade,
    to_categories, to_jurisdictions, reason, proposed_by, proposed_at, state, signed_by, signed_at, signature, public_key)
    values ('object', 'x', 3, '{}', '{}', 1, '{}', '{}', 'r', ${system.id}, now(), 'signed', ${system.id}, now(), 's', 'k')`;
  await expect(same.execute(db)).rejects.toThrow('check constraint');
});

it('takes a refusal of the second person as final', async () => {
  const proposed = (
    await post(security, '/access/downgrades', {
      object: { kind: 'object', id: curator.id },
      from: high,
      to: openLabel,
      reason: 'Not really needed',
    })
  ).json();
  const path = `/access/downgrades/${proposed.id}/signature`;
  expect((await post(curator, path, { accept: false })).json()).toMatchObject({ state: 'refused' });
  expect((await post(curator, path, { accept: true })).json()).toMatchObject({ code: 'conflict' });
  expect((await post(curator, `/access/downgrades/${system.id}/signature`, { accept: true })).statusCode).toBe(404);
});
