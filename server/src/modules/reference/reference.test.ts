import { gzipSync } from 'node:zlib';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ChecklistBrief, TaxonView } from '@geneward/api';
import { ruleCatalogue } from '@geneward/api';
import { readSubmission, vocabularies } from '@geneward/metadata';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, testServer, type TestPerson } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { runJobs } from '../../../test/run-jobs.ts';
import { senderOf } from '../../../test/sheets.ts';
import { callerOf } from '../../../test/studies.ts';
import type { Server } from '../../platform/http.ts';
import { readTar, TarProblem } from './tar.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let send: ReturnType<typeof senderOf>;
let curator: TestPerson;
let submitter: TestPerson;
let administrator: TestPerson;

beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
  call = callerOf(server);
  send = senderOf(server);
  curator = await person(parts, { roles: ['curator'] });
  submitter = await person(parts, { roles: ['submitter'] });
  administrator = await person(parts, { roles: ['system_administrator'] });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const bytesOf = async (url: string) => {
  const reply = await server.inject({ url: `/api/v1${url}` });
  expect(reply.statusCode).toBe(200);
  return reply.rawPayload;
};

describe('what input is judged by', () => {
  it('is open to everybody: rules, vocabularies, checklists, JSON Schema', async () => {
    const rules = (await call(undefined, 'GET', '/rules')).body.items;
    expect(rules).toHaveLength(ruleCatalogue.size);
    expect((await call(undefined, 'GET', '/rules/GW6101')).body.message.zh).toMatch(/尚未上传/);
    expect((await call(undefined, 'GET', '/rules/GW9999')).status).toBe(404);
    for (const { name, terms } of vocabularies)
      expect((await call(undefined, 'GET', `/vocabularies/${name}`)).body.terms).toHaveLength(terms.length);
    const checklists: ChecklistBrief[] = (await call(undefined, 'GET', '/checklists?object=sample')).body.items;
    expect(checklists.length).toBeGreaterThan(12);
    for (const { id } of checklists) {
      expect((await call(undefined, 'GET', `/checklists/${id}`)).body.id).toBe(id);
      expect((await call(undefined, 'GET', `/checklists/${id}/schema`)).body).toHaveProperty('properties');
    }
  });

  it('comes as templates that read back as empty', async () => {
    for (const template of ['study.xlsx', 'GWC-plant.xlsx', 'GWC-human.tsv']) {
      const bytes = await bytesOf(`/templates/${template}?lang=zh`);
      const items = await Array.fromAsync(readSubmission([{ name: template, bytes }]));
      expect(items.filter((item) => 'record' in item)).toEqual([]);
      expect(
        items.flatMap((item) => ('finding' in item && item.finding.level === 'error' ? item.finding.code : [])),
      ).toEqual([]);
    }
    expect((await server.inject({ url: '/api/v1/templates/nothing.xlsx' })).statusCode).toBe(404);
    expect((await server.inject({ url: '/api/v1/templates/..%2f..%2fetc%2fpasswd' })).statusCode).toBe(404);
  });
});

describe('import of checklists', () => {
  const folder = fileURLToPath(new URL('../../../../../shared/data/checklists/ena/', import.meta.url));
  const present = existsSync(folder);
  if (!present && process.env['CI'] === 'true') throw new Error(`the real data are missing: ${folder}`);
  if (!present) console.warn(`skipped: no real data in ${folder}`);

  const post = (who: TestPerson | undefined, bytes: string | Buffer, query = '') =>
    server.inject({
      method: 'POST',
      url: `/api/v1/checklists${query}`,
      headers: { ...who?.headers, 'content-type': 'application/octet-stream' },
      payload: bytes,
    });

  it.runIf(present)('takes every checklist of ENA, once', async () => {
    const own = new Set(
      ((await call(undefined, 'GET', '/checklists')).body.items as ChecklistBrief[]).map(({ id }) => id),
    );
    const files = readdirSync(folder).filter((name) => /^ERC\d+\.xml$/.test(name) && !own.has(name.slice(0, -4)));
    expect(files.length).toBeGreaterThan(30);
    for (const name of files) {
      const bytes = readFileSync(`${folder}${name}`);
      const query = `?id=${name.slice(0, -4)}`;
      expect((await post(curator, bytes, query)).json().imported).toMatchObject([
        { id: name.slice(0, -4), change: 'new' },
      ]);
      expect((await post(curator, bytes, query)).json().imported).toMatchObject([{ change: 'same' }]);
    }
    const now = (await call(undefined, 'GET', '/checklists')).body.items as ChecklistBrief[];
    expect(now.filter(({ builtIn }) => !builtIn)).toHaveLength(files.length);
  });

  it('refuses others, what is no checklist, and the name of a built-in one', async () => {
    expect((await post(submitter, '<a/>')).statusCode).toBe(403);
    expect((await post(undefined, '<a/>')).statusCode).toBe(401);
    expect((await post(curator, '<a/>')).json().code).toBe('checklist_unreadable');
    expect((await post(curator, Buffer.from([0xff, 0xfe, 0x00]))).json().code).toBe('checklist_unreadable');
    const bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">]><CHECKLIST_SET>&x;</CHECKLIST_SET>';
    expect((await post(curator, bomb)).json().code).toBe('checklist_unreadable');
    const taken =
      '<CHECKLIST_SET><CHECKLIST accession="GWC-human" checklistType="Sample"><DESCRIPTOR><LABEL>x</LABEL><NAME>x</NAME></DESCRIPTOR></CHECKLIST></CHECKLIST_SET>';
    expect((await post(curator, taken)).json().code).toBe('checklist_built_in');
  });
});

/** A tar archive of plain files. */
function tar(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const bytes = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(bytes.length.toString(8).padStart(11, '0'), 124);
    header.write('0', 156);
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const dump = {
  'citations.dmp': 'x\t|\n',
  'delnodes.dmp': '77\t|\n',
  'merged.dmp': '88\t|\t4530\t|\n',
  'names.dmp': [
    '1\t|\troot\t|\t\t|\tscientific name\t|',
    '4527\t|\tOryza\t|\t\t|\tscientific name\t|',
    '4530\t|\tOryza sativa\t|\t\t|\tscientific name\t|',
    '4530\t|\tAsian rice\t|\t\t|\tcommon name\t|',
    '4529\t|\tOryza rufipogon\t|\t\t|\tscientific name\t|',
    '',
  ].join('\n'),
  'nodes.dmp': [
    '1\t|\t1\t|\tno rank\t|',
    '4527\t|\t1\t|\tgenus\t|',
    '4530\t|\t4527\t|\tspecies\t|',
    '4529\t|\t4527\t|\tspecies\t|',
    '',
  ].join('\n'),
};

describe('the taxonomy', () => {
  const load = async (bytes: Buffer) => {
    const reply = await send(administrator, '/taxonomy', bytes);
    await runJobs(parts);
    return reply;
  };
  const suggest = async (name: string): Promise<TaxonView[]> =>
    (await call(undefined, 'GET', `/taxonomy/suggestions?name=${encodeURIComponent(name)}`)).body.items;

  it('is the built-in one at first', async () => {
    expect((await call(undefined, 'GET', '/taxonomy')).body.source).toBe('built_in');
    expect((await call(undefined, 'GET', '/taxonomy/taxa/9606')).body).toMatchObject({
      name: 'Homo sapiens',
      submittable: true,
    });
    expect((await suggest('Homo sapeins')).map(({ id }) => id)).toContain(9606);
  });

  it('is loaded from a taxdump, at one stroke, and replaced by the next', async () => {
    expect((await load(gzipSync(tar(dump)))).status).toBe(202);
    expect((await call(undefined, 'GET', '/taxonomy')).body).toMatchObject({
      source: 'taxdump',
      taxa: 4,
      load: { state: 'loaded' },
    });
    expect((await call(undefined, 'GET', '/taxonomy/taxa/88')).body).toMatchObject({
      id: 4530,
      commonNames: ['Asian rice'],
      lineage: [{ name: 'root' }, { name: 'Oryza' }, { name: 'Oryza sativa' }],
    });
    expect((await call(undefined, 'GET', '/taxonomy/taxa/9606')).status).toBe(404);
    expect((await suggest('oryz')).map(({ name }) => name)).toEqual(['Oryza sativa', 'Oryza rufipogon', 'Oryza']);
    expect((await suggest('Oryza satvia'))[0]?.name).toBe('Oryza sativa');
    await load(
      gzipSync(
        tar({
          ...dump,
          'names.dmp': `${dump['names.dmp']}9606\t|\tHomo sapiens\t|\t\t|\tscientific name\t|\n`,
          'nodes.dmp': `${dump['nodes.dmp']}9606\t|\t1\t|\tspecies\t|\n`,
        }),
      ),
    );
    expect((await call(undefined, 'GET', '/taxonomy')).body.taxa).toBe(5);
    const { rows } = await sql<{ n: number }>`select count(distinct release_id)::int as n from taxon`.execute(
      parts.pool.db,
    );
    expect(rows).toEqual([{ n: 1 }]);
    const left: string[] = [];
    for await (const { key } of parts.blobs.list('taxdumps')) left.push(key);
    expect(left).toEqual([]);
  });

  it('judges the organisms of a sheet', async () => {
    const id = (await call(submitter, 'POST', '/submissions', { title: 'x' })).body.id;
    const row = (alias: string, organism: string, taxon: string) =>
      `${alias}\tT\t${organism}\t${taxon}\t2024\tChina\t${alias}\n`;
    const sheet = `alias\ttitle\torganism\ttaxonomy_id\tcollection_date\tgeo_loc_name\tisolate\n${row('a', 'Oryza sativa', '4530')}${row('b', 'Oryza satvia', '')}${row('c', 'Oryza', '')}${row('d', 'Oryza rufipogon', '4530')}${row('e', 'Oryza sativa', '88')}`;
    const { body } = await send(submitter, `/submissions/${id}/sheets/sample.tsv`, sheet);
    const told = body.findings
      .filter((finding: { code: string }) => finding.code.startsWith('GW4'))
      .map((finding: { place: { alias: string }; suggestion?: string }) => [finding.place.alias, finding.suggestion]);
    expect(told.map(([alias]: [string]) => alias)).toEqual(expect.arrayContaining(['b', 'c', 'd', 'e']));
    expect(told.map(([alias]: [string]) => alias)).not.toContain('a');
    expect(told).toContainEqual(['b', 'Oryza sativa']);
  });

  it.each([
    ['no gzip', Buffer.from('plain text')],
    ['a gzip that ends early', gzipSync(tar(dump)).subarray(0, 200)],
    ['no tar', gzipSync(Buffer.alloc(2000, 'x'))],
    ['no names', gzipSync(tar({ 'nodes.dmp': dump['nodes.dmp'] }))],
    ['a broken line', gzipSync(tar({ ...dump, 'nodes.dmp': 'what\t|\tis\t|\tthis\t|\n' }))],
  ])('stays as it is after %s', async (_what, bytes) => {
    const before = (await call(undefined, 'GET', '/taxonomy')).body;
    await load(bytes);
    const after = (await call(undefined, 'GET', '/taxonomy')).body;
    expect(after).toMatchObject({ taxa: before.taxa, load: { state: 'failed' } });
    expect((await call(undefined, 'GET', '/taxonomy/taxa/4530')).status).toBe(200);
  });

  it('is loaded by system administrators only', async () => {
    expect((await send(submitter, '/taxonomy', gzipSync(tar(dump)))).status).toBe(403);
  });
});

it('reads tar archives whatever the pieces', async () => {
  const archive = tar({ 'a.txt': 'hello', 'empty.txt': '', 'b.txt': 'x'.repeat(1500) });
  for (const size of [1, 7, 511, 512, 513, 10_000]) {
    const seen: [string, string][] = [];
    for await (const { name, bytes } of readTar(inPieces(archive, size)))
      seen.push([name, Buffer.concat(await Array.fromAsync(bytes)).toString()]);
    expect(seen).toEqual([
      ['a.txt', 'hello'],
      ['empty.txt', ''],
      ['b.txt', 'x'.repeat(1500)],
    ]);
  }
  const names: string[] = [];
  for await (const { name } of readTar(inPieces(archive, 100))) names.push(name);
  expect(names).toEqual(['a.txt', 'empty.txt', 'b.txt']);
  await expect(Array.fromAsync(readTar(inPieces(archive.subarray(0, 514), 100)))).rejects.toThrow(TarProblem);
});

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
