import type { FindingView } from '@geneward/api';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../src/platform/http.ts';
import { person, testServer, type TestPerson } from './builders.ts';
import { testParts, type TestParts } from './parts.ts';
import { runJobs } from './run-jobs.ts';
import { reads, senderOf } from './sheets.ts';
import { callerOf } from './studies.ts';
import { workbookOf } from './zip.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let send: ReturnType<typeof senderOf>;
let submitter: TestPerson;

beforeAll(async () => {
  parts = await testParts({ limits: { sheetRows: 500 } });
  server = await testServer(parts);
  call = callerOf(server);
  send = senderOf(server);
  submitter = await person(parts, { roles: ['submitter'] });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

let names = 0;
const newName = () => `b${(names += 1)}`;
const open = async (who = submitter): Promise<string> =>
  (await call(who, 'POST', '/submissions', { title: 'A study' })).body.id;

/** What was found in a submission, as a reader of a language sees it. */
async function findings(id: string, language: 'en' | 'zh', code?: string): Promise<FindingView[]> {
  const only = code === undefined ? '' : `&code=${code}`;
  const reply = await call(submitter, 'GET', `/submissions/${id}/findings?limit=200${only}`, undefined, {
    'accept-language': language,
  });
  return reply.body.items;
}

const han = /\p{Script=Han}/u;

/** Both languages tell the same codes, each in its own words, and how to mend it. */
function tellsBoth(en: readonly FindingView[], zh: readonly FindingView[], code: string): void {
  const [one, other] = [en, zh].map((list) => list.find((finding) => finding.code === code));
  expect(one?.mend).toMatch(/./);
  expect(other?.message).toMatch(han);
  expect(other?.mend).toMatch(han);
  expect(one?.message).not.toBe(other?.message);
}

const header = 'alias\ttitle\torganism\tcollection_date\tgeo_loc_name\tisolate\n';
const leaf = (alias: string) => `${alias}\tLeaf\tOryza sativa\t2024-05-01\tChina:Hainan\t${alias}\n`;
const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;

describe('a sheet', () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
  it.each<[string, string, () => string | Uint8Array]>([
    [
      'in Latin-1',
      'GW3003',
      () => Uint8Array.from(`${header}S1\tM\u00fcller in G\u00f6ttingen\n`, (sign) => sign.charCodeAt(0)),
    ],
    ['with a cell without end', 'GW3009', () => `${header}S1\t${'x'.repeat(2_000_000)}`],
    [
      'with more rows than the limit',
      'GW3008',
      () => header + Array.from({ length: 501 }, (_, n) => leaf(`r${n}`)).join(''),
    ],
    ['that is a zip bomb', 'GW3007', () => workbookOf(`<row>${cell('alias')}</row>${'<row/>'.repeat(5_000_000)}`)],
    [
      'that is a workbook with entities',
      'GW3070',
      () =>
        workbookOf(`<row>${cell('alias')}</row>`, {
          'xl/workbook.xml': '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook>&x;</workbook>',
        }),
    ],
    [
      'that expands entities',
      'GW3070',
      () =>
        `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">${laughs}]><SAMPLE_SET><SAMPLE alias="&l9;"/></SAMPLE_SET>`,
    ],
    [
      'that names an external entity',
      'GW3070',
      () => '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]><SAMPLE_SET><SAMPLE alias="&x;"/></SAMPLE_SET>',
    ],
    ['that nests without end', 'GW3072', () => '[{"a":'.repeat(50_000)],
    [
      'that names files by a path',
      'GW3060',
      () => 'alias\texperiment\tfile_name\tfile_format\nr1\tx1\t../../etc/passwd\tfastq\n',
    ],
  ])('%s is told as %s in both languages, and takes nothing of the draft away', async (_, code, bytes) => {
    const id = await open();
    const kept = newName();
    expect((await send(submitter, `/submissions/${id}/sheets/kept.tsv`, header + leaf(kept))).body.counts.errors).toBe(
      0,
    );
    const { status, body } = await send(submitter, `/submissions/${id}/sheets/bad`, bytes());
    expect([status, ['reading', 'read', 'failed'].includes(body.state)]).toEqual([200, true]);
    await runJobs(parts);
    tellsBoth(await findings(id, 'en', code), await findings(id, 'zh', code), code);
    const left = (await call(submitter, 'GET', `/submissions/${id}/objects?limit=1&type=sample`)).body.items;
    expect(left).toMatchObject([{ alias: kept }]);
    await call(submitter, 'POST', `/submissions/${id}/submission`);
    await runJobs(parts);
    expect((await call(submitter, 'GET', `/submissions/${id}`)).body.status).toBe('draft');
  });

  it('with a byte order mark, in UTF-8 or UTF-16, is read as if it had none', async () => {
    for (const [index, encode] of [
      (text: string) => Buffer.from(`\ufeff${text}`),
      (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'),
    ].entries()) {
      const id = await open();
      const alias = `${newName()}-样本${index}`;
      const { body } = await send(submitter, `/submissions/${id}/sheets/sample.tsv`, encode(header + leaf(alias)));
      expect(body).toMatchObject({ state: 'read', counts: { errors: 0 }, records: { new: 1 } });
      expect((await call(submitter, 'GET', `/submissions/${id}/objects`)).body.items).toMatchObject([{ alias }]);
    }
  });

  it('over the limit is refused whole, whatever its length claims', async () => {
    const small = await testParts({ limits: { sheetBytes: 10_000 } });
    const tight = await testServer(small);
    try {
      const who = await person(small, { roles: ['submitter'] });
      const id = (await callerOf(tight)(who, 'POST', '/submissions', { title: 'A' })).body.id;
      const refused = await senderOf(tight)(who, `/submissions/${id}/sheets/big.tsv`, 'x'.repeat(20_000));
      expect(refused).toMatchObject({ status: 413, body: { code: 'sheet_too_large' } });
      const keys: string[] = [];
      for await (const { key } of small.blobs.list('sheets')) keys.push(key);
      expect(keys).toEqual([]);
    } finally {
      await tight.close();
      await small.close();
    }
  });
});

describe('a read file', () => {
  it.each<[string, string, string, () => Uint8Array]>([
    ['with unequal lengths', 'a.fastq', 'GW5110', () => Buffer.from('@r1\nACGT\n+\nIII\n')],
    ['cut in the middle of its gzip', 'a.fastq.gz', 'GW5002', () => gzipSync(reads('cut', 1, 3000)).subarray(0, 300)],
    [
      'that is a gzip bomb',
      'bomb.fastq.gz',
      'GW5105',
      () => gzipSync(Buffer.concat([Buffer.from('@r1\n'), Buffer.alloc(100 << 20, 'A')])),
    ],
  ])('%s is kept as faulty, and both languages say why', async (_, name, code, bytes) => {
    const { status, body } = await send(submitter, `/files/${newName()}-${name}`, bytes());
    expect([status, body.state]).toEqual([200, 'faulty']);
    const report = async (language: string): Promise<FindingView[]> =>
      (await call(submitter, 'GET', `/files/${body.id}/report`, undefined, { 'accept-language': language })).body
        .findings;
    const [en, zh] = [await report('en'), await report('zh')];
    expect(en.map((finding) => finding.code)).toContain(code);
    tellsBoth(en, zh, code);
  });
});

describe('an alias of another owner', () => {
  const experiment = (alias: string, project: string, sample: string) =>
    `alias\ttitle\tproject\tsample\tlibrary_name\tlibrary_strategy\tlibrary_source\tlibrary_selection\tlibrary_layout\tplatform\tinstrument_model\n${alias}\tX\t${project}\t${sample}\t${alias}\tWGS\tGENOMIC\tRANDOM\tSINGLE\tILLUMINA\tIllumina NovaSeq 6000\n`;

  it('is not found by a reference, exactly like one that does not exist, and is free to be used', async () => {
    const stranger = await person(parts, { roles: ['submitter'] });
    const [project, sample, none] = [newName(), newName(), newName()];
    const theirs = await open(stranger);
    await send(stranger, `/submissions/${theirs}/sheets/sample.tsv`, header + leaf(sample));
    await send(
      stranger,
      `/submissions/${theirs}/sheets/project.tsv`,
      `alias\ttitle\tsummary\n${project}\tTheirs\tA survey\n`,
    );
    const id = await open();
    await send(submitter, `/submissions/${id}/sheets/experiment.tsv`, experiment(newName(), project, sample));
    await send(submitter, `/submissions/${id}/sheets/other.tsv`, experiment(newName(), none, none));
    await call(submitter, 'POST', `/submissions/${id}/submission`);
    await runJobs(parts);
    const [en, zh] = [await findings(id, 'en'), await findings(id, 'zh')];
    tellsBoth(en, zh, 'GW2004');
    const unresolved = en.filter(({ code }) => code === 'GW2004');
    expect(new Set(unresolved.map(({ value }) => value))).toEqual(new Set([none, project, sample]));
    expect(unresolved).toHaveLength(4);
    const said = unresolved.map(({ message, value }) => message.replaceAll(value ?? '', '…'));
    expect(new Set(said.filter((_, at) => unresolved[at]?.place.column === 'sample')).size).toBe(1);
    const own = await open();
    const { body } = await send(submitter, `/submissions/${own}/sheets/sample.tsv`, header + leaf(sample));
    expect(body).toMatchObject({ counts: { errors: 0 }, records: { new: 1 } });
  });
});
