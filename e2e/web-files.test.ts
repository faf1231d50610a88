import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesRoutes } from '@geneward/api';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';

const password = 'a long enough passphrase';
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const pictures = process.env['E2E_PICTURES'];
const chinese = '样本_土壤 01.fastq';

let data: string;
let server: RunningServer;
let browser: Browser;
let submitter: Account;
const faults: string[] = [];

beforeAll(async () => {
  data = temporaryData('web-files');
  server = await startServer(data);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), password);
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** The page as the submitter sees it, signed in. */
async function open(given: { phone?: boolean; locale?: string } = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: given.locale ?? 'en-GB',
    baseURL: server.address,
    viewport: given.phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('dialog', (dialog) => void dialog.accept());
  const { email } = submitter;
  const reply = await context.request.post('/api/v1/session', { data: { email, password } });
  expect(reply.ok()).toBe(true);
  await page.goto('/files');
  return page;
}

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(data, name);
  writeFileSync(path, bytes);
  return path;
}
const reads = (count: number, name = 'r') =>
  Buffer.from(Array.from({ length: count }, (_, nth) => `@${name}${nth}\nACGTACGT\n+\nIIIIIIII\n`).join(''));
const choose = (page: Page, paths: string[]) => page.locator('input[type=file]').setInputFiles(paths);
const row = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

async function expectSent(path: string, name: string): Promise<void> {
  const { items } = await submitter.client.call(filesRoutes.listFiles, { query: { name, limit: 5 } });
  expect(items.map(({ sha256 }) => sha256)).toEqual([createHash('sha256').update(readFileSync(path)).digest('hex')]);
}

it('sends files with names in Chinese, and shows what the check found with place and mend, in both languages', async () => {
  const page = await open();
  const good = fileOf(chinese, reads(200));
  const bad = fileOf('bad.fastq', Buffer.from('@a\nACGT\n+\nIIII\n@b\nACGT\n+\nIII\n'));
  await choose(page, [good, bad]);
  await row(page, chinese).getByText('Sent, no fault found').waitFor();
  await row(page, 'bad.fastq').getByText('Sent; the check found faults').waitFor();
  await row(page, 'bad.fastq')
    .getByText(/line 8/)
    .first()
    .waitFor();
  await page.getByText('2 of 2 sent').waitFor();
  await picture(page, 'files-sent');
  await expectSent(good, chinese);
  await page.context().close();
  const zh = await open({ locale: 'zh-CN' });
  await choose(zh, [bad]);
  await row(zh, 'bad.fastq').getByText('已上传，检查发现问题').waitFor();
  await row(zh, 'bad.fastq')
    .getByText(/第 8 行/)
    .first()
    .waitFor();
  await picture(zh, 'files-zh');
  await zh.context().close();
});

it('pauses, goes on, and after a reload goes on where it was when the file is chosen again', async () => {
  const page = await open();
  const path = fileOf('long.bin', randomBytes(24 * 2 ** 20));
  const line = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 3 * 2 ** 20 };
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', slow);
  await choose(page, [path]);
  await row(page, 'long.bin').getByText(/left$/).waitFor();
  await picture(page, 'files-sending');
  await page.getByRole('button', { name: 'Pause long.bin' }).click();
  await row(page, 'long.bin').getByText('Paused').waitFor();
  await page.getByRole('button', { name: 'Go on with long.bin' }).click();
  await row(page, 'long.bin').getByText('Being sent').waitFor();
  await expect
    .poll(async () => (await submitter.client.call(filesRoutes.listUploads, {})).items[0]?.offset ?? 0, {
      timeout: 60_000,
    })
    .toBeGreaterThan(0);
  const [begun] = (await submitter.client.call(filesRoutes.listUploads, {})).items;
  await page.reload();
  await page.getByRole('heading', { name: 'Not finished' }).waitFor();
  await picture(page, 'files-begun');
  await line.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
  await choose(page, [path]);
  await row(page, 'long.bin').getByText('Sent, no fault found').waitFor();
  await expectSent(path, 'long.bin');
  const now = await submitter.client.call(filesRoutes.getUpload, { params: { id: begun?.id ?? '' } });
  expect(now.state).toBe('complete');
  await page.context().close();
});

it('tells a refusal and how to mend it, is reached by keyboard and has room on a phone', async () => {
  const page = await open({ phone: true });
  await choose(page, [fileOf('empty.fastq', Buffer.alloc(0)), fileOf('ok.fastq', reads(3))]);
  await row(page, 'ok.fastq').getByText('Sent, no fault found').waitFor();
  await row(page, 'empty.fastq').getByRole('alert').getByText('file_empty').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(
    true,
  );
  await picture(page, 'files-phone');
  const remove = page.getByRole('button', { name: 'Remove empty.fastq from the list' });
  await remove.focus();
  await page.keyboard.press('Enter');
  await remove.waitFor({ state: 'detached' });
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'choose files' }).press('Enter');
  const chooser = await chosen;
  expect(chooser.isMultiple()).toBe(true);
  await page.context().close();
});

it('no page failed on its way', () => {
  expect(faults).toEqual([]);
});
