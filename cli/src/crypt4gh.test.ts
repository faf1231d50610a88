import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRange } from './crypt4gh/range.ts';
import { createOutput } from './output.ts';
import { emptyFolder, geneward } from './testing/run.ts';

const folder = emptyFolder();
const at = (name: string) => join(folder, name);
const main = fileURLToPath(new URL('main.ts', import.meta.url));
/** A whole line of a shell, as people write it. */
const shell = (line: string): string =>
  execFileSync('bash', ['-c', `set -eo pipefail; geneward() { "${process.execPath}" "${main}" "$@"; }; ${line}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', GENEWARD_LANG: 'en' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

beforeAll(async () => {
  writeFileSync(
    at('plain'),
    Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8) + (i >> 16)) & 255)),
  );
  await geneward(['crypt4gh', 'keygen', '--nocrypt', '--sk', 'key', '--pk', 'key.pub'], {}, folder);
  shell('geneward crypt4gh encrypt --recipient_pk key.pub < plain > sealed');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('makes keys that only their owner can read', async () => {
  expect(statSync(at('key')).mode & 0o777).toBe(0o400);
  const env = { C4GH_SECRET_KEY: at('locked'), C4GH_PUBLIC_KEY: at('locked.pub'), C4GH_PASSPHRASE: '芝麻' };
  const { code, out } = await geneward(['crypt4gh', 'keygen', '-C', 'mine', '--json'], env, folder);
  expect(JSON.parse(out)).toEqual({ secretKey: at('locked'), publicKey: at('locked.pub') });
  expect(code).toBe(0);
  const bytes = Buffer.from(readFileSync(at('locked'), 'utf8').split('\n')[1] ?? '', 'base64').toString('latin1');
  expect([bytes.slice(0, 7), bytes.slice(9, 15)]).toEqual(['c4gh-v1', 'scrypt']);
});

it('asks before it overwrites a key, and does not when nobody answers', async () => {
  const before = readFileSync(at('key'), 'utf8');
  const again = await geneward(['crypt4gh', 'keygen', '--nocrypt', '--sk', 'key', '--pk', 'other.pub'], {}, folder);
  expect(again.err).toContain('already exists');
  expect(again.code).toBe(0);
  expect(readFileSync(at('key'), 'utf8')).toBe(before);
});

describe('streams', () => {
  it('takes files and pipes, on either side', () => {
    shell('geneward crypt4gh decrypt --sk key < sealed | cmp - plain');
    shell('cat sealed | geneward crypt4gh decrypt --sk key > opened; cmp opened plain');
    shell('cat plain | geneward crypt4gh encrypt --recipient_pk key.pub --range 1000-150001 | cat > part');
    shell('geneward crypt4gh decrypt --sk key < part | cmp - <(head -c 150000 plain | tail -c +1001)');
  });

  it('starts where standard input stands, and takes options before the verb', () => {
    shell('(head -c 70000 > /dev/null; geneward crypt4gh encrypt --recipient_pk key.pub) < plain > tail');
    expect(shell('geneward crypt4gh --sk key decrypt < tail | wc -c').trim()).toBe('130000');
  });

  it('ends quietly when the reader has had enough', () => {
    expect(shell('geneward crypt4gh decrypt --sk key < sealed 2>&1 | head -c 10 | wc -c').trim()).toBe('10');
  });

  it('cuts out a range beyond the first segment from a file and from a pipe', () => {
    const wanted = 'cmp - <(tail -c +150001 plain)';
    shell(`geneward crypt4gh decrypt --sk key --range 150000- < sealed | ${wanted}`);
    shell(`cat sealed | geneward crypt4gh decrypt --sk key --range 150000 | ${wanted}`);
    shell(
      `geneward crypt4gh rearrange --sk key --range 150000- < sealed | geneward crypt4gh decrypt --sk key | ${wanted}`,
    );
  });
});

describe('faults', () => {
  const fails = (line: string, lang = 'en') => {
    try {
      shell(`export GENEWARD_LANG=${lang}; ${line}`);
      return undefined;
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { status, stderr };
    }
  };
  it.each([
    ['geneward crypt4gh decrypt --sk key < plain', 1, '[not_crypt4gh]'],
    ['geneward crypt4gh decrypt --sk key < <(head -c 100 sealed)', 1, '[header_cut]'],
    ['geneward crypt4gh decrypt --sk key < <(head -c 70000 sealed) > /dev/null', 1, '[segment_cut]'],
    ['geneward crypt4gh decrypt --sk key.pub < sealed', 2, '[key_format]'],
    ['geneward crypt4gh decrypt --sk none < sealed', 1, 'Secret key not found'],
    ['geneward crypt4gh decrypt < sealed', 2, 'C4GH_SECRET_KEY'],
    ['geneward crypt4gh decrypt --sk key --sender_pk key.pub < sealed', 1, '[sender_differs]'],
    ['geneward crypt4gh encrypt --recipient_pk none < plain', 1, 'does not exist'],
    ['geneward crypt4gh rearrange --sk key < sealed', 2, '--range'],
    ['geneward crypt4gh rearrange --sk key --range 9-4 < sealed', 1, 'Invalid range'],
  ])('%s: %i %s', (line, status, told) => {
    const ended = fails(line);
    expect(ended?.stderr).toContain(told);
    expect(ended?.stderr).not.toMatch(/\n\s+at /);
    expect(ended?.status).toBe(status);
  });

  it('are told in Chinese, and to programs with their code', () => {
    expect(fails('geneward crypt4gh decrypt --sk key < plain', 'zh')?.stderr).toContain('这不是 Crypt4GH 文件');
    const { stderr = '' } = fails('geneward --json crypt4gh decrypt --sk key < plain') ?? {};
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_crypt4gh' } });
  });
});

describe('--range', () => {
  const { stdout, stderr } = process;
  const output = createOutput({ json: false, language: 'en', stdout, stderr, interactive: false });
  it.each([
    [undefined, { start: 0 }],
    ['10-20', { start: 10, end: 19 }],
    ['10-', { start: 10 }],
    ['10', { start: 10 }],
  ])('%s', (text, range) => expect(parseRange(text, output)).toEqual(range));
  it.each(['', '-', '-5', '5-5', '5-6', '9-1', 'a-b', '1-2-3', '99999999999999999999-'])('refuses %s', (text) => {
    expect(() => parseRange(text, output)).toThrow('Invalid range');
  });
});
