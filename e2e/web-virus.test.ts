import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { assessor, madeUpDataset, readDataset, readFasta, reportColumns, reportRow } from '@geneward/phylo';
import { chromium, type Browser, type Page, type Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const files = madeUpDataset();
const examples = new TextDecoder().decode(files.get('sequences.fasta'));
const fasta = `${examples}>空 empty\n>protein\nMEFLPQ\n${examples.split(/(?=>)/)[0]}`;
/** Pictures of the pages are kept here when it is named. */
const pictures = process.env['E2E_PICTURES'];

let data: string;
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  data = temporaryData('web-virus');
  server = await startServer(data);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

const faults: string[] = [];

async function open(locale: string): Promise<{ page: Page; requests: Request[] }> {
  const context = await browser.newContext({ locale, baseURL: server.address });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => faults.push(error.message));
  const requests: Request[] = [];
  context.on('request', (request) => requests.push(request));
  await page.goto('/virus');
  await page.getByText(/Made-up virus/).waitFor();
  return { page, requests };
}

/** Drops a file as a hand does. */
async function drop(page: Page, name: string, content: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([called, bytes]) => {
      const held = new DataTransfer();
      held.items.add(new File([Uint8Array.from(bytes)], called));
      return held;
    },
    [name, [...content]] as const,
  );
  await page.getByTestId('drop').dispatchEvent('drop', { dataTransfer: transfer });
}

/** The table as the engine makes it here, beside the browser. */
async function expectedTable(): Promise<string> {
  const dataset = await readDataset(files, (bytes) => createHash('sha256').update(bytes).digest());
  const assess = assessor(dataset);
  const genomes = await Array.fromAsync(readFasta([new TextEncoder().encode(fasta)]));
  const rows = genomes.map((genome) => reportRow(dataset, assess(genome).report).join('\t'));
  return `${[reportColumns(dataset).join('\t'), ...rows].join('\n')}\n`;
}

async function tableOf(page: Page, button: string): Promise<string> {
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  const path = join(data, 'genomes.tsv');
  await saved.saveAs(path);
  return readFileSync(path, 'utf8');
}

describe('genomes that must not leave the browser', () => {
  it('are analysed and placed without a server, and no request is made meanwhile', async () => {
    const { page, requests } = await open('en-GB');
    const before = requests.length;
    await page.context().setOffline(true);
    await drop(page, 'genomes.fasta', new TextEncoder().encode(fasta));
    await page.getByText('12 of 15 genomes analysed, 3 refused').waitFor();
    expect(await page.getByText(/beside .*, mutations added: \d/).count()).toBe(12);
    for (const code of ['GW7005', 'GW7007', 'GW7004', 'GW7012', 'GW7013']) await page.getByText(code).first().waitFor();
    await page.getByText('空').first().waitFor();
    expect(await tableOf(page, 'Save the whole table')).toBe(await expectedTable());
    const made = requests.slice(before).filter((request) => !request.url().startsWith('blob:'));
    expect(made.map((request) => request.url())).toEqual([]);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, 'virus.png'), fullPage: true });
    }
    await page.context().close();
  });

  it('do not travel while there is a network either; packed, and in Chinese', async () => {
    const { page, requests } = await open('zh-CN');
    const before = requests.length;
    await page.getByRole('heading', { name: '在浏览器中分析病毒基因组' }).waitFor();
    await drop(page, 'genomes.fasta.gz', gzipSync(fasta));
    await page.getByText('共 15 个基因组，分析 12 个，拒绝 3 个').waitFor();
    await page.getByText('该记录没有确定的碱基。').first().waitFor();
    expect(await tableOf(page, '保存完整表格')).toBe(await expectedTable());
    for (const request of requests.slice(before).filter((one) => !one.url().startsWith('blob:'))) {
      expect(request.method()).toBe('GET');
      expect(request.postData()).toBeNull();
      expect(request.url()).not.toMatch(/[ACGTN]{8}|EXAMPLE/);
    }
    await page.context().close();
  });

  it('are held against a data set of one’s own; what is none is told', async () => {
    const { page } = await open('en-GB');
    const folder = join(data, 'own');
    mkdirSync(folder);
    for (const [name, bytes] of files)
      writeFileSync(
        join(folder, name),
        name === 'pathogen.json' ? new TextDecoder().decode(bytes).replace('Made-up virus', 'My virus') : bytes,
      );
    const archive = join(data, 'own.tar.gz');
    execFileSync('tar', ['czf', archive, '-C', data, 'own']);
    const input = page.locator('input[type=file]').first();
    await input.setInputFiles(archive);
    await page.getByText(/^My virus, version/).waitFor();
    await drop(page, 'empty.fasta', new Uint8Array(0));
    await page.getByRole('alert').getByText('GW7001').waitFor();
    writeFileSync(archive, 'no archive at all, only text. '.repeat(40));
    await input.setInputFiles(archive);
    await page.getByRole('alert').getByText('GW7204').waitFor();
    const packed = gzipSync(fasta);
    await drop(page, 'cut.fasta.gz', packed.subarray(0, packed.length >> 1));
    await page.getByRole('alert').getByText('damaged or cut off').waitFor();
    await drop(page, 'genomes.fasta', new TextEncoder().encode(fasta));
    await page.getByText('12 of 15 genomes analysed, 3 refused').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
