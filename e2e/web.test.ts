import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogRoutes, identityRoutes, submissionRoutes } from '@geneward/api';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { writeStudy } from '../scripts/study.ts';
import { wayOf } from '../scripts/submit.ts';

const password = 'a long enough passphrase';
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Pictures of the pages are kept here when it is named. */
const pictures = process.env['E2E_PICTURES'];

let data: string;
let server: RunningServer;
let browser: Browser;
let submitter: Account;
let invitation: string;

beforeAll(async () => {
  data = temporaryData('web');
  server = await startServer(data);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), password);
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
  const curator = await people.invite({ email: 'curator@example.org', name: '王审核', roles: ['curator'] });
  await people.invite({ email: 'regulator@example.org', name: '赵监管', roles: ['regulator'] });
  const invited = await people.system.client.call(identityRoutes.invite, {
    body: { email: 'new@example.org', organisation: submitter.organisation, roles: [] },
  });
  invitation = invited.link.replace(/^https?:\/\/[^/]+/, '');
  const study = writeStudy(join(data, 'study'), { name: 'web', samples: 3, pairs: 50 });
  const way = wayOf(
    study,
    'A bacterium seen by pages',
    () => submitter.client,
    () => curator.client,
  );
  const id = await way.open();
  await way.sheets(id);
  await way.uploads();
  await way.submit(id);
  await way.accept(id);
  await indexed(1 + 3 * 3);
  const draft = await submitter.client.call(submissionRoutes.createSubmission, {
    body: { title: 'A draft with faults' },
  });
  await submitter.client.raw(submissionRoutes.putSheet, {
    params: { submission: draft.id, sheet: 'sample.tsv' },
    body: 'sample_alias\tscientific_name\tcollection date\tgeographic location (country and/or sea)\nleaf\tHomo sapines\t2031-13-45\tAtlantis\n',
    headers: { 'content-type': 'text/tab-separated-values' },
  });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** The index follows a moment after what it indexes. */
async function indexed(objects: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const found = await submitter.client.call(catalogRoutes.search, { query: { facets: 'false' } });
    if (found.total.value >= objects) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('the study was not indexed');
}

/** A page of a reader of its own, that fails the test when the page itself fails. */
async function open(path: string, given: { locale?: string; phone?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: given.locale ?? 'en-GB',
    baseURL: server.address,
    viewport: given.phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    ...(given.phone && { isMobile: true, hasTouch: true, deviceScaleFactor: 2 }),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  await page.goto(path);
  return page;
}
const faults: string[] = [];

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

describe('a reader', () => {
  it('searches, narrows, opens a landing page and goes through the graph', async () => {
    const page = await open('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await picture(page, 'search-first');
    await page.getByRole('combobox', { name: 'Search the archive' }).fill('bacterium');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.waitForURL(/q=/);
    await page
      .getByRole('status')
      .filter({ hasText: /results?$/ })
      .waitFor();
    await picture(page, 'search-results');
    await page.goto('/?type=%5B%22run%22%5D');
    await page.getByText('3 results').waitFor();
    await page.getByRole('article').first().getByRole('link').click();
    await page.getByRole('heading', { name: 'Files' }).waitFor();
    await page.getByRole('link', { name: 'Download' }).first().waitFor();
    expect(
      await page.getByRole('region', { name: 'Related objects' }).getByRole('link').count(),
    ).toBeGreaterThanOrEqual(4);
    const jsonLd = await page.locator('script[type="application/ld+json"]').textContent();
    expect(JSON.parse(jsonLd ?? '')).toMatchObject({ '@context': 'https://schema.org', '@type': ['Dataset'] });
    await picture(page, 'landing-run');
    await page.getByRole('region', { name: 'Related objects' }).getByRole('link', { name: /^GWS/ }).first().click();
    await page.waitForURL(/objects\/GWS/);
    await page.getByRole('heading', { name: 'Metadata' }).waitFor();
    await picture(page, 'landing-sample');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      (async () => {
        await page.goBack();
        await page.getByRole('link', { name: 'Download' }).first().click();
      })(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.fastq\.gz$/);
    await page.context().close();
  });

  it('sees the whole life of an object and verifies a receipt in the browser', async () => {
    const page = await open('/?type=%5B%22sample%22%5D');
    await page.getByRole('article').first().getByRole('link').click();
    await page.getByRole('link', { name: 'All acts with their receipts' }).click();
    await page.getByText('An object was released').waitFor();
    await picture(page, 'life');
    const phone = await open(new URL(page.url()).pathname, { locale: 'zh-CN', phone: true });
    await phone.getByText('对象发布').waitFor();
    expect(await fits(phone)).toBe(true);
    const save = await phone
      .getByRole('row')
      .filter({ hasText: 'object.released' })
      .getByRole('link', { name: '保存' })
      .boundingBox();
    expect(save && save.x + save.width).toBeLessThanOrEqual(390);
    await picture(phone, 'life-phone');
    await phone.context().close();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('row').filter({ hasText: 'object.released' }).getByRole('link', { name: 'Save' }).click(),
    ]);
    const file = join(data, 'act.tlog-proof');
    await saved.saveAs(file);
    await page.goto('/verify');
    await page.getByRole('button', { name: 'Use the policy of this archive' }).click();
    await page.getByText('This policy comes from the archive that you are checking').waitFor();
    // From here on no server takes part.
    await page.context().setOffline(true);
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('act.tlog-proof: The receipt holds').waitFor();
    await page.getByText('Signed by the log alone').waitFor();
    await picture(page, 'verify');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^index \d+$/m, 'index 0'));
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('[proof_wrong]').waitFor();
    await page.context().setOffline(false);
    await page.goto('/verify');
    await page.getByText('中文').click();
    await page.getByRole('heading', { name: '验证回执' }).waitFor();
    expect(await fits(page)).toBe(true);
  });

  it('is told what is wrong and finds a way on', async () => {
    const page = await open('/objects/GWS9999999');
    const alert = page.getByRole('alert');
    await alert.getByText('not_found').waitFor();
    await page.goto('/?q=zzzzqqq');
    await page.getByText('Nothing found').waitFor();
    await page.goto('/?q=ab*');
    await page.getByRole('alert').getByText('search_prefix_short').waitFor();
    await page.goto('/nowhere');
    await page.getByText('There is no such page').waitFor();
    await page.context().close();
  });

  it('reads in the language chosen, which is remembered', async () => {
    const page = await open('/');
    await page.getByText('中文', { exact: true }).click();
    await page.getByRole('heading', { name: '生命科学数据，可检索、可追溯' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '生命科学数据，可检索、可追溯' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await picture(page, 'search-zh');
    await page.goto('/?q=ab*');
    await page.getByRole('alert').getByText('过短').waitFor();
    await page.goto('/statistics');
    await page.getByRole('heading', { name: '数据概况' }).waitFor();
    await picture(page, 'statistics-zh');
    await page.context().close();
    const chinese = await open('/', { locale: 'zh-CN' });
    await chinese.getByRole('heading', { name: '生命科学数据，可检索、可追溯' }).waitFor();
    await chinese.context().close();
  });

  it('does all of it with the keyboard', async () => {
    const page = await open('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('type:project');
    await page.keyboard.press('Enter');
    await page.getByText('1 result', { exact: true }).waitFor();
    await page.getByRole('article').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/objects\/GWP/);
    await page.context().close();
  });

  it('has room on a phone', async () => {
    const page = await open('/?q=bacterium', { phone: true });
    await page.getByRole('article').first().waitFor();
    expect(await fits(page)).toBe(true);
    await picture(page, 'phone-results');
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('button', { name: 'Show results' }).waitFor();
    await picture(page, 'phone-filters');
    await page.getByRole('button', { name: 'Show results' }).click();
    await page.getByRole('article').first().getByRole('link').click();
    await page.getByRole('heading', { name: 'Related objects' }).waitFor();
    expect(await fits(page)).toBe(true);
    await picture(page, 'phone-landing');
    await page.context().close();
  });
});

describe('a regulator', () => {
  it('filters acts by stage, in both languages, and finds the way to the file', async () => {
    const page = await open('/sign-in?from=/supervision');
    await page.getByLabel('E-mail').fill('regulator@example.org');
    await page.getByRole('textbox', { name: /^Password/ }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Supervision' }).waitFor();
    await page.getByRole('cell', { name: 'object.accessioned' }).first().waitFor();
    await picture(page, 'supervision');
    await page.getByRole('combobox', { name: 'Stage' }).click();
    await page.getByRole('option', { name: 'Sequencing' }).click();
    await page.getByRole('cell', { name: 'Sequencing' }).first().waitFor();
    const file = page.getByRole('link', { name: 'Take along as TSV' });
    expect(await file.getAttribute('href')).toBe('/api/v1/supervision/export?format=tsv&stage=sequencing');
    await page.getByText('中文').click();
    await page.getByRole('heading', { name: '监管' }).waitFor();
    await page.getByRole('cell', { name: '测序' }).first().waitFor();
    expect(await fits(page)).toBe(true);
    await page.context().close();
  });
});

describe('a submitter', () => {
  it('is refused with a wrong password, comes in with the right one and reads the report', async () => {
    const page = await open('/submissions');
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill(submitter.email);
    await page.getByRole('textbox', { name: /^Password/ }).fill('not the passphrase');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('sign_in_failed').waitFor();
    await picture(page, 'sign-in-refused');
    await page.getByRole('textbox', { name: /^Password/ }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/submissions$/);
    await page.getByRole('link', { name: 'A bacterium seen by pages' }).waitFor();
    await picture(page, 'submissions');
    await page.getByRole('link', { name: 'A draft with faults' }).click();
    await page.getByRole('heading', { name: 'Report' }).waitFor();
    await page.getByText('Error', { exact: true }).first().waitFor();
    await picture(page, 'submission-report');
    await page.reload();
    await page.getByRole('button', { name: '李提交' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('Sign in to see your submissions').waitFor();
    await page.context().close();
  });

  it('takes up an invitation by its link, once', async () => {
    const page = await open(invitation);
    await page.getByText('new@example.org').waitFor();
    await page.getByLabel('Your name').fill('New Person');
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('password_too_short').waitFor();
    await page.getByLabel('New password').fill('another quite long passphrase');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('You can sign in now').waitFor();
    await page.reload();
    await page.getByRole('alert').getByText('link_not_valid').waitFor();
    await page.context().close();
  });
});

it('no page failed on its way', () => {
  expect(faults).toEqual([]);
});
