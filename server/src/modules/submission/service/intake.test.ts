import type { FindingView, Submission } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organisation, person, statusesOf, testServer, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { runJobs } from '../../../../test/run-jobs.ts';
import { md5, reads, senderOf, studyTables, type StudyTables } from '../../../../test/sheets.ts';
import { callerOf } from '../../../../test/studies.ts';
import type { Server } from '../../../platform/http.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let send: ReturnType<typeof senderOf>;
let submitter: TestPerson;
let colleague: TestPerson;
let stranger: TestPerson;
let curator: TestPerson;

beforeAll(async () => {
  parts = await testParts({ limits: { sheetBytes: 3_000_000, sheetRows: 20_000 } });
  server = await testServer(parts);
  call = callerOf(server);
  send = senderOf(server);
  const home = await organisation(parts);
  submitter = await person(parts, { roles: ['submitter'], organisation: home });
  colleague = await person(parts, { roles: ['submitter'], organisation: home });
  stranger = await person(parts, { roles: ['submitter'] });
  curator = await person(parts, { roles: ['curator'] });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

let count = 0;
const newName = () => `t${(count += 1)}`;

const open = async (who = submitter, body: object = {}): Promise<string> =>
  (await call(who, 'POST', '/submissions', { title: 'A study', ...body })).body.id;
const put = (id: string, name: string, bytes: string | Uint8Array, who = submitter) =>
  send(who, `/submissions/${id}/sheets/${encodeURIComponent(name)}`, bytes);
const get = async (id: string): Promise<Submission> => (await call(submitter, 'GET', `/submissions/${id}`)).body;
const submit = (id: string, who = submitter) => call(who, 'POST', `/submissions/${id}/submission`);
const findings = async (id: string, query = ''): Promise<(FindingView & { source: string })[]> =>
  (await call(submitter, 'GET', `/submissions/${id}/findings?limit=200${query}`)).body.items;
const codes = async (id: string, query = '') => (await findings(id, query)).map((finding) => finding.code);
const entries = async (id: string) =>
  (await call(submitter, 'GET', `/submissions/${id}/objects?limit=200`)).body.items as {
    object: string;
    alias: string;
    type: string;
    version: number;
    change: string;
    errors: number;
    attributes: Record<string, string>;
  }[];

async function sendTables(id: string, { sheets }: StudyTables): Promise<void> {
  for (const [name, bytes] of Object.entries(sheets)) expect(await put(id, name, bytes)).toMatchObject({ status: 200 });
}

async function upload(files: StudyTables['files'], who = submitter): Promise<void> {
  for (const [name, bytes] of files) expect(await send(who, `/files/${name}`, bytes)).toMatchObject({ status: 200 });
}

/** A study sent in and checked. */
async function checked(tables: StudyTables): Promise<string> {
  const id = await open();
  await sendTables(id, tables);
  await upload(tables.files);
  expect((await submit(id)).status).toBe(202);
  await runJobs(parts);
  return id;
}

const samples = (...rows: string[]) =>
  `alias\ttitle\torganism\tcollection_date\tgeo_loc_name\tisolate\n${rows.map((row) => `${row}\n`).join('')}`;
const leaf = (alias: string, isolate = alias, date = '2024-05-01') =>
  `${alias}\tLeaf ${alias}\tOryza sativa\t${date}\tChina:Hainan\t${isolate}`;

describe('the way of a draft', () => {
  it('goes from sheets and files to review, and holds its files', async () => {
    const tables = studyTables(newName(), 3);
    const id = await checked(tables);
    const now = await get(id);
    expect(await findings(id, '&level=error')).toEqual([]);
    expect(now).toMatchObject({
      status: 'in_review',
      files: { declared: 6, arrived: 6, faulty: 0 },
      objects: [
        { type: 'project', new: 1, revised: 0 },
        { type: 'sample', new: 3, revised: 0 },
        { type: 'experiment', new: 3, revised: 0 },
        { type: 'run', new: 3, revised: 0 },
      ],
    });
    const files = (await call(submitter, 'GET', `/submissions/${id}/files`)).body.items;
    expect(files.map((file: { state: string }) => file.state)).toEqual(Array(6).fill('claimed'));
    expect((await call(curator, 'GET', `/submissions/${id}`)).status).toBe(200);
    expect((await call(stranger, 'GET', `/submissions/${id}`)).status).toBe(404);
    expect(
      (await call(curator, 'GET', `/review/queue`)).body.items.map((one: { submission: string }) => one.submission),
    ).toContain(id);
  });

  it('tells what is missing, gives the draft back, and passes it when it is mended', async () => {
    const name = newName();
    const tables = studyTables(name, 1);
    const id = await open();
    await sendTables(id, tables);
    const [first, second] = [...tables.files];
    await upload(new Map([[first?.[0] ?? '', reads('other', 1)]]));
    const extra = `${name}-extra.fastq`;
    await upload(new Map([[extra, reads(`${name}.extra`, 1)]]));
    await submit(id);
    await runJobs(parts);
    expect((await get(id)).status).toBe('draft');
    const found = await findings(id, '&source=check');
    expect(found.map(({ code, value }) => [code, value])).toEqual(
      expect.arrayContaining([
        ['GW6104', first?.[0]],
        ['GW6101', second?.[0]],
        ['GW6105', extra],
      ]),
    );
    expect(found.find(({ code }) => code === 'GW6104')?.place).toMatchObject({
      file: 'run.tsv',
      row: 2,
      alias: `${name}-r1`,
    });
    const notices = await sql<{
      title_zh: string;
    }>`select title_zh from notice where person_id = ${submitter.id} and type = 'submission.failed'`.execute(
      parts.pool.db,
    );
    expect(notices.rows.length).toBeGreaterThan(0);
    await upload(tables.files);
    await submit(id);
    await runJobs(parts);
    expect((await get(id)).status).toBe('in_review');
  });

  it('creates once for one idempotency key', async () => {
    const key = { 'idempotency-key': newName() };
    const first = await call(submitter, 'POST', '/submissions', { title: 'Once' }, key);
    const again = await call(submitter, 'POST', '/submissions', { title: 'Once' }, key);
    expect(again.body.id).toBe(first.body.id);
  });

  it('lets one of two submits at once win', async () => {
    const tables = studyTables(newName(), 1);
    const id = await open();
    await sendTables(id, tables);
    const replies = await Promise.all([submit(id), submit(id)]);
    expect(statusesOf(replies.map(({ status }) => ({ statusCode: status })))).toEqual([202, 409]);
    const refused = await sql<{
      outcome: string;
    }>`select outcome from audit_event where type = 'submission.transition_refused' and object_id = ${id}`.execute(
      parts.pool.db,
    );
    expect(refused.rows).toEqual([{ outcome: 'refused' }]);
    await runJobs(parts);
  });

  it('checks again without harm when the job is run twice', async () => {
    const id = await checked(studyTables(newName(), 1));
    const before = await get(id);
    await sql`select graphile_worker.add_job('submission.check', json_build_object('submission', ${id}::text))`.execute(
      parts.pool.db,
    );
    await runJobs(parts);
    expect(await get(id)).toEqual(before);
  });

  it('refuses changes while it is checked or reviewed, and an empty submission', async () => {
    const id = await checked(studyTables(newName(), 1));
    expect(await put(id, 'more.tsv', samples(leaf('x')))).toMatchObject({
      status: 409,
      body: { code: 'submission_not_editable' },
    });
    expect((await call(submitter, 'DELETE', `/submissions/${id}`)).body.code).toBe('submission_not_editable');
    const empty = await open();
    expect((await submit(empty)).body.code).toBe('submission_empty');
  });

  it('is deleted with all that only it spoke of, and gives names free when withdrawn', async () => {
    const name = newName();
    const id = await open();
    await put(id, 'sample.tsv', samples(leaf(`${name}-1`)));
    expect((await call(submitter, 'DELETE', `/submissions/${id}`)).status).toBe(204);
    expect((await call(submitter, 'GET', `/submissions/${id}`)).status).toBe(404);
    const left = await sql<{ n: number }>`select count(*)::int as n from object where alias = ${`${name}-1`}`.execute(
      parts.pool.db,
    );
    expect(left.rows).toEqual([{ n: 0 }]);
    const tables = studyTables(newName(), 1);
    const sent = await checked(tables);
    expect((await call(submitter, 'POST', `/submissions/${sent}/withdrawal`)).body.status).toBe('withdrawn');
    const states = (await call(submitter, 'GET', `/files?limit=200`)).body.items as { name: string; state: string }[];
    for (const file of tables.files.keys()) expect(states.find((one) => one.name === file)?.state).toBe('stored');
    const again = await open();
    await sendTables(again, tables);
    expect((await get(again)).counts.errors).toBe(0);
  });
});

describe('release date and ETag', () => {
  it('takes days from today to the horizon', async () => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const made = (releaseOn: string) => call(submitter, 'POST', '/submissions', { title: 'A', releaseOn });
    expect((await made(day(-1))).body.code).toBe('release_in_past');
    expect((await made(day(732))).body.code).toBe('release_too_late');
    expect((await made(day(730))).status).toBe(201);
    expect((await made(day(0))).status).toBe(201);
  });

  it('finds at the check that the day has passed meanwhile', async () => {
    const tables = studyTables(newName(), 1);
    const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    const id = await open(submitter, { releaseOn: day });
    await sendTables(id, tables);
    await upload(tables.files);
    await submit(id);
    parts.clock.at = new Date(Date.now() + 3 * 86_400_000);
    await runJobs(parts).finally(() => (parts.clock.at = undefined));
    expect(await codes(id, '&source=check&level=error')).toEqual(['GW6202']);
  });

  it('refuses a change that did not see the present state', async () => {
    const id = await open();
    const { etag } = await call(submitter, 'GET', `/submissions/${id}`);
    const change = (ifMatch?: string) =>
      server.inject({
        method: 'PATCH',
        url: `/api/v1/submissions/${id}`,
        headers: { ...submitter.headers, ...(ifMatch && { 'if-match': ifMatch }) },
        payload: { title: 'Another' },
      });
    expect((await change()).json().code).toBe('if_match_required');
    expect((await change(etag)).json().title).toBe('Another');
    expect((await change(etag)).json().code).toBe('stale_etag');
  });

  it('keeps others out as if there were nothing', async () => {
    const id = await open();
    expect((await call(stranger, 'GET', `/submissions/${id}`)).body.code).toBe('not_found');
    expect((await call(curator, 'GET', `/submissions/${id}`)).body.code).toBe('not_found');
    expect((await put(id, 'a.tsv', samples(leaf('a')), stranger)).body.code).toBe('not_found');
    expect((await call(colleague, 'GET', `/submissions/${id}`)).status).toBe(200);
    expect((await call(undefined, 'GET', `/submissions/${id}`)).status).toBe(401);
    const listed = (await call(stranger, 'GET', '/submissions')).body.items as { id: string }[];
    expect(listed.map((one) => one.id)).not.toContain(id);
  });
});

describe('a sheet', () => {
  it('sent twice changes nothing', async () => {
    const name = newName();
    const id = await open();
    const sheet = samples(leaf(`${name}-1`), leaf(`${name}-2`));
    const first = await put(id, 'sample.tsv', sheet);
    const before = [await get(id), await entries(id)];
    const again = await put(id, 'sample.tsv', sheet);
    expect(again.body).toEqual(first.body);
    expect([await get(id), await entries(id)]).toEqual(before);
  });

  it('sent revised writes what changed, takes out what vanished and leaves the rest as it was', async () => {
    const name = newName();
    const id = await open();
    await put(id, 'sample.tsv', samples(leaf(`${name}-1`), leaf(`${name}-2`), leaf(`${name}-3`)));
    const before = await entries(id);
    const { body } = await put(
      id,
      'sample.tsv',
      samples(leaf(`${name}-4`), leaf(`${name}-3`, 'other'), leaf(`${name}-1`)),
    );
    expect(body.records).toEqual({ new: 3, revised: 0, unchanged: 0, removed: 1 });
    const after = await entries(id);
    const ids = (list: typeof before) => new Map(list.map((one) => [one.alias, one.object]));
    expect(after.map((one) => one.alias).toSorted()).toEqual([`${name}-1`, `${name}-3`, `${name}-4`]);
    expect(ids(after).get(`${name}-1`)).toBe(ids(before).get(`${name}-1`));
    expect(ids(after).get(`${name}-3`)).toBe(ids(before).get(`${name}-3`));
    expect(after.find((one) => one.alias === `${name}-3`)?.attributes['isolate']).toBe('other');
  });

  it('reports faults with place, value and mend, in the reader’s language', async () => {
    const id = await open();
    const sheet = samples(leaf('bad', 'i', '2021-02-30'));
    const { body } = await put(id, 'sample.tsv', sheet);
    const found = body.findings.find((finding: FindingView) => finding.level === 'error');
    expect(found).toMatchObject({
      code: 'GW1202',
      place: { file: 'sample.tsv', row: 2, column: 'collection_date', alias: 'bad' },
      value: '2021-02-30',
    });
    const zh = await server.inject({
      url: `/api/v1/submissions/${id}/findings?level=error`,
      headers: { ...submitter.headers, 'accept-language': 'zh-CN' },
    });
    expect(zh.json().items[0].message).toMatch(/\p{Script=Han}/u);
    const report = await server.inject({ url: `/api/v1/submissions/${id}/report`, headers: submitter.headers });
    expect(report.body).toContain('GW1202');
    expect(
      (await server.inject({ url: `/api/v1/submissions/${id}/report?format=json`, headers: submitter.headers })).json(),
    ).toHaveLength((await findings(id)).length);
  });

  it('tells of an alias twice: in one sheet, over batches, and in two sheets', async () => {
    const name = newName();
    const id = await open();
    const many = Array.from({ length: 700 }, (_, at) => leaf(`${name}-${at}`, `${at}`));
    const { body } = await put(
      id,
      'sample.tsv',
      samples(...many, leaf(`${name}-0`, 'again'), leaf(`${name}-699`, 'again')),
    );
    expect(body.counts.codes['GW2002']).toBe(2);
    expect(body.records.new).toBe(700);
    const other = await put(id, 'other.tsv', samples(leaf(`${name}-5`)));
    expect(other.body.findings.map((finding: FindingView) => finding.code)).toContain('GW6005');
  });

  it('says nothing about names of others', async () => {
    const name = newName();
    const theirs = await open(stranger);
    await put(theirs, 'sample.tsv', samples(leaf(`${name}-1`)), stranger);
    const id = await open();
    const mine = await put(id, 'sample.tsv', samples(leaf(`${name}-1`)));
    expect(mine.body.counts.errors).toBe(0);
    const experiment = `alias\ttitle\tproject\tsample\tlibrary_name\tlibrary_strategy\tlibrary_source\tlibrary_selection\tlibrary_layout\tplatform\tinstrument_model\n${name}-x\tX\t${name}-none\t${name}-1\tL\tWGS\tGENOMIC\tRANDOM\tSINGLE\tILLUMINA\tIllumina NovaSeq 6000\n`;
    await put(id, 'experiment.tsv', experiment);
    await submit(id);
    await runJobs(parts);
    const unresolved = (await findings(id, '&source=check')).filter((finding) => finding.code === 'GW2004');
    expect(unresolved.map((finding) => finding.value)).toEqual([`${name}-none`]);
  });

  it('refuses an alias that stands in another draft of the same submitter', async () => {
    const name = newName();
    const first = await open();
    await put(first, 'sample.tsv', samples(leaf(`${name}-1`)));
    const second = await open();
    const { body } = await put(second, 'sample.tsv', samples(leaf(`${name}-1`)));
    expect(body.findings.map((finding: FindingView) => finding.code)).toContain('GW6003');
    expect(await entries(second)).toEqual([]);
  });

  it('is read by a job when it is long, and the draft waits for it', async () => {
    const name = newName();
    const id = await open();
    const rows = Array.from({ length: 12_000 }, (_, at) => leaf(`${name}-${at}`, `${name}-${at}`));
    const { body } = await put(id, 'sample.tsv', samples(...rows));
    expect(body.state).toBe('reading');
    expect(await put(id, 'other.tsv', samples(leaf('x')))).toMatchObject({
      status: 409,
      body: { code: 'submission_busy' },
    });
    expect((await submit(id)).body.code).toBe('submission_busy');
    await runJobs(parts);
    expect((await call(submitter, 'GET', `/submissions/${id}/sheets/sample.tsv`)).body).toMatchObject({
      state: 'read',
      progress: '12000',
      records: { new: 12_000 },
      counts: { errors: 0 },
    });
    expect((await put(id, 'sample.tsv', samples(...rows.slice(0, 11_000), ...rows.slice(11_500)))).body.state).toBe(
      'reading',
    );
    await runJobs(parts);
    expect((await call(submitter, 'GET', `/submissions/${id}/sheets/sample.tsv`)).body.records).toEqual({
      new: 11_500,
      revised: 0,
      unchanged: 0,
      removed: 500,
    });
  });

  it('is refused beyond its limits, and a broken one takes nothing away', async () => {
    const name = newName();
    const id = await open();
    await put(id, 'sample.tsv', samples(leaf(`${name}-1`)));
    expect((await put(id, 'sample.tsv', 'x'.repeat(3_000_001))).body.code).toBe('sheet_too_large');
    const { body } = await put(id, 'sample.tsv', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]));
    expect(body).toMatchObject({ state: 'failed', counts: { errors: 1 } });
    expect((await entries(id)).map((one) => one.alias)).toEqual([`${name}-1`]);
    await submit(id);
    await runJobs(parts);
    expect(await codes(id, '&source=check&level=error')).toContain('GW6006');
    expect((await send(submitter, `/submissions/${id}/sheets/..%2Fx`, 'a')).status).toBe(422);
  });

  it('keeps what it was sent, and nothing else', async () => {
    const name = newName();
    const id = await open();
    const sheet = samples(leaf(`${name}-1`));
    await put(id, 'a.tsv', samples(leaf(`${name}-0`)));
    await put(id, 'a.tsv', sheet);
    const kept = await server.inject({
      url: `/api/v1/submissions/${id}/sheets/a.tsv/content`,
      headers: submitter.headers,
    });
    expect(md5(kept.rawPayload)).toBe(md5(sheet));
    const keys: string[] = [];
    for await (const { key } of parts.blobs.list('sheets')) if (key.includes(id)) keys.push(key);
    expect(keys).toHaveLength(1);
    expect((await call(submitter, 'DELETE', `/submissions/${id}/sheets/a.tsv`)).status).toBe(204);
    expect(await entries(id)).toEqual([]);
  });
});

describe('what only the whole shows', () => {
  const sendIn = async (id: string) => {
    await submit(id);
    await runJobs(parts);
    return (await findings(id, '&source=check&level=error')).map(({ code, place }) => [code, place.alias]);
  };

  it('finds umbrellas that run in a circle, and data on an umbrella', async () => {
    const name = newName();
    const id = await open();
    await put(
      id,
      'project.json',
      JSON.stringify([
        {
          type: 'project',
          alias: `${name}-a`,
          title: 'A',
          attributes: { summary: 'A gathering of projects', umbrella: 'yes' },
          references: [{ relation: 'part_of', type: 'project', target: `${name}-b` }],
        },
        {
          type: 'project',
          alias: `${name}-b`,
          title: 'B',
          attributes: { summary: 'A gathering of projects', umbrella: 'yes' },
          references: [{ relation: 'part_of', type: 'project', target: `${name}-a` }],
        },
        {
          type: 'project',
          alias: `${name}-c`,
          title: 'C',
          attributes: { summary: 'An ordinary project', umbrella: 'no' },
          references: [],
        },
        {
          type: 'project',
          alias: `${name}-d`,
          title: 'D',
          attributes: { summary: 'An ordinary project' },
          references: [{ relation: 'part_of', type: 'project', target: `${name}-c` }],
        },
      ]),
    );
    await put(
      id,
      'sample.json',
      JSON.stringify([
        {
          type: 'sample',
          alias: `${name}-s`,
          title: 'S',
          attributes: { organism: 'Oryza sativa', collection_date: '2024', geo_loc_name: 'China', isolate: 'x' },
          references: [{ relation: 'part_of', type: 'project', target: `${name}-a` }],
        },
      ]),
    );
    expect(await sendIn(id)).toEqual(
      expect.arrayContaining([
        ['GW2007', expect.stringMatching(`${name}-[ab]`)],
        ['GW2008', `${name}-s`],
        ['GW2009', `${name}-d`],
      ]),
    );
  });

  it('warns of samples that nothing tells apart', async () => {
    const name = newName();
    const id = await open();
    await put(
      id,
      'sample.tsv',
      samples(leaf(`${name}-1`, 'same'), leaf(`${name}-2`, 'same'), leaf(`${name}-3`, 'other')),
    );
    await submit(id);
    await runJobs(parts);
    const found = await findings(id, '&source=check');
    expect(
      found.filter(({ code }) => code !== 'GW6105').map(({ code, level, place }) => [code, level, place.alias]),
    ).toEqual([['GW2015', 'warning', `${name}-2`]]);
    expect((await get(id)).status).toBe('in_review');
  });

  it('finds reads of one run that do not belong together', async () => {
    const name = newName();
    const tables = studyTables(name, 1);
    const [one, two] = [...tables.files.keys()];
    const alien = reads('alien', 2);
    const run = tables.sheets['run.tsv'].replace(md5(tables.files.get(two ?? '') ?? ''), md5(alien));
    const id = await open();
    await sendTables(id, { ...tables, sheets: { ...tables.sheets, 'run.tsv': run } });
    await upload(
      new Map([
        [one ?? '', tables.files.get(one ?? '') ?? Buffer.of()],
        [two ?? '', alien],
      ]),
    );
    await submit(id);
    await runJobs(parts);
    const errors = await findings(id, '&source=check&level=error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ place: { alias: `${name}-r1` } });
    expect(errors[0]?.code).toMatch(/^GW5/);
  });

  it('raises labels along the lineage: what derives from a person is as sensitive as the person', async () => {
    const name = newName();
    const tables = studyTables(name, 1);
    const human = `alias\ttitle\tchecklist\torganism\tdonor_id\tsex\tcollection_date\tgeo_loc_name\tbiomaterial_provider\ttissue\n${name}-s1\tBlood\tGWC-human\tHomo sapiens\tD1\tfemale\t2024-01\tChina:Beijing\tClinic\tblood\n`;
    const id = await open();
    await sendTables(id, { ...tables, sheets: { ...tables.sheets, 'sample.tsv': human } });
    await upload(tables.files);
    await submit(id);
    await runJobs(parts);
    const label = { grade: 3, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };
    expect(await get(id)).toMatchObject({ status: 'in_review', label });
    const { rows } = await sql<{ type: string; grade: number; categories: string[] }>`
      select o.type, o.grade, o.categories from object o where submission_id = ${id} order by type`.execute(
      parts.pool.db,
    );
    expect(rows).toEqual([
      { type: 'experiment', grade: 3, categories: ['human_genetic_resource'] },
      { type: 'project', grade: 1, categories: [] },
      { type: 'run', grade: 3, categories: ['human_genetic_resource'] },
      { type: 'sample', grade: 3, categories: ['human_genetic_resource'] },
    ]);
    const file = (await call(submitter, 'GET', `/files?name=${[...tables.files.keys()][0]}`)).body.items[0];
    expect(file.label).toEqual(label);
    expect((await call(curator, 'GET', `/submissions/${id}`)).status).toBe(404);
  });
});

describe('one object at a time', () => {
  const record = (alias: string, more: object = {}) => ({
    type: 'sample',
    alias,
    title: 'Leaf',
    attributes: {
      organism: 'Oryza sativa',
      collection_date: '2024-05-01',
      geo_loc_name: 'China:Hainan',
      isolate: alias,
      ...more,
    },
  });

  it('is added, changed with its ETag, and taken out', async () => {
    const name = newName();
    const id = await open();
    const added = await call(submitter, 'POST', `/submissions/${id}/objects`, record(name));
    expect(added).toMatchObject({ status: 201, body: { change: 'new', errors: 0 } });
    expect((await call(submitter, 'POST', `/submissions/${id}/objects`, record(name))).body.code).toBe('alias_taken');
    const url = `/submissions/${id}/objects/${added.body.object}`;
    const { etag } = await call(submitter, 'GET', url);
    const changed = await call(submitter, 'PUT', url, record(name, { collection_date: '2024-13' }), {
      'if-match': etag,
    });
    expect(changed.body.findings.map((finding: FindingView) => finding.code)).toContain('GW1202');
    expect((await call(submitter, 'PUT', url, record(name), { 'if-match': etag })).body.code).toBe('stale_etag');
    expect((await call(submitter, 'PUT', url, record(`${name}x`), { 'if-match': changed.etag })).body.code).toBe(
      'alias_fixed',
    );
    await submit(id);
    await runJobs(parts);
    expect(await codes(id, '&source=check&level=error')).toEqual(['GW6009']);
    expect((await call(submitter, 'DELETE', url)).status).toBe(204);
    expect((await get(id)).counts.errors).toBe(1);
    expect(await entries(id)).toEqual([]);
  });

  it('mends what its sheet had wrong', async () => {
    const name = newName();
    const id = await open();
    await put(id, 'sample.tsv', samples(leaf(`${name}-1`, '1', '2021-02-30'), leaf(`${name}-2`, '2', '2021-02-31')));
    expect((await get(id)).counts.errors).toBe(2);
    const [first] = (await entries(id)).filter((entry) => entry.alias === `${name}-1`);
    expect(first?.errors).toBe(1);
    const url = `/submissions/${id}/objects/${first?.object}`;
    const { etag } = await call(submitter, 'GET', url);
    await call(submitter, 'PUT', url, record(`${name}-1`), { 'if-match': etag });
    const now = await get(id);
    expect(now.counts.errors).toBe(1);
    expect(now.counts.codes['GW1202']).toBe(1);
    await put(id, 'sample.tsv', samples(leaf(`${name}-1`, '1', '2021-02-27'), leaf(`${name}-2`, '2', '2021-02-28')));
    expect((await get(id)).counts.errors).toBe(0);
    expect((await entries(id)).find((entry) => entry.alias === `${name}-1`)?.attributes['collection_date']).toBe(
      '2021-02-27',
    );
  });
});

describe('export', () => {
  it.each(['tsv', 'xlsx', 'json'] as const)('to %s reads back unchanged', async (format) => {
    const tables = studyTables(newName(), 2);
    const id = await open();
    await sendTables(id, tables);
    const before = await entries(id);
    const type = format === 'tsv' ? '&type=sample' : '';
    const reply = await server.inject({
      url: `/api/v1/submissions/${id}/export?format=${format}${type}`,
      headers: submitter.headers,
    });
    expect(reply.statusCode).toBe(200);
    const name = type === '' ? `all.${format}` : 'sample.tsv';
    if (type === '')
      for (const sheet of Object.keys(tables.sheets))
        await call(submitter, 'DELETE', `/submissions/${id}/sheets/${sheet}`);
    const { body } = await put(id, name, reply.rawPayload);
    expect(body).toMatchObject({ state: 'read', records: { new: type === '' ? 7 : 2, removed: 0 } });
    const plain = (list: typeof before) =>
      list
        .map(({ object: _o, errors: _e, ...rest }) => ({ ...rest, sheet: '' }))
        .toSorted((a, b) => (a.alias < b.alias ? -1 : 1));
    expect(plain(await entries(id))).toEqual(plain(before));
  });

  it('to SRA/ENA XML tells what it cannot carry', async () => {
    const tables = studyTables(newName(), 1);
    const id = await open();
    await sendTables(id, tables);
    const xml = await server.inject({
      url: `/api/v1/submissions/${id}/export?format=xml&type=sample`,
      headers: submitter.headers,
    });
    expect(xml.body).toContain('<SAMPLE_SET');
    expect(xml.body).toContain('<TAXON_ID>1423</TAXON_ID>');
    const losses = (await call(submitter, 'GET', `/submissions/${id}/export/losses`)).body;
    expect(losses.total).toBe(losses.items.length);
    expect((await call(submitter, 'GET', `/submissions/${id}/export?format=xml`)).body.code).toBe('export_type_needed');
  });
});

describe('the same study again', () => {
  /** Accepts a submission as its curator does. */
  const accept = async (id: string) => {
    const { etag } = await call(curator, 'GET', `/review/${id}`);
    return call(curator, 'POST', `/review/${id}/accept`, {}, { 'if-match': etag });
  };

  it('changes nothing after acceptance, and what differs becomes a revision', async () => {
    const tables = studyTables(newName(), 2);
    const first = await checked(tables);
    expect((await accept(first)).body.status).toBe('accepted');
    const again = await open();
    const same = await put(again, 'sample.tsv', tables.sheets['sample.tsv']);
    expect(same.body.records).toEqual({ new: 0, revised: 0, unchanged: 2, removed: 0 });
    expect(await entries(again)).toEqual([]);
    const changed = tables.sheets['sample.tsv'].replace('China:Yunnan', 'China:Guizhou');
    expect((await put(again, 'sample.tsv', changed)).body.records).toEqual({
      new: 0,
      revised: 1,
      unchanged: 1,
      removed: 0,
    });
    expect(await entries(again)).toMatchObject([{ change: 'revised', version: 2 }]);
    expect((await put(again, 'sample.tsv', tables.sheets['sample.tsv'])).body.records).toEqual({
      new: 0,
      revised: 0,
      unchanged: 2,
      removed: 1,
    });
    expect(await entries(again)).toEqual([]);
  });

  it('keeps the files of the accepted version when a revision is given up', async () => {
    const tables = studyTables(newName(), 1);
    const first = await checked(tables);
    await accept(first);
    const again = await open();
    await put(again, 'run.tsv', tables.sheets['run.tsv'].replaceAll('paired', 'single'));
    expect(await entries(again)).toMatchObject([{ type: 'run', change: 'revised' }]);
    await submit(again);
    await runJobs(parts);
    expect((await get(again)).status).toBe('in_review');
    await call(submitter, 'POST', `/submissions/${again}/withdrawal`);
    const [file] = (await call(submitter, 'GET', `/files?name=${[...tables.files.keys()][0]}`)).body.items;
    expect(file.state).toBe('claimed');
  });
});

describe('files of equal names', () => {
  const accept = async (id: string) => {
    const { etag } = await call(curator, 'GET', `/review/${id}`);
    return (await call(curator, 'POST', `/review/${id}/accept`, {}, { 'if-match': etag })).body.status;
  };
  /** A study whose files are called as those of another. */
  const alike = (tables: StudyTables, name: string, files: readonly string[]): StudyTables => {
    const own = [...tables.files.keys()];
    const called = (text: string) => own.reduce((all, file, nth) => all.replaceAll(file, files[nth] ?? file), text);
    return {
      sheets: { ...tables.sheets, 'run.tsv': called(tables.sheets['run.tsv']) },
      files: new Map([...tables.files].map(([file, bytes]) => [called(file), bytes])),
    };
  };
  const filesIn = async (id: string) =>
    (await call(submitter, 'GET', `/submissions/${id}/files?limit=200`)).body.items as {
      file: string;
      state: string;
    }[];
  const codesOf = async (id: string) => (await codes(id, '&source=check&level=error')).toSorted();

  it('of two studies stay with their own, when one is sent in again or revised', async () => {
    const [one, two] = [newName(), newName()];
    const first = studyTables(one, 1);
    const second = alike(studyTables(two, 1), two, [...first.files.keys()]);
    const id = await checked(first);
    const mine = (await filesIn(id)).map(({ file }) => file);
    const other = await checked(second);
    expect([await codesOf(id), await codesOf(other)]).toEqual([[], []]);
    expect((await filesIn(other)).some(({ file }) => mine.includes(file))).toBe(false);
    await sql`update submission set status = 'checking' where id = ${id}`.execute(parts.pool.db);
    await sql`update object set status = 'checking' where submission_id = ${id}`.execute(parts.pool.db);
    await sql`select graphile_worker.add_job('submission.check', ${JSON.stringify({ submission: id })}::json)`.execute(
      parts.pool.db,
    );
    await runJobs(parts);
    expect([(await get(id)).status, await codesOf(id)]).toEqual(['in_review', []]);
    expect((await filesIn(id)).map(({ file }) => file)).toEqual(mine);
    expect(await accept(id)).toBe('accepted');
    const again = await open();
    await put(again, 'run.tsv', first.sheets['run.tsv'].replaceAll('paired', 'single'));
    await submit(again);
    await runJobs(parts);
    expect([(await get(again)).status, await codesOf(again)]).toEqual(['in_review', []]);
    expect((await filesIn(again)).map(({ file }) => file)).toEqual(mine);
  });

  it('are found for a colleague who revises an experiment and a run', async () => {
    const name = newName();
    const id = await checked(studyTables(name, 1));
    const mine = (await filesIn(id)).map(({ file }) => file);
    expect(await accept(id)).toBe('accepted');
    const all = await entries(id);
    let submission: string | undefined;
    for (const alias of [`${name}-x1`, `${name}-r1`]) {
      const object = all.find((entry) => entry.alias === alias)?.object;
      const body = { reason: 'title', title: 'Lane 1', ...(submission !== undefined && { submission }) };
      const reply = await call(colleague, 'POST', `/objects/${object}/revisions`, body, { 'if-match': '*' });
      expect(reply.status).toBe(201);
      ({ submission } = reply.body);
    }
    await submit(submission ?? '', colleague);
    await runJobs(parts);
    expect(await codesOf(submission ?? '')).toEqual([]);
    expect((await filesIn(submission ?? '')).map(({ file }) => file)).toEqual(mine);
    expect(await accept(submission ?? '')).toBe('accepted');
  });

  it('of a proposed version are not public before it is accepted', async () => {
    const name = newName();
    const tables = studyTables(name, 1);
    const id = await checked(tables);
    const [old = ''] = (await filesIn(id)).map(({ file }) => file);
    expect(await accept(id)).toBe('accepted');
    const run = (await entries(id)).find((entry) => entry.alias === `${name}-r1`)?.object;
    const bytes = reads(`${name}.new`, 1);
    await upload(new Map([[`${name}_new.fastq`, bytes]]));
    const files = [{ name: `${name}_new.fastq`, format: 'fastq', md5: md5(bytes) }];
    const revised = await call(
      submitter,
      'POST',
      `/objects/${run}/revisions`,
      { reason: 'x', files },
      { 'if-match': '*' },
    );
    const { submission } = revised.body;
    await submit(submission);
    await runJobs(parts);
    const [fresh] = await filesIn(submission);
    expect(fresh?.state).toBe('claimed');
    const statusFor = async (file: string, who?: TestPerson) => (await call(who, 'GET', `/files/${file}`)).status;
    expect([await statusFor(old), await statusFor(old, stranger)]).toEqual([200, 200]);
    expect([await statusFor(fresh?.file ?? ''), await statusFor(fresh?.file ?? '', stranger)]).toEqual([404, 404]);
    expect([await statusFor(fresh?.file ?? '', colleague), await statusFor(fresh?.file ?? '', curator)]).toEqual([
      200, 200,
    ]);
    expect(await accept(submission)).toBe('accepted');
    expect(await statusFor(fresh?.file ?? '')).toBe(200);
  });
});

it('sweeps bytes of sheets that no row names, once they are old', async () => {
  const id = await open();
  await put(id, 'sample.tsv', samples(leaf(newName())));
  await parts.blobs.put(`sheets/${id}/orphan`, [Buffer.from('x')] as never);
  const keys = async () => {
    const found: string[] = [];
    for await (const { key } of parts.blobs.list('sheets')) if (key.includes(id)) found.push(key);
    return found;
  };
  const run = async (at: Date) => {
    parts.clock.at = at;
    await sql`select graphile_worker.add_job('submission.sweep', '{}')`.execute(parts.pool.db);
    await runJobs(parts).finally(() => (parts.clock.at = undefined));
  };
  await run(new Date());
  expect(await keys()).toHaveLength(2);
  await run(new Date(Date.now() + 25 * 3_600_000));
  expect(await keys()).toHaveLength(1);
  expect((await call(submitter, 'GET', `/submissions/${id}`)).body.sheets).toHaveLength(1);
});

describe('rules that need the archive', () => {
  const sheetOf = (rows: object[]) => JSON.stringify({ records: rows });
  const attributes = { organism: 'Oryza sativa', collection_date: '2024', geo_loc_name: 'China' };
  const sample = (alias: string, more: object = {}) => ({
    type: 'sample',
    alias,
    title: 'Leaf',
    attributes: { ...attributes, isolate: alias },
    references: [],
    files: [],
    ...more,
  });
  const found = async (id: string, rows: object[]) => {
    const { body } = await put(id, 'all.json', sheetOf(rows));
    return (body.findings as FindingView[]).filter(({ code }) => code.startsWith('GW6')).map(({ code }) => code);
  };
  const checks = async (id: string) => {
    await submit(id);
    await runJobs(parts);
    return (await codes(id, '&source=check&level=error')).filter((code) => code.startsWith('GW6'));
  };
  const acceptedStudy = async (tables: StudyTables) => {
    const id = await checked(tables);
    const { etag } = await call(curator, 'GET', `/review/${id}`);
    await call(curator, 'POST', `/review/${id}/accept`, {}, { 'if-match': etag });
    return Object.fromEntries(
      (await call(submitter, 'GET', `/submissions/${id}/objects?limit=200`)).body.items.map(
        (entry: { alias: string; accession: string }) => [entry.alias, entry.accession],
      ),
    ) as Record<string, string>;
  };

  it('GW6001, GW6002, GW6004: accessions that are not the row’s own, and objects that are gone', async () => {
    const name = newName();
    const accessions = await acceptedStudy(studyTables(name, 2));
    const own = accessions[`${name}-s1`] ?? '';
    const id = await open();
    expect(await found(id, [sample(`${name}-s1`, { accession: own })])).toEqual([]);
    expect(await found(id, [sample(`${name}-new`, { accession: 'GWS9999999' })])).toEqual(['GW6001']);
    expect(await found(id, [sample(`${name}-s2`, { accession: own })])).toEqual(['GW6002']);
    const theirs = await open(stranger);
    const reply = await put(theirs, 'all.json', sheetOf([sample(`${name}-s1`, { accession: own })]), stranger);
    expect(reply.body.counts.codes).toMatchObject({ GW6001: 1 });
    await sql`update object set status = 'withdrawn' where accession = ${own}`.execute(parts.pool.db);
    expect(await found(id, [sample(`${name}-s1`)])).toEqual(['GW6004']);
  });

  it('GW6007: what a SUBMISSION document orders is not carried out', async () => {
    const id = await open();
    const xml = (action: string) =>
      `<SUBMISSION_SET><SUBMISSION alias="x"><ACTIONS><ACTION>${action}</ACTION></ACTIONS></SUBMISSION></SUBMISSION_SET>`;
    const { body } = await put(id, 'submission.xml', xml('<RELEASE target="ERP000001"/>'));
    expect(body.counts.codes).toMatchObject({ GW6007: 1 });
    expect((await put(id, 'sample.json', sheetOf([sample(newName())]))).body.counts.codes['GW6007']).toBeUndefined();
  });

  it('GW6008: a sheet with errors is not sent on, one without is', async () => {
    const name = newName();
    const id = await open();
    await put(id, 'all.json', sheetOf([sample(name, { attributes: { ...attributes, collection_date: '2024-13' } })]));
    expect(await checks(id)).toEqual(['GW6008']);
    await put(id, 'all.json', sheetOf([sample(name)]));
    expect(await checks(id)).toEqual([]);
  });

  it('GW6102, GW6103, GW6106: files under way, faulty, and held by another object', async () => {
    const name = newName();
    const tables = studyTables(name, 1);
    const [first = '', second = ''] = [...tables.files.keys()];
    const id = await open();
    await sendTables(id, tables);
    await upload(tables.files);
    const state = (file: string, to: string) =>
      sql`update file set state = ${to} where name = ${file}`.execute(parts.pool.db);
    await state(first, 'checking');
    await state(second, 'faulty');
    expect((await checks(id)).toSorted()).toEqual(['GW6102', 'GW6103']);
    await state(first, 'stored');
    await state(second, 'stored');
    await sql`update file set claim_kind = 'object', claim_id = ${id} where name = ${first}`.execute(parts.pool.db);
    expect(await checks(id)).toEqual(['GW6106']);
    await sql`update file set claim_kind = null, claim_id = null where name = ${first}`.execute(parts.pool.db);
    expect(await checks(id)).toEqual([]);
  });

  it('GW6201: data hang on objects of one’s own; what others published can be derived from', async () => {
    const name = newName();
    const accessions = await acceptedStudy(studyTables(name, 1));
    const [project = '', parent = ''] = [accessions[`${name}-p`], accessions[`${name}-s1`]];
    const id = await open(stranger);
    const send = (relation: string, type: string, target: string) =>
      put(id, 'all.json', sheetOf([sample(`${name}-mine`, { references: [{ relation, type, target }] })]), stranger);
    const errors = async () => {
      await submit(id, stranger);
      await runJobs(parts);
      const page = await call(stranger, 'GET', `/submissions/${id}/findings?source=check&level=error`);
      return page.body.items.map((finding: FindingView) => finding.code);
    };
    await send('part_of', 'project', project);
    expect(await errors()).toEqual(['GW6201']);
    await send('derived_from', 'project', parent);
    expect(await errors()).toEqual(['GW2004']);
    await send('derived_from', 'sample', parent);
    expect(await errors()).toEqual([]);
  });
});
