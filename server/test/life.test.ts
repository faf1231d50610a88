import { parsePolicy, verifyReceipt } from '@geneward/merkle';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leader, settle } from '../src/modules/ledger/test/acts.ts';
import type { Sequencer } from '../src/modules/ledger/sequencer.ts';
import type { Server } from '../src/platform/http.ts';
import { person, testServer, type TestPerson } from './builders.ts';
import { testParts, type TestParts } from './parts.ts';
import { runJobs } from './run-jobs.ts';
import { callerOf, inReview, studyRecords } from './studies.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let submitter: TestPerson;
let curator: TestPerson;
let sequencer: Sequencer;
beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
  call = callerOf(server);
  submitter = await person(parts, { roles: ['submitter'] });
  curator = await person(parts, { roles: ['curator'] });
  sequencer = await leader(parts);
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const life = (who: TestPerson | undefined, object: string) => call(who, 'GET', `/ledger/objects/${object}`);

it('tells the whole life of an object to its owner, the open part to the public, nothing of what one may not read', async () => {
  const { submission, ids } = await inReview(parts, submitter, studyRecords('life', 1));
  const sample = ids.get('life-s1') ?? '';
  expect((await life(undefined, sample)).status).toBe(404);
  expect((await life(submitter, 'GWX0000001')).status).toBe(404);
  const { etag } = await call(curator, 'GET', `/review/${submission}`);
  const accepted = await call(curator, 'POST', `/review/${submission}/accept`, {}, { 'if-match': etag });
  expect([accepted.status, accepted.body]).toEqual([200, expect.anything()]);
  await runJobs(parts);
  const waiting = (await life(submitter, sample)).body;
  expect(waiting.items).toEqual([]);
  while ((await sequencer.append()) > 0);
  expect((await life(submitter, sample)).body.items[0].level).toBe('pending');
  await settle(sequencer);

  const whole = (await life(submitter, sample)).body;
  expect(whole).toMatchObject({ object: sample, type: 'sample', truncated: false });
  const types = whole.items.map(({ type }: { type: string }) => type);
  expect(types).toEqual(expect.arrayContaining(['review.accepted', 'object.accessioned', 'object.released']));
  expect(whole.items.every(({ level }: { level: string }) => level === 'L0')).toBe(true);
  expect(whole.items.find(({ type }: { type: string }) => type === 'object.accessioned').stage).toBe('sampling');

  const open = (await life(undefined, whole.accession)).body.items.map(({ type }: { type: string }) => type);
  expect(open).toEqual(expect.arrayContaining(['object.accessioned', 'object.released']));
  expect(open).not.toContain('review.accepted');

  const policy = parsePolicy((await call(undefined, 'GET', '/ledger')).body.policy);
  const receipt = (who: TestPerson | undefined, index: string) =>
    server.inject({ url: `/api/v1/ledger/objects/${sample}/receipts/${index}`, headers: { ...who?.headers } });
  for (const { index, type } of whole.items) {
    const { body } = await receipt(submitter, index);
    expect(verifyReceipt(body, policy).statement).toMatchObject({ predicate: { type } });
    expect(body).not.toContain(submitter.id);
    expect((await receipt(undefined, index)).statusCode).toBe(open.includes(type) ? 200 : 404);
  }
  expect((await receipt(submitter, '99999')).statusCode).toBe(404);
});

it('tells the life of a submission, of a file and of a right to download to whose they are, each act with its receipt', async () => {
  const other = await person(parts, { roles: ['submitter'] });
  const { body: file } = await server
    .inject({
      method: 'PUT',
      url: '/api/v1/files/mine.txt',
      headers: { ...submitter.headers, 'content-type': 'application/octet-stream' },
      payload: Buffer.from('some bytes'),
    })
    .then((reply) => ({ body: reply.json<{ id: string }>() }));
  const issued = await call(submitter, 'POST', '/files/downloads', { files: [file.id], days: 1 });
  expect(issued.status).toBe(201);
  const token = issued.body.id as string;
  const draft = (await call(submitter, 'POST', '/submissions', { title: 'Mine' })).body.id as string;
  await settle(sequencer);
  const policy = parsePolicy((await call(undefined, 'GET', '/ledger')).body.policy);
  for (const [name, kind, type] of [
    [file.id, 'file', 'files.uploaded'],
    [token, 'download_token', 'files.download_token_issued'],
    [draft, 'submission', 'submission.created'],
  ] as const) {
    const { body } = await life(submitter, name);
    expect(body).toMatchObject({ object: name, type: kind });
    const found = body.items.find((item: { type: string }) => item.type === type);
    const url = `/api/v1/ledger/objects/${name}/receipts/${found.index}`;
    const receipt = await server.inject({ url, headers: submitter.headers });
    expect(verifyReceipt(receipt.body, policy).statement).toMatchObject({ predicate: { type } });
    for (const stranger of [other, undefined]) {
      expect((await life(stranger, name)).status).toBe(404);
      expect((await server.inject({ url, headers: { ...stranger?.headers } })).statusCode).toBe(404);
    }
  }
});
