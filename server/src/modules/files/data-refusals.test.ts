import { openLabel, type Role, type Scope } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Resource } from '../access/index.ts';
import { fastq, openSite, type Person, type Site } from './files-under-test.ts';
import { claimFiles } from './index.ts';
import { dataReason } from './rules.ts';

/** The object that holds the file, as each case has it. */
let holder: Pick<Resource, 'status' | 'manner' | 'label'>;
let site: Site;
let owner: Person;
let id: string;
beforeAll(async () => {
  site = await openSite({
    ports: {
      holder: async (_db, claim) => ({ kind: 'object', id: claim.id, organisation: owner.organisation, ...holder }),
    },
  });
  owner = site.person();
  id = (await site.upload(owner, 'held.fastq', fastq(10))).body.id;
  await site.parts.pool.db
    .transaction()
    .execute((tx) => claimFiles(tx, site.job(), { kind: 'object', id: 'run' }, [id], openLabel));
});
afterAll(() => site.close());

const graded = { ...openLabel, grade: 3 } as const;
const reader = ['reader'] as const;

it.each<[string, readonly Role[], Pick<Resource, 'status' | 'manner' | 'label'>, (readonly Scope[])?]>([
  ['data_controlled', reader, { status: 'released', manner: 'controlled', label: openLabel }],
  ['data_graded', reader, { status: 'released', manner: 'public', label: graded }],
  ['data_withdrawn', ['curator'], { status: 'withdrawn', manner: 'public', label: openLabel }],
  ['data_graded', ['curator'], { status: 'held', manner: 'public', label: { ...openLabel, grade: 2 } }],
  ['data_office', ['regulator'], { status: 'held', manner: 'public', label: openLabel }],
  ['data_office', ['regulator'], { status: 'released', manner: 'controlled', label: openLabel }],
  ['data_office', ['auditor'], { status: 'released', manner: 'controlled', label: openLabel }],
  ['data_scope', reader, { status: 'released', manner: 'controlled', label: openLabel }, ['submit']],
])(
  'says %s to %s, in both languages, as the explanation does, and leaves an event',
  async (code, roles, held, scopes) => {
    holder = held;
    const who = site.person(undefined, [...roles]);
    site.admit({ ...who, ...(scopes && { scopes }) });
    const ask = (path: string, language = 'en') =>
      site.server.inject({
        url: `/api/v1/files/${id}/${path}`,
        headers: { 'x-person': who.id, 'accept-language': language },
      });
    const titles = new Set<string>();
    for (const language of ['en', 'zh']) {
      const refused = await ask('content', language);
      expect([refused.statusCode, refused.json().code]).toEqual([403, code]);
      titles.add(refused.json().title);
    }
    expect(titles.size).toBe(2);
    expect((await ask('access')).json()).toMatchObject({ allowed: false, code });
    // What may be known of it may still be known.
    expect((await ask('report')).statusCode).toBe(200);
    const { rows } = await sql<{ reason: string | null }>`
    select content ->> 'reason' as reason from audit_event where actor_id = ${who.id} and outcome = 'refused'`.execute(
      site.parts.pool.db,
    );
    expect(rows.map(({ reason }) => reason)).toContain(code);
  },
);

it('does not even say to others that there is something', async () => {
  for (const manner of ['private', 'controlled'] as const) {
    holder = { status: 'held', manner, label: openLabel };
    const headers = { 'x-person': site.person(undefined, ['reader']).id };
    const refused = await site.server.inject({ url: `/api/v1/files/${id}/content`, headers });
    expect([refused.statusCode, refused.json().code]).toEqual([404, 'not_found']);
  }
});

const may = { roles: ['reader'], scopes: ['read'] } as const;
it.each([
  [{ kind: 'object', status: 'released', manner: 'private', label: openLabel }, 'data_private'],
  [{ kind: 'submission', status: 'draft', label: openLabel }, 'data_private'],
  [{ kind: 'object', status: 'draft', manner: 'public', label: openLabel }, 'data_not_released'],
  [{ kind: 'object', status: 'destroyed', manner: 'public', label: openLabel }, 'data_withdrawn'],
] as const)('has a reason for %j', (resource, reason) => expect(dataReason(may, resource)).toBe(reason));
