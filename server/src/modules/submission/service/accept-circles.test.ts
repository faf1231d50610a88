import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, statusesOf, testServer, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { runJobs } from '../../../../test/run-jobs.ts';
import { senderOf } from '../../../../test/sheets.ts';
import { callerOf } from '../../../../test/studies.ts';
import type { Server } from '../../../platform/http.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let submitter: TestPerson;
let curator: TestPerson;
beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
  call = callerOf(server);
  submitter = await person(parts, { roles: ['submitter'] });
  curator = await person(parts, { roles: ['curator'] });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const umbrella = (alias: string, part_of?: string) => ({
  type: 'project',
  alias,
  title: `Umbrella ${alias}`,
  attributes: { summary: 'A gathering of projects', umbrella: 'yes' },
  references: part_of === undefined ? [] : [{ relation: 'part_of', type: 'project', target: part_of }],
});

/** A submission of projects that passed the check and stands before the curators. */
async function inReview(...projects: ReturnType<typeof umbrella>[]): Promise<string> {
  const id = (await call(submitter, 'POST', '/submissions', { title: 'Umbrellas' })).body.id;
  await senderOf(server)(submitter, `/submissions/${id}/sheets/project.json`, JSON.stringify(projects));
  await call(submitter, 'POST', `/submissions/${id}/submission`);
  await runJobs(parts);
  expect((await call(submitter, 'GET', `/submissions/${id}`)).body.status).toBe('in_review');
  return id;
}

async function accept(id: string) {
  const { etag } = await call(curator, 'GET', `/review/${id}`);
  return call(curator, 'POST', `/review/${id}/accept`, {}, { 'if-match': etag, 'accept-language': 'zh' });
}

it.each([
  ['one after the other', async (ids: string[]) => [await accept(ids[0]!), await accept(ids[1]!)]],
  ['at the same time', (ids: string[]) => Promise.all(ids.map(accept))],
])('refuses the second of two revisions that close a circle together, accepted %s', async (how, decide) => {
  const [a, b] = [`${how.length}-a`, `${how.length}-b`];
  expect((await accept(await inReview(umbrella(a), umbrella(b)))).status).toBe(200);
  const replies = await decide([await inReview(umbrella(a, b)), await inReview(umbrella(b, a))]);
  expect(statusesOf(replies.map(({ status }) => ({ statusCode: status })))).toEqual([200, 409]);
  const refused = replies.find(({ status }) => status === 409)?.body;
  expect(refused).toMatchObject({ code: 'reference_circle', title: expect.stringContaining('引用形成循环') });
});

it('lets a submission turn an edge around', async () => {
  expect((await accept(await inReview(umbrella('low', 'high'), umbrella('high')))).status).toBe(200);
  expect((await accept(await inReview(umbrella('low'), umbrella('high', 'low')))).status).toBe(200);
});
