import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ConfigError, environmentNames, readConfig } from '../src/platform/config.ts';

const empty = mkdtempSync(join(tmpdir(), 'geneward-config-'));

function faults(env: Record<string, string>, cwd = empty): readonly { key: string; from: string }[] {
  try {
    readConfig(env, cwd);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

it('has a default for everything', () => {
  const config = readConfig({}, empty);
  expect(config.data).toBe(join(empty, '.geneward'));
  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8470 });
});

it('takes the environment over the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-config-'));
  writeFileSync(
    join(folder, 'geneward.yaml'),
    'name: 种质库\nhttp: { port: 1234, host: 0.0.0.0 }\nwork: { inline: false }\n',
  );
  const config = readConfig({ GENEWARD_HTTP_PORT: '4321', DATABASE_URL: 'postgres://x/y' }, folder);
  expect(config).toMatchObject({
    name: '种质库',
    http: { port: 4321, host: '0.0.0.0' },
    work: { inline: false },
    database: { url: 'postgres://x/y' },
  });
});

it.each([
  [{ GENEWARD_HTTP_PROT: '1' }, 'GENEWARD_HTTP_PROT', 'environment'],
  [{ GENEWARD_HTTP_PORT: 'many' }, 'http.port', 'GENEWARD_HTTP_PORT'],
  [{ GENEWARD_WORK_INLINE: 'perhaps' }, 'work.inline', 'GENEWARD_WORK_INLINE'],
  [{ GENEWARD_ARCHIVE_ACCESSION_PREFIX: 'gw' }, 'archive.accessionPrefix', 'GENEWARD_ARCHIVE_ACCESSION_PREFIX'],
])('names the wrong key of %j', (env, key, from) => {
  expect(faults(env as Record<string, string>)).toMatchObject([{ key, from }]);
});

it('names an unknown key of the file, and a file that is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-config-'));
  writeFileSync(join(folder, 'geneward.yaml'), 'http: { prot: 1 }\ndatabse: {}\n');
  expect(
    faults({}, folder)
      .map((fault) => fault.key)
      .toSorted(),
  ).toEqual(['databse', 'http.prot']);
  writeFileSync(join(folder, 'geneward.yaml'), 'http: [\n');
  expect(faults({}, folder)).toMatchObject([{ key: '(file)' }]);
  expect(faults({ GENEWARD_CONFIG: 'none.yaml' })).toMatchObject([{ key: 'GENEWARD_CONFIG' }]);
});

it('gives every key one name in the environment', () => {
  const names = environmentNames();
  expect(new Set([...names.values()].map((path) => path.join('.'))).size).toBe(names.size - 1);
  expect(names.get('GENEWARD_DATABASE_URL')).toEqual(names.get('DATABASE_URL'));
});
