import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { person, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { callerOf, inReview, reviewServer, studyRecords, type Study } from '../../../../test/studies.ts';
import { systemContext } from '../../../platform/context.ts';
import type { Archive } from '../archive.ts';
import { releaseDue, remindOfRelease } from './release-jobs.ts';
import { acceptSubmission } from './review-accept.ts';

let parts: TestParts;
let archive: Archive;
let call: ReturnType<typeof callerOf>;
let submitter: TestPerson;
let curator: TestPerson;

const day = 86_400_000;
const start = Date.parse('2026-11-22T10:00:00Z');
const dayAfter = (days: number): string => new Date(start + days * day).toISOString().slice(0, 10);
const setClock = (days: number): void => void (parts.clock.at = new Date(start + days * day));

beforeAll(async () => {
  parts = await testParts();
  const { server, archive: made } = await reviewServer(parts);
  archive = made;
  call = callerOf(server);
  curator = await person(parts, { roles: ['curator'] });
  return () => server.close();
});
beforeEach(async () => {
  setClock(0);
  submitter = await person(parts, { roles: ['submitter'] });
});
afterAll(() => parts.close());

const job = () =>
  systemContext({ db: parts.pool.db, log: parts.log, now: parts.now, name: 'submission.release', requestId: 'job' });

let names = 0;
async function held(
  releaseOn: string,
  given: { by?: TestPerson; sample?: string; manner?: 'public' | 'private' } = {},
): Promise<Study & { accessionOf(part: string): Promise<string> }> {
  const name = `j${(names += 1)}`;
  const records = studyRecords(name, 1).map((record) =>
    record.type === 'experiment' && given.sample
      ? {
          ...record,
          references: [
            record.references[0]!,
            { relation: 'derived_from', type: 'sample', target: given.sample } as const,
          ],
        }
      : record,
  );
  const study = await inReview(parts, given.by ?? submitter, records, { releaseOn, manner: given.manner ?? 'public' });
  await acceptSubmission(curator.context(), archive, { submission: study.submission, ifMatch: '*' });
  const accessionOf = async (part: string) => {
    const { rows } = await sql<{ accession: string }>`select accession from object
      where id = ${study.ids.get(`${name}-${part}`)}`.execute(parts.pool.db);
    return rows[0]!.accession;
  };
  return { ...study, accessionOf };
}

async function statuses(study: Study): Promise<string[]> {
  const { rows } = await sql<{ status: string }>`select distinct status from object
    where submission_id = ${study.submission} order by 1`.execute(parts.pool.db);
  return rows.map((row) => row.status);
}

async function notices(who: TestPerson): Promise<string[]> {
  const { rows } = await sql<{ type: string }>`select type from notice where person_id = ${who.id} order by id`.execute(
    parts.pool.db,
  );
  return rows.map((row) => row.type).filter((type) => type.startsWith('object.'));
}

it('releases on the day, not before, and tells the owner once for all of it', async () => {
  const study = await held(dayAfter(30));
  setClock(29);
  await releaseDue(job(), archive);
  expect(await statuses(study)).toEqual(['held']);
  setClock(30);
  await releaseDue(job(), archive);
  await releaseDue(job(), archive);
  expect(await statuses(study)).toEqual(['released']);
  expect(await notices(submitter)).toEqual(['object.released']);
  const { rows } = await sql<{ actor_kind: string; content: unknown; n: number }>`
    select actor_kind, content, count(*)::int as n from audit_event
    where type = 'object.released' and object_id = any(${[...study.ids.values()]}) group by 1, 2`.execute(
    parts.pool.db,
  );
  expect(rows).toEqual([{ actor_kind: 'system', content: { by: 'date', version: 1, manner: 'public' }, n: 4 }]);
});

it('reminds once before the day, and again when the day was moved', async () => {
  const study = await held(dayAfter(40));
  await remindOfRelease(job(), archive);
  expect(await notices(submitter)).toEqual([]);
  setClock(25);
  await remindOfRelease(job(), archive);
  await remindOfRelease(job(), archive);
  expect(await notices(submitter)).toEqual(['object.release_soon']);
  const project = await study.accessionOf('p');
  await call(
    submitter,
    'PUT',
    `/objects/${project}/release-date`,
    { releaseOn: dayAfter(60), below: true },
    { 'if-match': '*' },
  );
  await remindOfRelease(job(), archive);
  expect(await notices(submitter)).toEqual(['object.release_soon']);
  setClock(50);
  await remindOfRelease(job(), archive);
  expect(await notices(submitter)).toEqual(['object.release_soon', 'object.release_soon']);
});

it('leaves held what stands on another’s held sample, tells the owner once, and releases when it is free', async () => {
  const owner = await person(parts, { roles: ['submitter'] });
  const other = await held(dayAfter(300), { by: owner });
  const blocked = await held(dayAfter(10), { sample: await other.accessionOf('s1') });
  const free = await held(dayAfter(10));
  setClock(10);
  await releaseDue(job(), archive);
  await releaseDue(job(), archive);
  expect(await statuses(free)).toEqual(['released']);
  expect(await statuses(blocked)).toEqual(['held', 'released']);
  expect(await notices(submitter)).toEqual(['object.released', 'object.release_blocked']);
  await call(owner, 'POST', `/objects/${await other.accessionOf('s1')}/release`, {}, { 'if-match': '*' });
  await releaseDue(job(), archive);
  expect(await statuses(blocked)).toEqual(['released']);
});

it('never releases what is private', async () => {
  const study = await held(dayAfter(5), { manner: 'private' });
  setClock(20);
  await releaseDue(job(), archive);
  await remindOfRelease(job(), archive);
  expect(await statuses(study)).toEqual(['held']);
  expect(await notices(submitter)).toEqual([]);
});

it('stands as before or as after when it fails in the middle, and goes on in the next run', async () => {
  const study = await held(dayAfter(5));
  setClock(5);
  const failing: Archive = {
    ...archive,
    objectsChanged: async () => {
      throw new Error('the index is away');
    },
  };
  await expect(releaseDue(job(), failing)).rejects.toThrow('the index is away');
  expect(await statuses(study)).toEqual(['held']);
  expect(await notices(submitter)).toEqual([]);
  await releaseDue(job(), archive);
  expect(await statuses(study)).toEqual(['released']);
});
