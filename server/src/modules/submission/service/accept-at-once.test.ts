import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { callerOf, inReview, reviewServer, studyRecords, type Study } from '../../../../test/studies.ts';
import type { Archive } from '../archive.ts';
import { acceptSubmission } from './review-accept.ts';

let parts: TestParts;
let archive: Archive;
let call: ReturnType<typeof callerOf>;
let submitter: TestPerson;
let curators: TestPerson[];

beforeAll(async () => {
  parts = await testParts();
  const { server, archive: made } = await reviewServer(parts);
  archive = made;
  call = callerOf(server);
  submitter = await person(parts, { roles: ['submitter'] });
  curators = await Promise.all([1, 2].map(() => person(parts, { roles: ['curator'] })));
  return () => server.close();
});
afterAll(() => parts.close());

/** Numbers given out for each letter, in order, and what the counters say. */
async function numbers(): Promise<Map<string, { given: number[]; last: number }>> {
  const given = await sql<{ letter: string; number: number }>`
    select left(accession, 3) as letter, substr(accession, 4)::int as number from object
    where accession is not null order by 1, 2`.execute(parts.pool.db);
  const counters = await sql<{ prefix: string; last: string }>`select prefix, last from accession_counter`.execute(
    parts.pool.db,
  );
  const byLetter = Map.groupBy(given.rows, (row) => row.letter);
  return new Map(
    counters.rows.map(({ prefix, last }) => [
      prefix,
      { given: (byLetter.get(prefix) ?? []).map((row) => row.number), last: Number(last) },
    ]),
  );
}

it('leaves no gap and no double when twenty acceptances run at once and some fail at the end', async () => {
  const studies: Study[] = [];
  for (let n = 1; n <= 20; n += 1) studies.push(await inReview(parts, submitter, studyRecords(`c${n}`, (n % 4) + 1)));
  // The last step of these acceptances fails: all that they had taken must be given back.
  const failing: Archive = {
    ...archive,
    objectsChanged: async () => {
      throw new Error('the index is away');
    },
  };
  const results = await Promise.allSettled(
    studies.map((study, index) =>
      acceptSubmission(curators[index % 2]!.context(), index % 5 === 4 ? failing : archive, {
        submission: study.submission,
        ifMatch: '*',
      }),
    ),
  );
  expect(results.filter((result) => result.status === 'rejected')).toHaveLength(4);
  for (const { given, last } of (await numbers()).values()) {
    expect(given).toEqual(Array.from({ length: given.length }, (_, index) => index + 1));
    expect(last).toBe(given.length);
  }
  const { rows } = await sql<{ status: string; n: number }>`
    select status, count(*)::int as n from submission group by status order by status`.execute(parts.pool.db);
  expect(rows).toEqual([
    { status: 'accepted', n: 16 },
    { status: 'in_review', n: 4 },
  ]);
  const half = await sql<{
    n: number;
  }>`select count(*)::int as n from object o join submission s on s.id = o.submission_id
    where (s.status = 'accepted') <> (o.accession is not null)`.execute(parts.pool.db);
  expect(half.rows[0]?.n).toBe(0);
  for (const [index, study] of studies.entries())
    if (index % 5 === 4)
      await acceptSubmission(curators[0]!.context(), archive, { submission: study.submission, ifMatch: '*' });
  for (const { given, last } of (await numbers()).values())
    expect([given.at(-1), last]).toEqual([given.length, given.length]);
});

it('gives the accessions of one submission without a break, however many run beside it', async () => {
  const studies = await Promise.all([1, 2, 3].map((n) => inReview(parts, submitter, studyRecords(`b${n}`, 5))));
  const replies = await Promise.all(
    studies.map((study) =>
      acceptSubmission(curators[0]!.context(), archive, { submission: study.submission, ifMatch: '*' }),
    ),
  );
  for (const { accessions } of replies)
    for (const { count, first, last } of accessions)
      expect(Number(last.slice(3)) - Number(first.slice(3))).toBe(count - 1);
});

it('lets only one of two curators decide', async () => {
  for (let n = 1; n <= 5; n += 1) {
    const study = await inReview(parts, submitter, studyRecords(`d${n}`, 1));
    const { etag } = await call(curators[0], 'GET', `/review/${study.submission}`);
    const decisions = await Promise.all([
      call(curators[0], 'POST', `/review/${study.submission}/accept`, {}, { 'if-match': etag }),
      call(
        curators[1],
        'POST',
        `/review/${study.submission}/return`,
        { reasons: [{ text: 'incomplete' }] },
        { 'if-match': etag },
      ),
    ]);
    expect(new Set(decisions.map((reply) => reply.status))).toEqual(new Set([200, 409]));
    const kept = await sql<{
      verdict: string;
    }>`select verdict from review_decision where submission_id = ${study.submission}`.execute(parts.pool.db);
    expect(kept.rows).toHaveLength(1);
  }
});

it('keeps decisions as they were made, whoever asks', async () => {
  const { db } = parts.pool;
  await expect(sql`update review_decision set verdict = 'return'`.execute(db)).rejects.toThrow('permission denied');
  await expect(sql`delete from object_moment`.execute(db)).rejects.toThrow('permission denied');
});
