import { canonicalJson, computeRoutes, type JobReceipt, type JobView } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, statusesOf, testServer } from '../../../test/builders.ts';
import {
  approval,
  institute,
  receiptOf,
  register,
  registration,
  someResult,
  specification,
  type Institute,
} from '../../../test/joint.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { runJobs } from '../../../test/run-jobs.ts';
import { callerOf } from '../../../test/studies.ts';
import type { Server } from '../../platform/http.ts';
import { readEvents } from '../../platform/audit-trail.ts';
import { enqueue } from '../../platform/jobs.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;

beforeAll(async () => {
  parts = await testParts({ http: { uploadIdleSeconds: 1 } });
  server = await testServer(parts);
  call = callerOf(server);
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

/** Three registered institutes. */
async function three(): Promise<[Institute, Institute, Institute]> {
  const made = [await institute(parts), await institute(parts), await institute(parts)] as const;
  for (const one of made) await register(server, one);
  return [...made];
}

async function opened(institutes: readonly Institute[], more: Parameters<typeof specification>[1] = {}) {
  const { status, body } = await call(institutes[0]?.submitter, 'POST', '/compute/jobs', {
    specification: specification(institutes, more),
  });
  expect([status, body]).toEqual([201, expect.objectContaining({ state: 'open' })]);
  return body as JobView;
}

const approve = (one: Institute, job: JobView) =>
  call(one.committee, 'PUT', `/compute/jobs/${job.id}/approval`, approval(job));

async function started(institutes: readonly Institute[], more: Parameters<typeof specification>[1] = {}) {
  const job = await opened(institutes, more);
  for (const one of institutes) expect((await approve(one, job)).status).toBe(200);
  const { status, body } = await call(institutes[1]?.submitter, 'POST', `/compute/jobs/${job.id}/start`);
  expect([status, body.state]).toEqual([200, 'started']);
  return body as JobView;
}

const acts = async (job: string) =>
  (await readEvents(parts.pool.db, { objectKind: 'job', objectId: job, limit: 100 })).toReversed();

describe('a party', () => {
  it('is registered by who holds the key of its certificate, for their own organisation, once', async () => {
    const [a, b] = [await institute(parts), await institute(parts)];
    const stolen = { ...registration(a, b.organisation), name: b.name };
    // With a's certificate, b's people: b cannot sign with a's key.
    for (const body of [
      { ...stolen, signature: b.sign({}) },
      { ...registration(a), name: b.name },
      { ...registration(a), signature: registration(b).signature },
      registration(a),
    ])
      expect((await call(b.submitter, 'POST', '/compute/parties', body)).body.code).toBe('party_unproven');
    const party = await register(server, a);
    expect(party).toMatchObject({ fingerprint: a.fingerprint, organisation: a.organisation, offers: [] });
    expect((await call(a.submitter, 'POST', '/compute/parties', registration(a))).body.code).toBe('party_taken');
    expect((await call(b.submitter, 'DELETE', `/compute/parties/${party.id}`)).status).toBe(403);
    expect((await call(a.submitter, 'DELETE', `/compute/parties/${party.id}`)).status).toBe(204);
    await register(server, a);
  });

  it('offers a schema and counts, no small ones, to who works with joint analyses', async () => {
    const [a, b] = await three();
    const { id } = (await call(a.submitter, 'GET', '/compute/parties?limit=200')).body.items.find(
      (one: { name: string }) => one.name === a.name,
    );
    const url = `/compute/parties/${id}/offers/cohort`;
    const offer = { title: '队列 Cohort', individuals: 812, variants: 100_000, columns: [{ name: 'age' }] };
    expect((await call(a.submitter, 'PUT', url, offer)).body).toMatchObject({ ...offer, name: 'cohort' });
    expect((await call(a.submitter, 'PUT', url, { ...offer, individuals: 9 })).status).toBe(422);
    expect((await call(b.submitter, 'PUT', url, offer)).status).toBe(403);
    const seen = (await call(b.committee, 'GET', '/compute/parties?limit=200')).body.items;
    expect(seen.find((one: { id: string }) => one.id === id).offers).toMatchObject([{ individuals: 812 }]);
    const reader = await person(parts, { roles: ['reader'] });
    expect((await call(reader, 'GET', '/compute/parties')).status).toBe(403);
    expect((await call(a.submitter, 'DELETE', url)).status).toBe(204);
    expect((await call(a.submitter, 'DELETE', url)).status).toBe(404);
  });
});

describe('a joint analysis', () => {
  it('goes from specification over approvals and start to the sealed receipt and result, each act on record', async () => {
    const all = await three();
    const [a, b, c] = all;
    const job = await started(all, { outputs: { recipients: [] } });
    expect(job.learns.map(({ code }) => code)).toContain('rest-total');
    expect(job.parties.map(({ approval: given }) => given?.learnsSha256)).toEqual(Array(3).fill(job.learnsSha256));
    const progress = [{ phase: 'individuals', round: 1, elements: 1, sentBytes: 80, receivedBytes: 80 }];
    expect((await call(b.submitter, 'POST', `/compute/jobs/${job.id}/progress`, { progress })).status).toBe(204);
    const result = someResult();
    const receipt = receiptOf(job.specification, all, result);
    const url = `/compute/jobs/${job.id}`;
    expect((await call(a.submitter, 'GET', `${url}/receipt`)).body.code).toBe('job_not_sealed');
    expect((await call(c.submitter, 'PUT', `${url}/receipt`, receipt)).body).toMatchObject({ state: 'sealed' });
    // Each party hands it in: the first counts, the others change nothing.
    expect((await call(a.submitter, 'PUT', `${url}/receipt`, receipt)).body).toMatchObject({ state: 'sealed' });
    expect((await call(b.committee, 'GET', `${url}/receipt`)).body).toEqual(receipt);
    const put = (payload: string) =>
      server.inject({
        method: 'PUT',
        url: `/api/v1${url}/result`,
        headers: { ...a.submitter.headers, 'content-type': 'application/json' },
        payload,
      });
    expect((await put(canonicalJson(someResult(41)))).json()).toMatchObject({ code: 'result_differs' });
    expect((await put(canonicalJson(result))).json()).toMatchObject({ result: { kept: true } });
    expect((await put(canonicalJson(result))).statusCode).toBe(200);
    const get = async (format: string, language = 'en') =>
      (
        await server.inject({
          url: `/api/v1${url}/result?format=${format}`,
          headers: { ...c.committee.headers, 'accept-language': language },
        })
      ).body;
    expect(JSON.parse(await get('json'))).toEqual(result);
    expect(await get('tsv')).toMatch(/^GROUP\tTIME/);
    expect(await get('html', 'zh')).toContain('生存曲线');
    expect((await acts(job.id)).map(({ type }) => type)).toEqual([
      'compute.opened',
      'compute.approved',
      'compute.approved',
      'compute.approved',
      'compute.started',
      'compute.sealed',
      'compute.result_kept',
      'compute.result_read',
      'compute.result_read',
      'compute.result_read',
    ]);
    const [plan, , , , start, sealed] = await acts(job.id);
    for (const act of [plan, start, sealed])
      expect(act?.content).toMatchObject({
        specification: job.sha256,
        inputs: job.parties.map(({ name, commitment }) => ({ party: name, commitment })),
      });
    expect((await call(a.submitter, 'GET', `/ledger/objects/${job.id}`)).body).toMatchObject({ type: 'job' });
    expect((await call(a.submitter, 'GET', url)).body).not.toHaveProperty('abort');
    const told = async (who: (typeof a)['committee']) =>
      (await call(who, 'GET', '/me/notices')).body.items.map(({ type }: { type: string }) => type);
    expect(await told(b.committee)).toEqual(['compute.opened']);
    expect(await told(a.submitter)).toEqual(['compute.sealed']);
  });

  it('is seen by its parties alone, and by recipients when it is sealed; for others it is not there', async () => {
    const all = await three();
    const [board, stranger] = [await institute(parts), await institute(parts)];
    const reader = await person(parts, { roles: ['reader'], organisation: board.organisation });
    const job = await started(all, { outputs: { recipients: [board.code] } });
    const url = `/compute/jobs/${job.id}`;
    const sees = async (who: Parameters<typeof call>[0]) => {
      const listed = (await call(who, 'GET', '/compute/jobs?limit=200')).body.items ?? [];
      const { status } = await call(who, 'GET', url);
      expect(listed.some(({ id }: JobView) => id === job.id)).toBe(status === 200);
      return status;
    };
    expect(await sees(all[2].committee)).toBe(200);
    for (const who of [reader, board.submitter, stranger.submitter, stranger.committee])
      expect(await sees(who)).toBe(404);
    for (const route of Object.values(computeRoutes).filter(({ path }) => path.startsWith('/compute/jobs/:job'))) {
      const body =
        route.method === 'GET' || route.method === 'DELETE'
          ? undefined
          : ({ ...approval(job), progress: [] } as object);
      const { status } = await call(
        stranger.submitter,
        route.method as 'GET',
        route.path.replace(':job', job.id),
        body,
      );
      expect([route.path, [404, 422].includes(status)]).toEqual([route.path, true]);
    }
    const result = someResult();
    await call(all[0].submitter, 'PUT', `${url}/receipt`, receiptOf(job.specification, all, result));
    await server.inject({
      method: 'PUT',
      url: `/api/v1${url}/result`,
      headers: { ...all[0].submitter.headers, 'content-type': 'application/json' },
      payload: canonicalJson(result),
    });
    expect(await sees(reader)).toBe(200);
    expect((await call(reader, 'GET', `${url}/result`)).body).toEqual(result);
    expect(await sees(stranger.committee)).toBe(404);
    expect((await call(stranger.submitter, 'GET', `${url}/result`)).status).toBe(404);
  });

  it('needs the yes of another person than who proposed it, with the right role, to exactly what was read', async () => {
    const all = await three();
    const [a, b] = all;
    const both = await person(parts, { roles: ['submitter', 'committee_member'], organisation: a.organisation });
    const given = specification(all);
    const job: JobView = (await call(both, 'POST', '/compute/jobs', { specification: given })).body;
    const url = `/compute/jobs/${job.id}/approval`;
    expect((await call(both, 'PUT', url, approval(job))).status).toBe(403);
    expect((await call(a.submitter, 'PUT', url, approval(job))).status).toBe(403);
    const other = 'ab'.repeat(32);
    expect((await call(b.committee, 'PUT', url, { ...approval(job), sha256: other })).body.code).toBe(
      'specification_differs',
    );
    expect((await call(b.committee, 'PUT', url, { ...approval(job), learnsSha256: other })).body.code).toBe(
      'explanation_differs',
    );
    const start = () => call(b.submitter, 'POST', `/compute/jobs/${job.id}/start`);
    expect((await start()).body.code).toBe('job_not_approved');
    for (const one of all) await approve(one, job);
    expect((await call(b.committee, 'DELETE', url)).body).toMatchObject({ state: 'open' });
    expect((await start()).body.code).toBe('job_not_approved');
    expect((await approve(b, job)).body).toMatchObject({ state: 'approved' });
    expect((await start()).body).toMatchObject({ state: 'started' });
    expect((await call(b.committee, 'DELETE', url)).body.code).toBe('job_transition_refused');
    expect((await call(both, 'POST', `/compute/jobs/${job.id}/cancellation`)).body.code).toBe('job_transition_refused');
  });

  it('is approved once and started once, however many press at the same time', async () => {
    const all = await three();
    const job = await opened(all);
    const second = await person(parts, { roles: ['committee_member'], organisation: all[0].organisation });
    const pressed = await Promise.all([
      ...all.map((one) => approve(one, job)),
      call(second, 'PUT', `/compute/jobs/${job.id}/approval`, approval(job)),
      approve(all[0], job),
    ]);
    expect(pressed.map(({ status }) => status)).toEqual(Array(5).fill(200));
    const starts = await Promise.all(
      all.map((one) =>
        server.inject({ method: 'POST', url: `/api/v1/compute/jobs/${job.id}/start`, headers: one.submitter.headers }),
      ),
    );
    expect(statusesOf(starts)).toEqual([200, 200, 200]);
    const types = (await acts(job.id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'compute.approved')).toHaveLength(3);
    expect(types.filter((type) => type === 'compute.started')).toHaveLength(1);
    const key = { 'idempotency-key': 'one' };
    const twice = { specification: specification(all) };
    const [first, again] = [
      await call(all[0].submitter, 'POST', '/compute/jobs', twice, key),
      await call(all[0].submitter, 'POST', '/compute/jobs', twice, key),
    ];
    expect(again.body.id).toBe(first.body.id);
    expect((await call(all[1].submitter, 'POST', '/compute/jobs', twice)).body.code).toBe('job_exists');
  });

  it('does not start under a frozen consent, without a party, or when its time is over', async () => {
    const all = await three();
    const [a, b, c] = all;
    const ready = async () => {
      const job = await opened(all);
      for (const one of all) await approve(one, job);
      return job;
    };
    const [frozen, late] = [await ready(), await ready()];
    const waiting = await opened(all);
    const freeze = { reference: 'CONSENT-7', reason: 'withdrawn by participants' };
    expect((await call(b.submitter, 'POST', '/compute/freezes', freeze)).status).toBe(403);
    const stranger = await institute(parts);
    expect((await call(stranger.committee, 'POST', '/compute/freezes', freeze)).status).toBe(201);
    const free = await ready();
    expect((await call(a.submitter, 'POST', `/compute/jobs/${free.id}/start`)).body.state).toBe('started');
    expect((await call(b.committee, 'POST', '/compute/freezes', freeze)).status).toBe(201);
    expect((await call(b.committee, 'GET', '/compute/freezes')).body.items).toMatchObject([freeze]);
    expect((await call(a.submitter, 'POST', `/compute/jobs/${frozen.id}/start`)).body.code).toBe('consent_frozen');
    expect((await approve(a, waiting)).body.code).toBe('consent_frozen');
    const other = await opened(all, { references: ['ETHICS-1'] });
    for (const one of all) await approve(one, other);
    const { id } = (await call(c.submitter, 'GET', '/compute/parties?limit=200')).body.items.find(
      ({ name }: { name: string }) => name === c.name,
    );
    await call(c.submitter, 'DELETE', `/compute/parties/${id}`);
    expect((await call(a.submitter, 'POST', `/compute/jobs/${other.id}/start`)).body.code).toBe('party_unknown');
    parts.clock.at = new Date(Date.now() + 31 * 86_400_000);
    try {
      expect((await call(a.submitter, 'POST', `/compute/jobs/${late.id}/start`)).body.code).toBe(
        'job_transition_refused',
      );
      await enqueue(parts.pool.db, 'compute.expire', {});
      await runJobs(parts);
      expect((await call(a.submitter, 'GET', `/compute/jobs/${late.id}`)).body.state).toBe('expired');
      expect((await acts(late.id)).at(-1)?.content).toMatchObject({ phase: 'plan', reason: 'expired' });
    } finally {
      parts.clock.at = undefined;
    }
  });

  it('ends with the code and phase that a party signs, and with nothing else', async () => {
    const all = await three();
    const [a, b] = all;
    const job = await started(all);
    const url = `/compute/jobs/${job.id}/abort`;
    const abort = { job: job.sha256, party: b.name, code: 'input-changed', phase: 'inputs' };
    const send = (who: Institute, content: object, by = who) =>
      call(who.submitter, 'POST', url, { abort: content, signature: by.sign(content) });
    expect((await send(b, abort, a)).body.code).toBe('statement_unproven');
    expect((await send(a, abort, b)).body.code).toBe('statement_unproven');
    expect((await send(b, { ...abort, job: 'ab'.repeat(32) })).body.code).toBe('statement_unproven');
    expect((await send(b, { ...abort, data: 'rs1' })).status).toBe(422);
    expect((await send(b, { ...abort, phase: 'rs1:G;rs2:T' })).status).toBe(422);
    const { id } = (await call(b.submitter, 'GET', '/compute/parties?limit=200')).body.items.find(
      ({ name }: { name: string }) => name === b.name,
    );
    // Who retired meanwhile still ends what has started.
    await call(b.submitter, 'DELETE', `/compute/parties/${id}`);
    expect((await send(b, abort)).body).toMatchObject({
      state: 'aborted',
      abort: { party: b.name, code: 'input-changed', phase: 'inputs' },
    });
    const ours = { ...abort, party: a.name, code: 'partner-aborted' };
    expect((await send(a, ours)).body.abort).toMatchObject({ party: b.name });
    const receipt = receiptOf(job.specification, all, someResult());
    expect((await call(a.submitter, 'PUT', `/compute/jobs/${job.id}/receipt`, receipt)).body.code).toBe(
      'job_transition_refused',
    );
  });
});

describe('who cheats', () => {
  it('hands in no receipt that not all parties signed, for this job, with both ends of every line alike', async () => {
    const all = await three();
    const [a, b] = all;
    const job = await started(all);
    const good = receiptOf(job.specification, all, someResult());
    const [first, ...others] = good.statements;
    if (!first) throw new Error('a receipt has statements');
    const bent = (statement: object) => ({ ...first, statement: { ...first.statement, ...statement } });
    const signed = (statement: object, by = a) => {
      const whole = { ...first.statement, ...statement };
      return { ...first, statement: whole, signature: by.sign(whole) };
    };
    const bad: Record<string, JobReceipt> = {
      'a statement is missing': { ...good, statements: others },
      'one is there twice': { ...good, statements: [first, first, ...others.slice(1)] },
      'another result, not signed': { ...good, statements: [bent({ result: 'ab'.repeat(32) }), ...others] },
      'another result, signed by one': { ...good, statements: [signed({ result: 'ab'.repeat(32) }), ...others] },
      'signed by another party': { ...good, statements: [signed({}, b), ...others] },
      'with the certificate of another': {
        ...good,
        statements: [{ ...signed({}, b), certificate: b.certificate }, ...others],
      },
      'lines that differ': { ...good, statements: [signed({ lines: [] }), ...others] },
      'of a former job': receiptOf({ ...job.specification, nonce: 'cd'.repeat(32) }, all, someResult()),
      'of a specification that was changed': { ...good, job: { ...job.specification, purpose: 'Another' } },
    };
    for (const [what, receipt] of Object.entries(bad))
      expect([what, (await call(a.submitter, 'PUT', `/compute/jobs/${job.id}/receipt`, receipt)).body.code]).toEqual([
        what,
        'receipt_wrong',
      ]);
    expect((await call(a.submitter, 'PUT', `/compute/jobs/${job.id}/receipt`, good)).body.state).toBe('sealed');
    const second = receiptOf(job.specification, all, someResult(41));
    expect((await call(b.submitter, 'PUT', `/compute/jobs/${job.id}/receipt`, second)).body.state).toBe('disputed');
    expect((await acts(job.id)).at(-1)?.type).toBe('compute.disputed');
  });

  it('names no party with another’s certificate, and no institution twice', async () => {
    const all = await three();
    const [a, b, c] = all;
    const open = (more: Parameters<typeof specification>[1], who = a) =>
      call(who.submitter, 'POST', '/compute/jobs', { specification: specification(all, more) });
    const { parties } = specification(all);
    const swapped = parties.map((one, at) => ({ ...one, fingerprint: parties[(at + 1) % 3]?.fingerprint ?? '' }));
    expect((await open({ parties: swapped })).body).toMatchObject({ code: 'party_unknown' });
    expect((await open({}, await institute(parts))).body.code).toBe('job_of_others');
    expect((await open({ outputs: { recipients: ['nobody-here'] } })).body.code).toBe('recipient_unknown');
    const twin = await institute(parts);
    await register(server, { ...twin, organisation: a.organisation, submitter: a.submitter });
    const double = specification([a, b, c, twin]);
    expect((await call(a.submitter, 'POST', '/compute/jobs', { specification: double })).body.code).toBe(
      'party_of_one_organisation',
    );
  });

  it('cannot change a specification that was put before the parties, not even in the database', async () => {
    const all = await three();
    const job = await started(all);
    const { db } = parts.pool;
    const attempts = [
      sql`update compute_job set specification = replace(specification, 'A test', 'B test') where id = ${job.id}`,
      sql`update compute_job set specification = s, specification_sha256 = encode(sha256(convert_to(s, 'UTF8')), 'hex')
        from (select replace(specification, 'A test', 'B test') as s from compute_job where id = ${job.id}) t where id = ${job.id}`,
      sql`update compute_job_party set commitment = ${'ab'.repeat(32)} where job_id = ${job.id} and position = 0`,
      sql`update compute_job_party set approved_by = null, approved_at = null, learns = null, learns_sha256 = null
        where job_id = ${job.id} and position = 0`,
      sql`delete from compute_job where id = ${job.id}`,
      sql`update compute_moment set content = '{}' where job_id = ${job.id}`,
      sql`delete from compute_freeze`,
    ];
    for (const attempt of attempts) await expect(attempt.execute(db)).rejects.toThrow(/./);
  });

  it('sends ten gigabytes of result to no end, and silence neither', async () => {
    const all = await three();
    const job = await started(all, { outputs: { recipients: [] } });
    const url = `/api/v1/compute/jobs/${job.id}`;
    await call(
      all[0].submitter,
      'PUT',
      `/compute/jobs/${job.id}/receipt`,
      receiptOf(job.specification, all, someResult()),
    );
    let sent = 0;
    async function* endless() {
      for (; sent < 10 * 2 ** 30; sent += 2 ** 20) yield Buffer.alloc(2 ** 20, 'x');
    }
    await server.listen({ port: 0, host: '127.0.0.1' });
    const address = server.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const reply = await fetch(`http://127.0.0.1:${port}${url}/result`, {
      method: 'PUT',
      headers: { ...all[0].submitter.headers, 'content-type': 'application/json' },
      body: ReadableStream.from(endless()),
      duplex: 'half',
    });
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([413, 'result_too_large']);
    expect(sent).toBeLessThan(256 * 2 ** 20);
    const silent = await fetch(`http://127.0.0.1:${port}${url}/result`, {
      method: 'PUT',
      headers: all[0].submitter.headers,
      body: new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('{')) }),
      duplex: 'half',
    });
    expect([silent.status, ((await silent.json()) as { code: string }).code]).toEqual([408, 'upload_stalled']);
    // What a crash left of an arrival goes with the sweep, what a job names stays.
    const orphan = `results/${job.id}/of-a-crash`;
    await parts.blobs.put(
      orphan,
      (async function* () {
        yield Buffer.from('{}');
      })(),
    );
    await enqueue(parts.pool.db, 'compute.sweep', {});
    await runJobs(parts);
    expect(await parts.blobs.size(orphan)).toBe(2n);
    parts.clock.at = new Date(Date.now() + 2 * 3_600_000);
    await enqueue(parts.pool.db, 'compute.sweep', {});
    await runJobs(parts);
    parts.clock.at = undefined;
    for await (const { key } of parts.blobs.list('results')) expect(key).not.toContain(job.id);
  });
});

describe('the stream of a job', () => {
  it('tells what was and what comes, goes on where it broke off, and ends with the job', async () => {
    const all = await three();
    const job = await started(all);
    const watch = (after?: string) =>
      server.inject({
        url: `/api/v1/compute/jobs/${job.id}/events`,
        headers: { ...all[2].committee.headers, ...(after !== undefined && { 'last-event-id': after }) },
      });
    const watching = watch();
    for (let round = 1; round <= 3; round += 1)
      await call(all[0].submitter, 'POST', `/compute/jobs/${job.id}/progress`, {
        progress: [{ phase: 'events by time', round, elements: 8, sentBytes: round * 100, receivedBytes: 5 }],
      });
    const receipt = receiptOf(job.specification, all, someResult());
    await call(all[0].submitter, 'PUT', `/compute/jobs/${job.id}/receipt`, receipt);
    const whole = await watching;
    expect(whole.headers['content-type']).toContain('text/event-stream');
    const eventsIn = (body: string) =>
      [...body.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*)$/gm)].map(([, id = '', type = '', data = '']) => ({
        id,
        type,
        data: JSON.parse(data) as { party?: string; progress?: { round: number } },
      }));
    const seen = eventsIn(whole.body);
    expect(seen.map(({ type }) => type)).toEqual([
      'opened',
      ...Array<string>(3).fill('approved'),
      'started',
      ...Array<string>(3).fill('progress'),
      'sealed',
    ]);
    expect(seen[6]?.data).toMatchObject({ party: all[0].name, progress: { round: 2, sentBytes: 200 } });
    const rest = eventsIn((await watch(seen[5]?.id)).body);
    expect(rest).toEqual(seen.slice(6));
    const stranger = await institute(parts);
    const refused = await server.inject({
      url: `/api/v1/compute/jobs/${job.id}/events`,
      headers: stranger.submitter.headers,
    });
    expect(refused.statusCode).toBe(404);
  });
});
