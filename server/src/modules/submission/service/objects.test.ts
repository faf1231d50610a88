import type { ArchiveObject, ChangedObjects, ObjectGraph, ObjectVersion } from '@geneward/api';
import type { ArchiveRecord } from '@geneward/metadata';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { callerOf, inReview, reviewServer, studyRecords, type Study } from '../../../../test/studies.ts';
import type { Server } from '../../../platform/http.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let submitter: TestPerson;
let curator: TestPerson;
let stranger: TestPerson;

beforeAll(async () => {
  parts = await testParts();
  ({ server } = await reviewServer(parts));
  call = callerOf(server);
  submitter = await person(parts, { roles: ['submitter'] });
  curator = await person(parts, { roles: ['curator'] });
  stranger = await person(parts, { roles: ['submitter', 'reader'] });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

let names = 0;

async function accept(study: Study): Promise<void> {
  const { etag } = await call(curator, 'GET', `/review/${study.submission}`);
  const reply = await call(curator, 'POST', `/review/${study.submission}/accept`, {}, { 'if-match': etag });
  expect(reply).toMatchObject({ status: 200, body: { status: 'accepted' } });
}

/** An accepted study; gives the accession of each of its objects by the last part of the alias (`p`, `s1`, `x1`, `r1` …). */
async function accepted(
  samples = 1,
  given: Parameters<typeof inReview>[3] = {},
  change: (record: ArchiveRecord) => ArchiveRecord = (record) => record,
  by = submitter,
): Promise<Record<string, string>> {
  const study = await inReview(parts, by, studyRecords(`o${(names += 1)}`, samples).map(change), given);
  await accept(study);
  const { rows } = await sql<{ alias: string; accession: string }>`
    select alias, accession from object where submission_id = ${study.submission}`.execute(parts.pool.db);
  return Object.fromEntries(rows.map((row) => [row.alias.split('-').at(-1)!, row.accession]));
}

const read = async (name: string, who?: TestPerson) => call(who, 'GET', `/objects/${name}`);
const statusOf = async (name: string) => (await read(name, submitter)).body.status as string;

async function act(who: TestPerson, method: 'POST' | 'PUT' | 'DELETE', name: string, what: string, body?: object) {
  const { etag } = await read(name, submitter);
  return call(who, method, `/objects/${name}/${what}`, body, { 'if-match': etag });
}

const future = '2027-06-01';
beforeAll(() => void (parts.clock.at = new Date('2026-11-22T10:00:00Z')));

describe('reading', () => {
  it('finds a released object by accession and by id, for anybody', async () => {
    const of = await accepted();
    const byAccession = (await read(of['s1']!)).body as ArchiveObject;
    expect(byAccession).toMatchObject({
      type: 'sample',
      accession: of['s1'],
      status: 'released',
      version: 1,
      content: { title: 'Leaf 1', attributes: { tissue: 'leaf', depth: '1' } },
    });
    expect((await read(byAccession.id)).body).toEqual(byAccession);
    const run = (await read(of['r1']!)).body as ArchiveObject;
    expect(run.content?.references).toEqual([{ relation: 'part_of', type: 'experiment', target: of['x1'] }]);
    expect(run.content?.files).toMatchObject([{ format: 'fastq', md5: '1'.padStart(32, '0') }]);
  });

  it('hides what is held, private or absent alike', async () => {
    const held = await accepted(1, { releaseOn: future });
    const secret = await accepted(1, { manner: 'private' });
    for (const name of [held['s1']!, secret['s1']!, 'GWS9999999', '0190f7a0-0000-7000-8000-000000000000'])
      for (const who of [undefined, stranger]) {
        for (const what of ['', '/versions', '/history', '/graph', '/diff?from=1&to=1'])
          expect((await call(who, 'GET', `/objects/${name}${what}`)).status).toBe(404);
      }
    expect((await read(held['s1']!, submitter)).status).toBe(200);
    expect((await read(held['s1']!, curator)).status).toBe(200);
  });
});

describe('release', () => {
  it('takes along what a run stands on and nothing that stands on it', async () => {
    const of = await accepted(2, { releaseOn: future });
    const reply = await act(submitter, 'POST', of['r1']!, 'release', {});
    expect((reply.body as ChangedObjects).objects.map((one) => one.accession)).toEqual([
      of['p'],
      of['s1'],
      of['x1'],
      of['r1'],
    ]);
    expect(await statusOf(of['s2']!)).toBe('held');
    expect((await act(submitter, 'POST', of['r1']!, 'release', {})).body.count).toBe(0);
  });

  it('releases a whole study from its project', async () => {
    const of = await accepted(2, { releaseOn: future });
    expect((await act(submitter, 'POST', of['p']!, 'release', { below: true })).body.count).toBe(7);
    expect(await statusOf(of['s2']!)).toBe('released');
  });

  it('does not take an umbrella along', async () => {
    const umbrella = await accepted(0, { releaseOn: future });
    const of = await accepted(1, { releaseOn: future }, (record) =>
      record.type === 'project'
        ? { ...record, references: [{ relation: 'part_of', type: 'project', target: umbrella['p']! }] }
        : record,
    );
    expect((await act(submitter, 'POST', of['p']!, 'release', {})).body.count).toBe(1);
    expect(await statusOf(umbrella['p']!)).toBe('held');
    expect((await act(submitter, 'POST', umbrella['p']!, 'release', { below: true })).body.count).toBe(4);
  });

  it('is refused with the list of what is in the way, and leaves an event', async () => {
    const others = await accepted(1, { releaseOn: future }, undefined, stranger);
    const of = await accepted(1, { releaseOn: future }, (record) =>
      record.type === 'experiment'
        ? {
            ...record,
            references: [record.references[0]!, { relation: 'derived_from', type: 'sample', target: others['s1']! }],
          }
        : record,
    );
    const reply = await act(submitter, 'POST', of['r1']!, 'release', {});
    expect(reply.body).toMatchObject({
      code: 'release_blocked',
      status: 409,
      issues: [{ path: others['s1'], message: 'held' }],
    });
    expect(await statusOf(of['x1']!)).toBe('held');
    const { rows } = await sql`select content from audit_event
      where type = 'object.release_refused' and object_accession = ${of['r1']}`.execute(parts.pool.db);
    expect(rows).toEqual([{ content: { code: 'release_blocked', blocking: [others['s1']] } }]);
    const secret = await accepted(1, { manner: 'private' });
    expect((await act(submitter, 'POST', secret['r1']!, 'release', {})).body.code).toBe('release_of_private');
  });

  it('is for the owner and curators, with the right token and version', async () => {
    const of = await accepted(1, { releaseOn: future });
    const reader = await person(parts, {
      roles: ['submitter'],
      organisation: submitter.organisation,
      scopes: ['read'],
    });
    const url = `/objects/${of['r1']}/release`;
    expect((await call(stranger, 'POST', url, {}, { 'if-match': '*' })).status).toBe(404);
    expect((await call(reader, 'POST', url, {}, { 'if-match': '*' })).status).toBe(403);
    expect((await call(submitter, 'POST', url, {})).status).toBe(428);
    expect((await call(submitter, 'POST', url, {}, { 'if-match': '"0"' })).status).toBe(412);
  });

  it('comes at once when a publication cites a project, with the whole study', async () => {
    const of = await accepted(2, { releaseOn: future, manner: 'controlled' });
    const cite = () => call(curator, 'POST', `/objects/${of['p']}/citations`, { doi: '10.1000/XYZ.1' });
    expect((await cite()).body.count).toBe(7);
    expect((await cite()).body.count).toBe(0);
    expect((await read(of['p']!)).body).toMatchObject({ status: 'released', citedBy: ['10.1000/xyz.1'] });
    expect((await call(curator, 'POST', `/objects/${of['p']}/citations`, { doi: 'nature' })).status).toBe(422);
  });
});

describe('the hold', () => {
  it('moves within the horizon, for one object or a study', async () => {
    const of = await accepted(1, { releaseOn: future });
    expect((await act(submitter, 'PUT', of['s1']!, 'release-date', { releaseOn: '2027-01-01' })).body.count).toBe(1);
    expect(
      (await act(submitter, 'PUT', of['p']!, 'release-date', { releaseOn: '2028-01-01', below: true })).body.count,
    ).toBe(4);
    expect((await read(of['r1']!, submitter)).body.releaseOn).toBe('2028-01-01');
    expect((await act(submitter, 'PUT', of['s1']!, 'release-date', { releaseOn: '2026-11-21' })).body.code).toBe(
      'release_in_past',
    );
    expect((await act(submitter, 'PUT', of['s1']!, 'release-date', { releaseOn: '2029-01-01' })).body.code).toBe(
      'release_too_late',
    );
    expect((await act(curator, 'PUT', of['s1']!, 'release-date', { releaseOn: future })).status).toBe(403);
  });

  it('of a study moves what is still held of it', async () => {
    const of = await accepted(2, { releaseOn: future });
    await act(submitter, 'POST', of['r1']!, 'release', {});
    const moved = await act(submitter, 'PUT', of['p']!, 'release-date', { releaseOn: '2027-09-01', below: true });
    expect(moved.body.objects.map((one: { accession: string }) => one.accession)).toEqual([
      of['s2'],
      of['x2'],
      of['r2'],
    ]);
  });

  it('ends with release', async () => {
    const of = await accepted();
    expect((await act(submitter, 'PUT', of['s1']!, 'release-date', { releaseOn: future })).body).toMatchObject({
      code: 'transition_refused',
      place: { object: of['s1'] },
    });
  });
});

describe('the manner of access', () => {
  it('is free while held and only widens after release', async () => {
    const of = await accepted(1, { manner: 'private' });
    const change = (manner: string) => act(submitter, 'PUT', of['p']!, 'manner', { manner, reason: 'consent' });
    expect((await change('public')).status).toBe(200);
    expect((await change('controlled')).body.count).toBe(1);
    await act(submitter, 'POST', of['p']!, 'release', {});
    expect((await change('private')).body.code).toBe('manner_narrowed');
    expect((await change('public')).body.count).toBe(1);
    expect((await change('public')).body.count).toBe(0);
  });
});

describe('suppression', () => {
  it('is a curator’s, keeps the object readable by accession, and can be undone', async () => {
    const of = await accepted();
    expect((await act(submitter, 'POST', of['s1']!, 'suppression', { reason: 'mixed up' })).status).not.toBe(200);
    const reply = await act(curator, 'POST', of['p']!, 'suppression', { reason: 'mixed up', below: true });
    expect(reply.body.count).toBe(3);
    expect((await read(of['r1']!)).body).toMatchObject({
      status: 'suppressed',
      suppressed: { reason: 'mixed up' },
      content: { files: [{ format: 'fastq' }] },
    });
    expect((await act(curator, 'DELETE', of['r1']!, 'suppression')).body.count).toBe(1);
    expect((await read(of['r1']!)).body).toMatchObject({ status: 'released' });
    const { rows } =
      await sql`select type from notice where person_id = ${submitter.id} and object_accession = ${of['r1']}
      order by id`.execute(parts.pool.db);
    expect(rows).toEqual([{ type: 'object.restored' }]);
  });
});

describe('withdrawal', () => {
  it('leaves a tombstone with who, when, why and what replaces it', async () => {
    const old = await accepted();
    const fresh = await accepted();
    const reply = await act(curator, 'POST', old['r1']!, 'withdrawal', {
      reason: 'wrong sample',
      replacedBy: [fresh['r1']],
    });
    expect(reply.body).toMatchObject({ count: 1, objects: [{ status: 'withdrawn' }] });
    const grave = (await read(old['r1']!)).body as ArchiveObject;
    expect(grave).toMatchObject({
      accession: old['r1'],
      status: 'withdrawn',
      tombstone: { by: curator.id, reason: 'wrong sample', replacedBy: [fresh['r1']] },
    });
    expect(grave.content).toBeUndefined();
    expect((await read(old['r1']!, submitter)).body.content).toBeDefined();
    expect((await read(fresh['r1']!)).body.replaces).toEqual([old['r1']]);
    expect((await call(undefined, 'GET', `/objects/${old['r1']}/history`)).body.items[0]).toMatchObject({
      act: 'withdraw',
      from: 'released',
      to: 'withdrawn',
      by: curator.id,
    });
    expect((await call(undefined, 'GET', `/objects/${old['r1']}/versions`)).status).toBe(404);
    expect((await act(curator, 'POST', old['r1']!, 'withdrawal', { reason: 'again' })).body.code).toBe(
      'transition_refused',
    );
  });

  it('is refused while others stand on the object, unless they go as well', async () => {
    const of = await accepted();
    const alone = await act(curator, 'POST', of['s1']!, 'withdrawal', { reason: 'no consent' });
    expect(alone.body).toMatchObject({ code: 'objects_depend', issues: [{ path: of['x1'] }, { path: of['r1'] }] });
    const together = await act(curator, 'POST', of['s1']!, 'withdrawal', { reason: 'no consent', below: true });
    expect(together.body.count).toBe(3);
    expect(await statusOf(of['p']!)).toBe('released');
  });

  it('of what nobody has seen leaves nothing for the public', async () => {
    const of = await accepted(1, { releaseOn: future });
    expect((await act(submitter, 'POST', of['r1']!, 'withdrawal', { reason: 'not needed' })).status).toBe(200);
    expect((await read(of['r1']!)).status).toBe(404);
    expect((await read(of['r1']!, submitter)).body.tombstone.reason).toBe('not needed');
  });

  it('takes replacements of the same type and owner only', async () => {
    const of = await accepted();
    const others = await accepted(1, {}, undefined, stranger);
    for (const target of [of['x1'], of['r1'], others['r1'], 'GWR9999999'])
      expect(
        (await act(curator, 'POST', of['r1']!, 'withdrawal', { reason: 'x', replacedBy: [target] })).body.code,
      ).toBe('replacement_unknown');
    expect(await statusOf(of['r1']!)).toBe('released');
  });

  it('of a released object is not the submitter’s', async () => {
    const of = await accepted();
    expect((await act(submitter, 'POST', of['r1']!, 'withdrawal', { reason: 'x' })).body.code).toBe(
      'transition_refused',
    );
    expect((await act(stranger, 'POST', of['r1']!, 'withdrawal', { reason: 'x' })).body.code).toBe('forbidden');
  });
});

describe('revision', () => {
  async function sendIn(submission: string): Promise<Study> {
    await sql`update submission set status = 'in_review', submitted_at = ${parts.now()} where id = ${submission}`.execute(
      parts.pool.db,
    );
    return { submission, ids: new Map() };
  }

  it('is a proposal that only its owner sees until it is accepted; then old and new can be compared', async () => {
    const of = await accepted();
    const proposed = await act(submitter, 'POST', of['s1']!, 'revisions', {
      reason: 'tissue was wrong',
      title: 'Root 1',
      attributes: { tissue: 'root', depth: null, cultivar: '日本晴' },
    });
    expect(proposed).toMatchObject({
      status: 201,
      body: {
        version: 2,
        changes: [
          { path: 'attributes.cultivar', change: 'added', after: '日本晴' },
          { path: 'attributes.depth', change: 'removed', before: '1' },
          { path: 'attributes.tissue', change: 'changed', before: 'leaf', after: 'root' },
          { path: 'title', change: 'changed', before: 'Leaf 1', after: 'Root 1' },
        ],
      },
    });
    expect((await read(of['s1']!)).body).toMatchObject({ version: 1, content: { title: 'Leaf 1' } });
    expect((await call(undefined, 'GET', `/objects/${of['s1']}?version=2`)).status).toBe(404);
    expect((await call(undefined, 'GET', `/objects/${of['s1']}/diff?from=1&to=2`)).status).toBe(404);
    expect((await call(undefined, 'GET', `/objects/${of['s1']}/versions`)).body.items).toHaveLength(1);
    expect((await call(submitter, 'GET', `/objects/${of['s1']}/versions`)).body.items[0]).toMatchObject({
      version: 2,
      standing: 'proposed',
      reason: 'tissue was wrong',
    });
    await accept(await sendIn(proposed.body.submission));
    expect((await read(of['s1']!)).body).toMatchObject({
      version: 2,
      status: 'released',
      content: { title: 'Root 1' },
    });
    expect((await call(undefined, 'GET', `/objects/${of['s1']}?version=1`)).body.content.title).toBe('Leaf 1');
    const versions = (await call(undefined, 'GET', `/objects/${of['s1']}/versions`)).body.items as ObjectVersion[];
    expect(versions.map((one) => [one.version, one.standing])).toEqual([
      [2, 'current'],
      [1, 'past'],
    ]);
    expect((await call(undefined, 'GET', `/objects/${of['s1']}/diff?from=1&to=2`)).body.changes).toEqual(
      proposed.body.changes,
    );
    const { rows } =
      await sql`select content from audit_event where type = 'object.revised' and object_accession = ${of['s1']}`.execute(
        parts.pool.db,
      );
    expect(rows).toMatchObject([{ content: { version: 2, previous: 1, changed: expect.arrayContaining(['title']) } }]);
  });

  it('is one at a time, changes something, and is not for others', async () => {
    const of = await accepted();
    const revise = (who: TestPerson, body: object) =>
      act(who, 'POST', of['r1']!, 'revisions', { reason: 'better', ...body });
    expect((await revise(submitter, { attributes: {} })).body.code).toBe('revision_changes_nothing');
    expect((await revise(stranger, { title: 'Mine' })).status).toBe(403);
    const first = await revise(submitter, { files: [{ name: 'new.fq.gz', format: 'fastq' }] });
    expect(first.body.changes.map((one: { change: string }) => one.change).toSorted()).toEqual(['added', 'removed']);
    expect((await revise(submitter, { title: 'Second' })).body).toMatchObject({ code: 'revision_open' });
    expect((await revise(submitter, { title: 'x', submission: '0190f7a0-0000-7000-8000-000000000000' })).status).toBe(
      404,
    );
  });

  it('joins a draft of the same organisation', async () => {
    const of = await accepted();
    const one = await act(submitter, 'POST', of['s1']!, 'revisions', { reason: 'a', title: 'A' });
    const two = await act(submitter, 'POST', of['x1']!, 'revisions', {
      reason: 'b',
      title: 'B',
      submission: one.body.submission,
    });
    expect(two.body.submission).toBe(one.body.submission);
    await accept(await sendIn(one.body.submission));
    expect((await read(of['x1']!)).body).toMatchObject({ version: 2, content: { title: 'B' } });
  });

  it('keeps the bytes of files that it names as before, and awaits those that it changes', async () => {
    const bytes = '0190f7a0-0000-7000-8000-0000000000ff';
    const arrive = (name: string) =>
      sql`update object_file set file_id = ${bytes} where object_id = (select id from object where accession = ${name})`.execute(
        parts.pool.db,
      );
    const fileOf = async (name: string) =>
      (await call(submitter, 'GET', `/objects/${name}?version=2`)).body.content.files[0];
    const same = await accepted();
    await arrive(same['r1']!);
    await act(submitter, 'POST', same['r1']!, 'revisions', { reason: 'title', title: 'Lane 1' });
    expect((await fileOf(same['r1']!)).id).toBe(bytes);
    const other = await accepted();
    await arrive(other['r1']!);
    const [file] = ((await read(other['r1']!)).body as ArchiveObject).content!.files;
    const files = [{ name: file!.name, format: file!.format, md5: 'f'.repeat(32) }];
    const revised = await act(submitter, 'POST', other['r1']!, 'revisions', { reason: 'truncated', files });
    expect(revised.body.changes).toMatchObject([{ path: `files.${file!.name}`, change: 'changed' }]);
    expect(await fileOf(other['r1']!)).toEqual(files[0]);
  });

  it('by a colleague is told to the owner, and always has a reason', async () => {
    const colleague = await person(parts, { roles: ['submitter'], organisation: submitter.organisation });
    const of = await accepted();
    const one = await act(colleague, 'POST', of['s1']!, 'revisions', { reason: 'a', title: 'A' });
    await sql`update object_version set reason = '' where submission_id = ${one.body.submission}`.execute(
      parts.pool.db,
    );
    await accept(await sendIn(one.body.submission));
    const [newest] = (await call(undefined, 'GET', `/objects/${of['s1']}/versions`)).body.items as ObjectVersion[];
    expect(newest).toMatchObject({ version: 2, by: colleague.id, reason: expect.stringContaining(of['s1']!) });
    const { rows } = await sql`select type from notice
      where person_id = ${submitter.id} and object_accession = ${of['s1']}`.execute(parts.pool.db);
    expect(rows).toEqual([{ type: 'object.revised' }]);
  });

  it('of what was withdrawn meanwhile is not accepted', async () => {
    const of = await accepted();
    const one = await act(submitter, 'POST', of['r1']!, 'revisions', { reason: 'a', title: 'A' });
    await act(curator, 'POST', of['r1']!, 'withdrawal', { reason: 'gone' });
    const study = await sendIn(one.body.submission);
    const { etag } = await call(curator, 'GET', `/review/${study.submission}`);
    const reply = await call(curator, 'POST', `/review/${study.submission}/accept`, {}, { 'if-match': etag });
    expect(reply.body.code).toBe('transition_refused');
  });
});

describe('lineage', () => {
  it('leads from a sample down to its runs and up to their project, not to its siblings', async () => {
    const of = await accepted(3);
    const graph = (await call(undefined, 'GET', `/objects/${of['s2']}/graph`)).body as ObjectGraph;
    const named = new Map(graph.nodes.map((node) => [node.id, node.accession]));
    expect(new Set(named.values())).toEqual(new Set([of['p'], of['s2'], of['x2'], of['r2']]));
    expect(graph.edges.map((edge) => [named.get(edge.from), edge.relation, named.get(edge.to)])).toEqual(
      expect.arrayContaining([
        [of['x2'], 'derived_from', of['s2']],
        [of['x2'], 'part_of', of['p']],
        [of['r2'], 'part_of', of['x2']],
      ]),
    );
    expect(graph.truncated).toBe(false);
  });

  it('shows the whole study of a project, within the limit', async () => {
    const of = await accepted(3);
    const whole = (await call(undefined, 'GET', `/objects/${of['p']}/graph`)).body as ObjectGraph;
    expect(whole.nodes).toHaveLength(10);
    const some = (await call(undefined, 'GET', `/objects/${of['p']}/graph?limit=4`)).body as ObjectGraph;
    expect(some).toMatchObject({ truncated: true });
    expect(some.nodes).toHaveLength(4);
    const near = (await call(undefined, 'GET', `/objects/${of['p']}/graph?depth=1`)).body as ObjectGraph;
    expect(near.nodes.map((node) => node.type).toSorted()).toEqual([
      'experiment',
      'experiment',
      'experiment',
      'project',
      'sample',
      'sample',
      'sample',
    ]);
  });

  it('never walks through what the reader may not see', async () => {
    const of = await accepted(2, { releaseOn: future });
    await act(submitter, 'POST', of['r1']!, 'release', {});
    const graph = (await call(stranger, 'GET', `/objects/${of['p']}/graph`)).body as ObjectGraph;
    expect(new Set(graph.nodes.map((node) => node.accession))).toEqual(
      new Set([of['p'], of['s1'], of['x1'], of['r1']]),
    );
    expect((await call(submitter, 'GET', `/objects/${of['p']}/graph`)).body.nodes).toHaveLength(7);
  });

  it('lists what stands on an object page by page, of a type, with files', async () => {
    const of = await accepted(3);
    const below = async (name: string, query: string) => {
      const found: string[] = [];
      for (let after = ''; ;) {
        const { status, body } = await call(undefined, 'GET', `/objects/${name}/below?limit=2${query}${after}`);
        expect(status).toBe(200);
        const page = body as { items: ObjectGraph['nodes']; next?: string };
        expect(page.items.length).toBeLessThanOrEqual(2);
        found.push(...page.items.map((one) => one.accession!));
        if (page.next === undefined) return found.toSorted();
        after = `&after=${page.next}`;
      }
    };
    const sorted = (...names: string[]) => names.map((name) => of[name]!).toSorted();
    expect(await below(of['p']!, '&type=run')).toEqual(sorted('r1', 'r2', 'r3'));
    expect(await below(of['p']!, '&files=true')).toEqual(sorted('r1', 'r2', 'r3'));
    expect(await below(of['p']!, '')).toEqual(sorted('x1', 'x2', 'x3', 'r1', 'r2', 'r3'));
    expect(await below(of['s2']!, '')).toEqual(sorted('x2', 'r2'));
    expect(await below(of['r1']!, '')).toEqual([]);
    expect((await call(undefined, 'GET', `/objects/${of['p']}/below?after=bm8`)).status).toBe(422);
  });

  it('lists nothing that the reader may not see', async () => {
    const of = await accepted(2, { releaseOn: future });
    expect((await call(stranger, 'GET', `/objects/${of['p']}/below`)).status).toBe(404);
    await act(submitter, 'POST', of['r1']!, 'release', {});
    const seen = async (who?: TestPerson) => {
      const { body } = await call(who, 'GET', `/objects/${of['p']}/below`);
      return (body as { items: ObjectGraph['nodes'] }).items.map((one) => one.accession);
    };
    expect(new Set(await seen())).toEqual(new Set([of['x1'], of['r1']]));
    expect(await seen(submitter)).toHaveLength(4);
  });
});
