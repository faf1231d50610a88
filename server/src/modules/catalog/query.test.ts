import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { documentOf } from './document.ts';
import type { IndexedObject } from './entry.ts';
import { compile, parseQuery, type Term } from './query.ts';

const termsOf = (text: string): Term[] => {
  const terms = parseQuery(text);
  if ('code' in terms) throw new Error(terms.code);
  return terms;
};
const tsquery = (text: string) => compile(termsOf(text), {}).tsquery;

describe('what a person types', () => {
  it.each([
    ['rice genome', "'rice' & 'genome'"],
    ['"whole genome"', "('whole' <1> 'genome')"],
    ['SARS-CoV-2', "('sars' <1> 'cov' <1> '2')"],
    ['covid*', "'covid':*"],
    ['-mouse', "!'mouse'"],
    ['organism:"Homo sapiens" type:run', "'=organism:homo sapiens' & '=type:run'"],
    ['-type:run', "!'=type:run'"],
    ['title:rice', "'rice':A"],
    ['HLA:B27', "('hla' <1> 'b27')"],
    ['新冠病毒', "('新冠' <1> '冠病' <1> '病毒')"],
    ['"水稻 rice"', "('水稻' <2> 'rice')"],
    ['水', "'水'"],
    ['d41d8cd98f00b204e9800998ecf8427e', "'=checksum:d41d8cd98f00b204e9800998ecf8427e'"],
    ["o'neil \\ (a|b) & !c", "('o' <1> 'neil') & ('a' <1> 'b') & 'c'"],
    ['"never closed', "('never' <1> 'closed')"],
    ['  ', ''],
  ])('%s', (text, expected) => expect(tsquery(text)).toBe(expected));

  it('refuses a beginning that would find most of the archive', () => {
    expect(parseQuery('ab*')).toMatchObject({ code: 'search_prefix_short' });
    expect(parseQuery('水*')).toMatchObject({ code: 'search_prefix_short' });
    expect(parseQuery('水稻*')).toHaveLength(1);
  });

  it('refuses more terms than it will look up', () => {
    expect(parseQuery('w '.repeat(17))).toMatchObject({ code: 'search_too_many_terms', params: { limit: 16 } });
  });

  it('adds what is ticked', () => {
    expect(compile(termsOf('rice'), { type: ['run', 'sample'], country: ['China'] }).tsquery).toBe(
      "'rice' & ('=type:run' | '=type:sample') & ('=country:china')",
    );
  });
});

describe('on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await testDatabase()));
  afterAll(() => database.drop());

  const object = (given: Partial<IndexedObject>): IndexedObject => ({
    id: '0190f3f6-0000-7000-8000-000000000001',
    type: 'sample',
    alias: 'leaf-1',
    organisation: '0190f3f6-0000-7000-8000-000000000002',
    submitter: '0190f3f6-0000-7000-8000-000000000003',
    status: 'released',
    manner: 'public',
    label: { grade: 1, categories: [], jurisdictions: [] },
    updatedAt: new Date(0),
    attributes: {},
    files: [],
    inherited: [],
    ...given,
  });
  const finds = async (given: Partial<IndexedObject>, text: string): Promise<boolean> => {
    const found = await sql<{ fits: boolean }>`
      select ${documentOf(object(given))}::tsvector @@ ${tsquery(text)}::tsquery as fits`.execute(database.pool.db);
    return found.rows[0]?.fits ?? false;
  };

  it.each([
    ['水稻抗病基因组', '抗病基因', true],
    ['水稻抗病基因组', '基因抗病', false],
    ['水稻 rice blast', '"水稻 rice"', true],
    ['Whole genome of rice', '"whole genome"', true],
    ['Whole genome of rice', '"genome whole"', false],
    ['Whole genome of rice', 'gen*', true],
    ['Whole genome of rice', 'rice -genome', false],
    ['Whole genome of rice', 'title:rice', true],
    ["It's a \\ title: 'quoted'", "quoted it's", true],
  ])('%s | %s → %s', async (title, text, expected) => expect(await finds({ title }, text)).toBe(expected));

  it('finds fields by whole value and by word, inherited ones as well', async () => {
    const run = {
      type: 'run',
      inherited: [{ scientific_name: 'Oryza sativa', geo_loc_name: 'China: Hainan', collection_date: '2021-05-03' }],
    } as const;
    for (const text of ['organism:"oryza sativa"', 'organism:sativa', 'country:china', 'year:2021', 'type:run oryza']) {
      expect([text, await finds(run, text)]).toEqual([text, true]);
    }
    expect(await finds(run, 'title:oryza')).toBe(false);
  });

  it('makes a question that PostgreSQL reads of whatever is typed, and a document of whatever is sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.string({ unit: 'binary', maxLength: 80 }),
        async (typed, sent) => {
          const terms = parseQuery(typed);
          if ('code' in terms || terms.length === 0) return;
          await expect(
            finds({ title: sent.replaceAll('\0', ''), alias: typed.replaceAll('\0', '') || 'a' }, typed),
          ).resolves.toBeTypeOf('boolean');
        },
      ),
      { numRuns: 200 },
    );
  });
});
