import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { fastq, openSite, type Person, type Site } from './files-under-test.ts';
import { openInbox, type Inbox } from './index.ts';

let site: Site;
let inbox: Inbox;
let who: Person;
beforeAll(async () => {
  site = await openSite();
  inbox = openInbox(site.parts, { fileArrived: async (_tx, _context, file) => void site.arrived.push(file) });
  who = site.person();
});
afterAll(() => site.close());

const contextOf = (principal: Person): Context => ({ ...site.job(), principal });
const authenticate = async () => who;

it('takes bytes of unknown length piece by piece, and makes the file when the last has come', async () => {
  const context = contextOf(who);
  const bytes = fastq(500, 'inbox');
  const { id } = await inbox.begin(context, { name: 'inbox.fastq' });
  for (let at = 0; at < bytes.length; at += 7000) {
    const stretch = { offset: at, bytes: Readable.from([bytes.subarray(at, at + 7000)]), authenticate };
    expect((await inbox.append(context, id, stretch)).offset).toBe(Math.min(bytes.length, at + 7000));
  }
  expect(await inbox.list(context)).toMatchObject([{ id, name: 'inbox.fastq', offset: bytes.length, state: 'open' }]);
  const done = await inbox.finish(context, id, authenticate);
  expect(done).toMatchObject({ state: 'complete', length: bytes.length });
  expect(await inbox.finish(context, id, authenticate)).toEqual(done);
  const file = await site.server.inject({ url: `/api/v1/files/${done.file}`, headers: { 'x-person': who.id } });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(file.json()).toMatchObject({ name: 'inbox.fastq', state: 'stored', sha256 });
  expect(site.arrived.at(-1)).toMatchObject({ id: done.file });
});

it('refuses what the other ways refuse', async () => {
  const context = contextOf(who);
  await expect(inbox.begin(context, { name: '../x' })).rejects.toMatchObject({ code: 'file_name_refused' });
  const { id } = await inbox.begin(context, { name: 'refused.bin' });
  await expect(
    inbox.append(context, id, { offset: 5, bytes: Readable.from([Buffer.from('x')]), authenticate }),
  ).rejects.toMatchObject({ code: 'upload_offset_differs' });
  await expect(inbox.finish(context, id, authenticate)).rejects.toMatchObject({ code: 'file_empty' });
  await expect(inbox.get(contextOf(site.person()), id)).rejects.toMatchObject({ code: 'not_found' });
  await inbox.giveUp(context, id);
  await expect(inbox.get(context, id)).rejects.toMatchObject({ code: 'not_found' });
});
