import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contextOf, person, groundServer, type TestPerson } from '../../../test/people.ts';
import { fakeSmtp, type FakeSmtp } from '../../../test/fakes/smtp.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { transaction } from '../../platform/db.ts';
import type { Server } from '../../platform/http.ts';
import { jobs, notify } from './index.ts';
import * as store from './store.ts';

let smtp: FakeSmtp;
let parts: TestParts;
let server: Server;
let wang: TestPerson;
let smith: TestPerson;
beforeAll(async () => {
  smtp = await fakeSmtp({ user: 'geneward', password: 'p@ss/word' });
  parts = await testParts({ mail: { url: smtp.url, from: 'archive@example.org' }, name: '示例档案' });
  server = await groundServer(parts);
  wang = await person(parts, { name: '王芳', email: 'wang@example.org' });
  smith = await person(parts, { name: 'Smith, Ann', email: 'smith@example.org' });
  await store.updatePerson(parts.pool.db, wang.id, { language: 'zh' });
});
afterAll(async () => {
  await server.close();
  await parts.close();
  await smtp.stop();
});

const notice = (people: string[]) => ({
  people,
  type: 'submission.returned',
  title: { en: 'Returned', zh: '已退回' },
  body: { en: 'A curator returned “Rice roots”.', zh: '审核员退回了“水稻根系”。' },
  object: { kind: 'submission', id: 's1' },
  at: parts.now(),
});
const waiting = async () =>
  (
    await sql<{ id: string }>`select id from notice where mailed_at is null order by id`.execute(parts.pool.db)
  ).rows.map((row) => row.id);
const mail = (id: string) =>
  jobs(parts)['identity.mail_notice']({ notice: id }, contextOf(parts, { kind: 'system', name: 'job' }));
/** Subject and text of a mail, decoded. */
const read = (raw: string) => {
  const [head = '', body = ''] = raw.split('\r\n\r\n');
  const encoded = /=\?UTF-8\?B\?(.+?)\?=/i.exec(/^Subject: (.+)$/im.exec(head)?.[1] ?? '')?.[1];
  const subject = encoded ? Buffer.from(encoded, 'base64').toString() : /^Subject: (.+)$/im.exec(head)?.[1]?.trim();
  const text = /base64/i.test(head) ? Buffer.from(body, 'base64').toString() : body;
  return { subject, text, head };
};

it('tells people with the transaction of what happened, once each', async () => {
  await transaction(parts.pool.db, (tx) => notify(tx, notice([wang.id, wang.id, smith.id])));
  const failed = transaction(parts.pool.db, async (tx) => {
    await notify(tx, notice([wang.id]));
    throw new Error('it did not happen');
  });
  await expect(failed).rejects.toThrow('it did not happen');
  const { items } = (await server.inject({ url: '/api/v1/me/notices', headers: wang.headers })).json();
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    type: 'submission.returned',
    title: { en: 'Returned', zh: '已退回' },
    object: { kind: 'submission', id: 's1' },
  });
  const queued = await sql<{
    count: number;
  }>`select count(*)::int as count from graphile_worker.jobs where task_identifier = 'identity.mail_notice'`.execute(
    parts.pool.db,
  );
  expect(queued.rows[0]!.count).toBe(2);
});

it('mails each person in their language, once', async () => {
  const ids = await waiting();
  for (const id of [...ids, ...ids]) await mail(id);
  expect(smtp.mails).toHaveLength(2);
  const [toWang, toSmith] = ['wang@example.org', 'smith@example.org'].map((to) =>
    smtp.mails.find((one) => one.to.includes(to))!,
  );
  expect(toWang!.from).toBe('archive@example.org');
  expect(read(toWang!.raw)).toMatchObject({ subject: '已退回', text: expect.stringContaining('王芳，您好') });
  expect(read(toSmith!.raw)).toMatchObject({
    subject: 'Returned',
    head: expect.stringContaining('"Smith, Ann" <smith@example.org>'),
  });
});

it('tries again when the mail server cannot take it now', async () => {
  await notify(parts.pool.db, notice([smith.id]));
  const [id] = await waiting();
  smtp.refuseNext(451, 'try again later');
  await expect(mail(id!)).rejects.toThrow('451');
  expect(await waiting()).toEqual([id]);
  await mail(id!);
  expect(await waiting()).toEqual([]);
});

it('mails nothing to who does not want it, and nothing without a mail server', async () => {
  await store.updatePerson(parts.pool.db, wang.id, { mail_notices: false });
  await notify(parts.pool.db, notice([wang.id, smith.id]));
  const before = smtp.mails.length;
  const without = { ...parts, config: { ...parts.config, mail: { from: 'x@example.org' } } };
  for (const id of await waiting())
    await jobs(without)['identity.mail_notice']({ notice: id }, contextOf(parts, { kind: 'system', name: 'job' }));
  expect(smtp.mails.length).toBe(before);
  for (const id of await waiting()) await mail(id);
  expect(smtp.mails.slice(before).map((one) => one.to)).toEqual([['smith@example.org']]);
});

it('pages, counts and marks what was read, and only one’s own', async () => {
  await notify(parts.pool.db, notice([wang.id]));
  const get = (url: string, who = wang) => server.inject({ url: `/api/v1${url}`, headers: who.headers });
  const first = (await get('/me/notices?limit=1')).json();
  const second = (await get(`/me/notices?limit=1&after=${first.next}`)).json();
  expect(second.items[0].id).not.toBe(first.items[0].id);
  expect((await get('/me')).json()).toMatchObject({ unreadNotices: 3 });
  const mark = (who: TestPerson, payload: object) =>
    server.inject({ method: 'POST', url: '/api/v1/me/notices/read', headers: who.headers, payload });
  expect((await mark(smith, { ids: [first.items[0].id] })).json()).toEqual({ marked: 0 });
  expect((await mark(wang, { ids: [first.items[0].id] })).json()).toEqual({ marked: 1 });
  expect((await get('/me/notices?unread=true')).json().items).toHaveLength(2);
  expect((await mark(wang, {})).json()).toEqual({ marked: 2 });
  expect((await get('/me')).json()).toMatchObject({ unreadNotices: 0 });
  expect((await server.inject('/api/v1/me/notices')).statusCode).toBe(401);
});

it('forgets what ended long ago', async () => {
  const { db } = parts.pool;
  await sql`insert into sign_in_guard values ('account:old', 3, now() - interval '40 days'), ('account:new', 3, now())`.execute(
    db,
  );
  await jobs(parts)['identity.tidy']({}, contextOf(parts, { kind: 'system', name: 'job' }));
  const left = await sql<{ subject: string }>`select subject from sign_in_guard where subject like 'account:%'`.execute(
    db,
  );
  expect(left.rows).toEqual([{ subject: 'account:new' }]);
});
