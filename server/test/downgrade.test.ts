import { openLabel, type Label } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Server } from '../src/platform/http.ts';
import { person, testServer, type TestPerson } from './builders.ts';
import { testParts, type TestParts } from './parts.ts';
import { inReview, studyRecords } from './studies.ts';

const high: Label = { grade: 3, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };
const low: Label = { grade: 2, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };
let parts: TestParts;
let server: Server;
let security: TestPerson;
let curator: TestPerson;
beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
  security = await person(parts, { roles: ['security_administrator'] });
  curator = await person(parts, { roles: ['curator'] });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const post = (who: TestPerson, url: string, payload: object) =>
  server.inject({ method: 'POST', url: `/api/v1/access/downgrades${url}`, payload, headers: who.headers });
const see = (id: string) => server.inject({ url: `/api/v1/objects/${id}`, headers: curator.headers });

it('opens to a curator what two people lowered, and not what rose meanwhile', async () => {
  const study = await inReview(parts, await person(parts), studyRecords('d', 1), { label: high });
  const id = study.ids.get('d-s1')!;
  expect((await see(id)).statusCode).toBe(404);
  const propose = { object: { kind: 'object', id }, from: high, to: low, reason: 'Only counts above ten remain' };

  const weak = (await post(security, '', { ...propose, from: { ...high, categories: [] }, to: openLabel })).json();
  expect((await post(curator, `/${weak.id}/signature`, { accept: true })).json()).toMatchObject({ code: 'conflict' });
  expect((await see(id)).statusCode).toBe(404);

  const proposed = (await post(security, '', propose)).json();
  expect((await post(curator, `/${proposed.id}/signature`, { accept: true })).json()).toMatchObject({
    state: 'signed',
  });
  const row = await sql<Label>`select grade, categories, jurisdictions from object where id = ${id}`.execute(
    parts.pool.db,
  );
  expect(row.rows[0]).toEqual(low);
  expect((await see(id)).statusCode).toBe(200);
});

it('signs nothing for an object that is not there', async () => {
  const propose = {
    object: { kind: 'object', id: curator.id },
    from: high,
    to: low,
    reason: 'Nothing is there at all',
  };
  const proposed = (await post(security, '', propose)).json();
  expect((await post(curator, `/${proposed.id}/signature`, { accept: true })).statusCode).toBe(404);
});
