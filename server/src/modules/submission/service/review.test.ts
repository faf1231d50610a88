import type { Acceptance, Review, ReviewItem } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { callerOf, inReview, reviewServer, studyRecords, type Study } from '../../../../test/studies.ts';
import type { Server } from '../../../platform/http.ts';

let parts: TestParts;
let server: Server;
let told: Set<string>;
let call: ReturnType<typeof callerOf>;
let submitter: TestPerson;
let curator: TestPerson;
let second: TestPerson;
let stranger: TestPerson;

const human = { grade: 3, categories: ['human_genetic_resource' as const], jurisdictions: ['CN'] };

beforeAll(async () => {
  parts = await testParts();
  ({ server, told } = await reviewServer(parts));
  call = callerOf(server);
  submitter = await person(parts, { roles: ['submitter'] });
  curator = await person(parts, { roles: ['curator'], clearance: human });
  second = await person(parts, { roles: ['curator'], clearance: human });
  stranger = await person(parts, { roles: ['submitter'] });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

async function versionOf(study: Study): Promise<string> {
  return (await call(curator, 'GET', `/review/${study.submission}`)).etag;
}

const decide = async (who: TestPerson, study: Study, act: 'accept' | 'return', body: object, ifMatch?: string) =>
  call(who, 'POST', `/review/${study.submission}/${act}`, body, { 'if-match': ifMatch ?? (await versionOf(study)) });

let names = 0;
const study = (samples = 1, given: Parameters<typeof inReview>[3] = {}, by = submitter) =>
  inReview(parts, by, studyRecords(`t${(names += 1)}`, samples), given);

describe('the queue', () => {
  it('shows curators what waits, oldest first, in pages, and nothing to others', async () => {
    const first = await study();
    const next = await study();
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = await call(curator, 'GET', `/review/queue?limit=1${after}`);
      expect(page.status).toBe(200);
      seen.push(...page.body.items.map((item: ReviewItem) => item.submission));
      if (!page.body.next) break;
      after = `&after=${page.body.next}`;
    }
    expect(seen.indexOf(first.submission)).toBeGreaterThanOrEqual(0);
    expect(seen.indexOf(next.submission)).toBeGreaterThan(seen.indexOf(first.submission));
    expect(new Set(seen).size).toBe(seen.length);
    expect((await call(submitter, 'GET', '/review/queue')).body.items).toEqual([]);
    expect((await call(curator, 'GET', '/review/queue?after=nonsense')).status).toBe(422);
  });

  it('counts objects and filters by type, claim and grade', async () => {
    const waiting = await study(2);
    const sensitive = await study(1, { label: human });
    const of = async (query: string) =>
      (await call(curator, 'GET', `/review/queue?limit=200&${query}`)).body.items as ReviewItem[];
    expect((await of('type=run')).find((item) => item.submission === waiting.submission)?.objects).toEqual({
      project: 1,
      sample: 2,
      experiment: 2,
      run: 2,
    });
    expect(await of('type=assembly')).toEqual([]);
    expect((await of('grade=3')).map((item) => item.submission)).toEqual([sensitive.submission]);
    await call(curator, 'POST', `/review/${waiting.submission}/claim`);
    expect((await of('claim=mine')).map((item) => item.submission)).toEqual([waiting.submission]);
    expect((await of('claim=free')).some((item) => item.submission === waiting.submission)).toBe(false);
  });

  it('hides from a curator what is above the clearance and what is his own', async () => {
    const low = await person(parts, { roles: ['curator'] });
    const both = await person(parts, { roles: ['curator', 'submitter'] });
    const sensitive = await study(1, { label: human });
    const own = await study(1, {}, both);
    const seen = async (who: TestPerson) =>
      ((await call(who, 'GET', '/review/queue?limit=200')).body.items as ReviewItem[]).map((item) => item.submission);
    expect(await seen(low)).not.toContain(sensitive.submission);
    expect((await decide(low, sensitive, 'accept', {})).status).toBe(404);
    expect(await seen(both)).not.toContain(own.submission);
    expect((await decide(both, own, 'accept', {})).body.code).toBe('forbidden');
  });
});

describe('claims', () => {
  it('keep other curators from deciding until they are given back', async () => {
    const waiting = await study();
    expect((await call(curator, 'POST', `/review/${waiting.submission}/claim`)).body.claimedBy).toBe(curator.id);
    expect((await call(curator, 'POST', `/review/${waiting.submission}/claim`)).status).toBe(200);
    expect((await call(second, 'POST', `/review/${waiting.submission}/claim`)).body.code).toBe('review_claimed');
    expect((await decide(second, waiting, 'accept', {})).body.code).toBe('review_claimed');
    expect((await call(curator, 'DELETE', `/review/${waiting.submission}/claim`)).status).toBe(204);
    expect((await decide(second, waiting, 'accept', {})).status).toBe(200);
  });
});

describe('acceptance', () => {
  it('gives accessions in the order of what others refer to, writes edges, releases and tells everybody', async () => {
    const waiting = await study(3);
    told.clear();
    const reply = await decide(curator, waiting, 'accept', { note: 'complete' });
    const acceptance = reply.body as Acceptance;
    expect(acceptance).toMatchObject({ status: 'accepted', endorsements: 1, reviewersNeeded: 1 });
    expect(acceptance.accessions.map(({ type, count }) => [type, count])).toEqual([
      ['experiment', 3],
      ['project', 1],
      ['run', 3],
      ['sample', 3],
    ]);
    const { rows } = await sql<{ alias: string; accession: string; status: string; current_version: number }>`
      select alias, accession, status, current_version from object where submission_id = ${waiting.submission} order by id`.execute(
      parts.pool.db,
    );
    expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['released']));
    for (const row of rows) expect(row.accession).toMatch(/^GW[PSXR]\d{7}$/);
    const edges = await sql<{ n: number }>`select count(*)::int as n from edge e join object o on o.id = e.from_id
      where o.submission_id = ${waiting.submission} and e.ended_at is null`.execute(parts.pool.db);
    expect(edges.rows[0]?.n).toBe(9);
    expect([...waiting.ids.values()].every((id) => told.has(id))).toBe(true);
    const notices = await sql<{ type: string; body_zh: string }>`
      select type, body_zh from notice where person_id = ${submitter.id} and object_id = ${waiting.submission}`.execute(
      parts.pool.db,
    );
    expect(notices.rows).toEqual([{ type: 'submission.accepted', body_zh: expect.stringContaining('GWP') }]);
    const events = await sql<{ type: string; n: number }>`
      select type, count(*)::int as n from audit_event where object_id = any(${[waiting.submission, ...waiting.ids.values()]})
      group by type order by type`.execute(parts.pool.db);
    expect(events.rows).toEqual([
      { type: 'object.accessioned', n: 10 },
      { type: 'object.released', n: 10 },
      { type: 'review.accepted', n: 1 },
    ]);
  });

  it('holds until the day that the submitter set, and keeps private objects held without one', async () => {
    const later = await study(1, { releaseOn: '2099-01-01' });
    const secret = await study(1, { manner: 'private' });
    await decide(curator, later, 'accept', {});
    await decide(curator, secret, 'accept', {});
    const { rows } = await sql<{ status: string }>`select distinct status from object
      where submission_id = any(${[later.submission, secret.submission]})`.execute(parts.pool.db);
    expect(rows).toEqual([{ status: 'held' }]);
  });

  it('answers the same to the same key, and to the same reviewer without one', async () => {
    const waiting = await study();
    const headers = { 'if-match': await versionOf(waiting), 'idempotency-key': 'once' };
    const url = `/review/${waiting.submission}/accept`;
    const one = await call(curator, 'POST', url, {}, headers);
    const two = await call(curator, 'POST', url, {}, headers);
    const three = await call(curator, 'POST', url, {}, { 'if-match': headers['if-match'] });
    expect(one.status).toBe(200);
    expect(two.body).toEqual(one.body);
    expect(three.body.accessions).toEqual(one.body.accessions);
    expect((await decide(second, waiting, 'accept', {})).body.code).toBe('transition_refused');
  });

  it('refuses a stale version, a missing one, and anybody who is not a curator', async () => {
    const waiting = await study();
    expect((await decide(curator, waiting, 'accept', {}, '"999"')).status).toBe(412);
    expect((await call(curator, 'POST', `/review/${waiting.submission}/accept`, {})).status).toBe(428);
    expect((await decide(submitter, waiting, 'accept', {})).body.code).toBe('forbidden');
    expect((await decide(stranger, waiting, 'accept', {})).status).toBe(404);
    const refusals = await sql<{ n: number }>`select count(*)::int as n from audit_event
      where object_id = ${waiting.submission} and outcome = 'refused'`.execute(parts.pool.db);
    expect(refusals.rows[0]?.n).toBe(2);
  });

  it('refuses references to what has no accession', async () => {
    const [, sample, experiment] = studyRecords('dangling', 1);
    const waiting = await inReview(parts, submitter, [
      sample!,
      { ...experiment!, references: [{ relation: 'part_of', type: 'project', target: 'GWP9999999' }] },
    ]);
    const reply = await decide(curator, waiting, 'accept', {});
    expect(reply.body).toMatchObject({ code: 'reference_not_accepted', status: 409 });
    expect(reply.body.title).toContain('GWP9999999');
  });

  it('keeps records of other archives as edges out of this one', async () => {
    const [project] = studyRecords('outside', 0);
    const waiting = await inReview(parts, submitter, [
      {
        ...project!,
        references: ['PRJEB12345', '10.1000/xyz123'].map((target) => ({ relation: 'cites', type: 'project', target })),
      },
    ]);
    expect((await decide(curator, waiting, 'accept', {})).status).toBe(200);
    const { rows } =
      await sql`select to_id, to_external from edge where from_id = ${waiting.ids.get('outside-p')} order by to_external`.execute(
        parts.pool.db,
      );
    expect(rows).toEqual([
      { to_id: null, to_external: '10.1000/xyz123' },
      { to_id: null, to_external: 'PRJEB12345' },
    ]);
  });
});

describe('two reviewers', () => {
  it('are needed for human genetic resources; one person is never both', async () => {
    const waiting = await study(1, { label: human, manner: 'controlled' });
    const before = (await call(curator, 'GET', `/review/${waiting.submission}`)).body as Review;
    expect(before.reviewersNeeded).toBe(2);
    expect(before.policies.map((policy) => policy.id)).toEqual([
      'two-reviewers-human-genetic-resource',
      'two-reviewers-sensitive-grade',
    ]);
    expect((await decide(curator, waiting, 'accept', {})).body).toMatchObject({
      status: 'in_review',
      endorsements: 1,
      reviewersNeeded: 2,
      accessions: [],
    });
    expect((await decide(curator, waiting, 'accept', {})).body.code).toBe('second_reviewer_needed');
    expect((await decide(second, waiting, 'accept', {})).body).toMatchObject({ status: 'accepted', endorsements: 2 });
  });

  it('never include somebody who wrote a part of the submission', async () => {
    const helper = await person(parts, { roles: ['curator', 'submitter'], organisation: submitter.organisation });
    const waiting = await study();
    await sql`update object_version set created_by = ${helper.id}
      where submission_id = ${waiting.submission} and version = 1`.execute(parts.pool.db);
    expect((await decide(helper, waiting, 'accept', {})).body.code).toBe('reviewer_not_independent');
  });

  it('start anew when the submission comes in again', async () => {
    const waiting = await study(1, { label: human });
    await decide(curator, waiting, 'accept', {});
    await decide(second, waiting, 'return', { reasons: [{ text: 'consent is missing' }] });
    await sql`update submission set status = 'in_review', submitted_at = ${new Date(Date.now() + 1000)}
      where id = ${waiting.submission}`.execute(parts.pool.db);
    const again = (await call(curator, 'GET', `/review/${waiting.submission}`)).body as Review;
    expect(again).toMatchObject({ round: 2, endorsements: 0 });
    expect(again.decisions.map((one) => [one.round, one.verdict])).toEqual([
      [1, 'accept'],
      [1, 'return'],
    ]);
    expect((await decide(second, waiting, 'accept', {})).body).toMatchObject({ status: 'in_review', endorsements: 1 });
  });
});

describe('return', () => {
  it('gives reasons with their places, and moves the new objects back', async () => {
    const waiting = await study();
    const sample = [...waiting.ids.entries()].find(([alias]) => alias.endsWith('s1'))![1];
    const reasons = [{ object: sample, field: 'tissue', text: '叶片应注明品种' }, { text: 'Add a protocol.' }];
    const reply = await decide(curator, waiting, 'return', { reasons });
    expect(reply.body).toMatchObject({ status: 'returned', decisions: [{ verdict: 'return', reasons }] });
    const { rows } = await sql`select distinct status from object where submission_id = ${waiting.submission}`.execute(
      parts.pool.db,
    );
    expect(rows).toEqual([{ status: 'returned' }]);
    expect((await decide(curator, waiting, 'accept', {})).body.code).toBe('transition_refused');
  });

  it('asks for a reason, at a place of this submission', async () => {
    const waiting = await study();
    const other = await study();
    expect((await decide(curator, waiting, 'return', { reasons: [] })).status).toBe(422);
    const elsewhere = [...other.ids.values()][0];
    expect((await decide(curator, waiting, 'return', { reasons: [{ object: elsewhere, text: 'x' }] })).body.code).toBe(
      'remark_place_unknown',
    );
  });
});

describe('comments', () => {
  it('go both ways, tell the other side, and are settled once', async () => {
    const waiting = await study();
    const base = `/submissions/${waiting.submission}/comments`;
    await call(curator, 'POST', `/review/${waiting.submission}/claim`);
    const asked = await call(curator, 'POST', `/review/${waiting.submission}/comments`, { text: 'Which cultivar?' });
    expect(asked).toMatchObject({ status: 201, body: { side: 'curator', by: curator.id } });
    const answered = await call(submitter, 'POST', base, { text: '日本晴', field: 'cultivar' });
    expect(answered.body).toMatchObject({ side: 'submitter', field: 'cultivar' });
    expect((await call(submitter, 'GET', base)).body.items.map((one: { text: string }) => one.text)).toEqual([
      'Which cultivar?',
      '日本晴',
    ]);
    const done = await call(submitter, 'POST', `${base}/${asked.body.id}/resolution`);
    expect(done.body.resolvedBy).toBe(submitter.id);
    expect((await call(submitter, 'POST', `${base}/${asked.body.id}/resolution`)).body).toEqual(done.body);
    expect((await call(curator, 'GET', `${base}?open=true`)).body.items).toHaveLength(1);
    const notices = await sql<{ person_id: string }>`select person_id from notice
      where type = 'review.commented' and object_id = ${waiting.submission} order by id`.execute(parts.pool.db);
    expect(notices.rows.map((row) => row.person_id)).toEqual([submitter.id, curator.id]);
  });

  it('are nobody else’s business, and nobody speaks for the other side', async () => {
    const waiting = await study();
    const base = `/submissions/${waiting.submission}/comments`;
    expect((await call(stranger, 'GET', base)).status).toBe(404);
    expect((await call(stranger, 'POST', base, { text: 'hello' })).status).toBe(404);
    expect((await call(submitter, 'POST', `/review/${waiting.submission}/comments`, { text: 'fine' })).status).toBe(
      403,
    );
    expect((await call(curator, 'POST', base, { text: 'fine' })).status).toBe(403);
    expect((await call(submitter, 'POST', base, { text: '  ' })).status).toBe(422);
  });
});
