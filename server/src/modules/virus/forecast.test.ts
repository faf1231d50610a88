import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeUpName } from '@geneward/phylo';
import { organisation, person, testServer, type TestPerson } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { runJobs } from '../../../test/run-jobs.ts';
import { callerOf } from '../../../test/studies.ts';
import { genomesOf, laboratory, sendBatch, turnover } from '../../../test/virus.ts';
import type { Server } from '../../platform/http.ts';
import { enqueue } from '../../platform/jobs.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
const later = new Date('2099-01-01');
const began = '2025-01-01';
const at = (day: number) => new Date(Date.parse(`${began}T12:00:00Z`) + day * 86_400_000);

beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
  call = callerOf(server);
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const house = async (): Promise<{ submitter: TestPerson; reader: TestPerson }> => {
  const own = await organisation(parts);
  return {
    submitter: await person(parts, { roles: ['submitter'], organisation: own, tokenExpiresAt: later }),
    reader: await person(parts, { roles: ['reader'], organisation: own, tokenExpiresAt: later }),
  };
};
const send = (who: TestPerson, days: [number, number], shared = false) =>
  sendBatch({ server, parts }, who, { ...genomesOf(turnover(began, days)), shared });
const lock = async (who: TestPerson, of = 'own') => {
  const { status, body } = await call(who, 'POST', '/virus/forecasts', { dataset: madeUpName, of, days: 20, wait: 10 });
  expect([status, body.state]).toEqual([202, 'waiting']);
  await runJobs(parts);
  return body.id as string;
};
const score = async () => {
  await enqueue(parts.pool.db, 'virus.score', {});
  await runJobs(parts);
};
const read = async (who: TestPerson, id: string) => (await call(who, 'GET', `/virus/forecasts/${id}`)).body;
const fileOf = (who: TestPerson, id: string, name: string) =>
  server.inject({ url: `/api/v1/virus/forecasts/${id}/${name}`, headers: who.headers });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const eventsOf = async (id: string) =>
  (
    await sql<{ type: string; content: Record<string, unknown> }>`
    select type, content from audit_event where object_id = ${id} order by seq`.execute(parts.pool.db)
  ).rows;

describe('a forecast', () => {
  it('is locked before its truth, scored by a job when that has come, beside no change, and can be checked byte for byte', async () => {
    const { submitter, reader } = await house();
    parts.clock.at = at(60);
    await send(submitter, [0, 60]);
    const id = await lock(submitter);
    const locked = await read(reader, id);
    expect(locked).toMatchObject({ state: 'locked', of: 'own', asOf: '2025-03-02', dueOn: '2025-04-01', genomes: 732 });
    expect(locked.citation.uses).toEqual([{ ...laboratory, genomes: 732 }]);
    const [bytes, counts] = [await fileOf(reader, id, 'forecast.json'), await fileOf(reader, id, 'counts.tsv')];
    expect([sha256(bytes.body), sha256(counts.body)]).toEqual([locked.sha256, locked.countsSha256]);
    expect((await fileOf(reader, id, 'truth.tsv')).statusCode).toBe(404);
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['virus.forecast_asked', 'virus.forecast_locked']);
    expect((await eventsOf(id))[1]?.content).toMatchObject({ sha256: locked.sha256, falseAlarms: 0.05 });

    parts.clock.at = at(85);
    await send(submitter, [61, 80]);
    await score();
    expect((await read(reader, id)).state).toBe('locked');
    parts.clock.at = at(90);
    await score();
    const scored = await read(reader, id);
    expect(scored).toMatchObject({ state: 'scored', sha256: locked.sha256, forecast: locked.forecast });
    expect(scored.score.forecast.outcomes).toBe(60);
    expect(scored.score.forecast.brier).toBeLessThan(scored.score.naive.brier);
    expect(sha256((await fileOf(reader, id, 'truth.tsv')).body)).toBe(scored.truthSha256);
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      type: 'virus.forecast_scored',
      content: { truthSha256: scored.truthSha256, brier: scored.score.forecast.brier },
    });
    const scores = (await call(reader, 'GET', '/virus/scores?of=own')).body;
    expect(scores).toMatchObject({ rounds: 1, outstanding: 0, failed: 0, brier: { mean: expect.any(Number) } });
  });

  it('that cannot be made or scored stays to be seen, with the reason', async () => {
    const { submitter } = await house();
    parts.clock.at = at(60);
    const failed = await lock(submitter);
    expect(await read(submitter, failed)).toMatchObject({ state: 'failed', finding: { code: 'GW7306' } });
    await send(submitter, [0, 60]);
    const unscored = await lock(submitter);
    parts.clock.at = at(200);
    await score();
    expect(await read(submitter, unscored)).toMatchObject({ state: 'unscored', finding: { code: 'GW7310' } });
    const scores = (await call(submitter, 'GET', '/virus/scores?of=own')).body;
    expect(scores).toMatchObject({ rounds: 0, unscored: 1, failed: 1, items: [] });
    expect(scores.brier).toBeUndefined();
  });

  it('is the house’s own or everybody’s, and stays as it was locked, whoever would change it', async () => {
    const [one, other] = [await house(), await house()];
    parts.clock.at = at(60);
    await send(one.submitter, [0, 60], true);
    const [own, open] = [await lock(one.submitter), await lock(one.submitter, 'public')];
    expect((await call(other.reader, 'GET', `/virus/forecasts/${own}`)).status).toBe(404);
    expect((await call(one.reader, 'POST', '/virus/forecasts', { dataset: madeUpName, of: 'own' })).status).toBe(403);
    const anybody = (await server.inject('/api/v1/virus/forecasts')).json();
    expect(anybody.items.map(({ id }: { id: string }) => id)).toContain(open);
    expect(anybody.items.map(({ id }: { id: string }) => id)).not.toContain(own);
    for (const change of [
      sql`update virus_forecast set locked = '{}' where id = ${open}::uuid`,
      sql`update virus_forecast set counts = '' where id = ${open}::uuid`,
      sql`update virus_forecast set due_on = due_on + 1 where id = ${open}::uuid`,
      sql`delete from virus_forecast where id = ${open}::uuid`,
    ])
      await expect(change.execute(parts.pool.db)).rejects.toThrow(/stays as it is|permission denied/);
  });

  it('is made anew without a genome that was withdrawn, says so, and is scored in place of the one before', async () => {
    const { submitter } = await house();
    parts.clock.at = at(60);
    const batch = await send(submitter, [0, 60]);
    const id = await lock(submitter);
    parts.clock.at = at(85);
    const after = await send(submitter, [61, 80]);
    parts.clock.at = at(90);
    await score();
    const [genome] = (await call(submitter, 'GET', `/virus/genomes?batch=${batch}&limit=1`)).body.items;
    const withdrawal = { reason: 'Consent was taken back' };
    await call(submitter, 'POST', `/virus/genomes/${genome.id}/withdrawal`, withdrawal);
    await runJobs(parts);
    const old = await read(submitter, id);
    expect(old).toMatchObject({ state: 'replaced', withdrawn: 1, score: expect.any(Object) });
    expect((await fileOf(submitter, id, 'counts.tsv')).statusCode).toBe(404);
    const anew = await read(submitter, old.replacedBy);
    expect(anew).toMatchObject({ state: 'scored', replaces: id, asOf: old.asOf, genomes: 731, withdrawn: 0 });
    expect(anew.sha256).not.toBe(old.sha256);
    // What only the truth held changes the score and not the forecast.
    const [truth] = (await call(submitter, 'GET', `/virus/genomes?batch=${after}&limit=1`)).body.items;
    await call(submitter, 'POST', `/virus/genomes/${truth.id}/withdrawal`, withdrawal);
    await runJobs(parts);
    const again = await read(submitter, anew.id);
    expect([again.state, again.sha256]).toEqual(['scored', anew.sha256]);
    expect(again.truthSha256).not.toBe(anew.truthSha256);
    const scores = (await call(submitter, 'GET', '/virus/scores?of=own')).body;
    expect([scores.rounds, scores.items[0].forecast]).toEqual([1, anew.id]);
  });
});

describe('rounds', () => {
  it('are locked by the platform each week for what is shared, once', async () => {
    const { submitter } = await house();
    parts.clock.at = at(400);
    await send(submitter, [340, 400], true);
    const roundsOn = async (day: number) => {
      parts.clock.at = at(day);
      await enqueue(parts.pool.db, 'virus.rounds', {});
      await runJobs(parts);
      const { items } = (await call(submitter, 'GET', '/virus/forecasts?of=public&limit=200')).body;
      return items.filter(({ organisation: by }: { organisation?: string }) => by === undefined);
    };
    const one = (await roundsOn(400)).length;
    expect(one).toBe(1);
    expect(await roundsOn(403)).toHaveLength(one);
    expect(await roundsOn(407)).toHaveLength(one + 1);
  });

  it('warn who asked for it of lineages that newly rise, as far as they may see the forecast', async () => {
    const { submitter, reader } = await house();
    const stranger = (await house()).reader;
    for (const who of [reader, stranger])
      await call(who, 'POST', '/virus/alerts', { title: 'What rises', question: {}, rising: true });
    parts.clock.at = at(28);
    await send(submitter, [0, 28]);
    const id = await lock(submitter);
    expect((await read(submitter, id)).rising).toEqual(['A.2']);
    const told = async (who: TestPerson) =>
      (await call(who, 'GET', '/me/notices')).body.items.filter(
        ({ type }: { type: string }) => type === 'virus.rising',
      );
    expect(await told(reader)).toMatchObject([{ object: { kind: 'forecast', id } }]);
    expect(await told(stranger)).toEqual([]);
    await lock(submitter);
    expect(await told(reader)).toHaveLength(1);
  });
});
