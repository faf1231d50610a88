import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { beat } from '../src/platform/worker-presence.ts';
import { testParts, type TestParts } from './parts.ts';

let parts: TestParts;
beforeAll(async () => {
  parts = await testParts();
});
afterAll(() => parts.close());

const lockedBy = async () =>
  (
    await sql<{ locked_by: string | null }>`select locked_by from graphile_worker.jobs order by id`.execute(
      parts.pool.db,
    )
  ).rows.map((row) => row.locked_by);

it('gives back the jobs of a killed worker and leaves those of a living one', async () => {
  const { db } = parts.pool;
  await sql`select graphile_worker.add_job('first'), graphile_worker.add_job('second'), graphile_worker.add_job('third')`.execute(
    db,
  );
  // As the queue leaves them when a process is killed: locked, by an id that nobody answers to.
  await sql`update graphile_worker._private_jobs set locked_at = now() - interval '2 minutes', locked_by = (array['killed', 'silent', 'living'])[id - (select min(id) from graphile_worker._private_jobs) + 1]`.execute(
    db,
  );
  await sql`insert into worker_presence values ('killed', now() - interval '2 minutes')`.execute(db);
  const dead = await beat(db, ['living']);
  expect(dead.toSorted()).toEqual(['killed', 'silent']);
  expect(await lockedBy()).toEqual([null, null, 'living']);
  expect(await beat(db, ['living'])).toEqual([]);
});
