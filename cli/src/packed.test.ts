import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { madeUpDataset } from '@geneward/phylo';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { emptyFolder, runProgram, type Ended } from './testing/run.ts';
import { writeStudy } from './testing/study.ts';

const workspace = fileURLToPath(new URL('..', import.meta.url));
const folder = emptyFolder();
const study = join(folder, 'study');

/** npm in a home of its own and without a network: what it installs must be in the tarball. */
const npm = (args: readonly string[], cwd: string): string =>
  execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund', `--cache=${join(folder, 'cache')}`], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

beforeAll(() => {
  npm(['pack', '--pack-destination', folder], workspace);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  npm(['install', `./${tarball}`], folder);
  mkdirSync(study);
  writeStudy(study);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = (...args: string[]): Promise<Ended> =>
  runProgram(process.execPath, [join(folder, 'node_modules/.bin/geneward'), ...args], { cwd: folder });

it('installs alone from its tarball: no dependency, nothing of the workspace', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['geneward']);
  expect(readdirSync(join(folder, 'node_modules/geneward')).toSorted()).toEqual([
    'LICENSE',
    'README.md',
    'dist',
    'package.json',
  ]);
});

it('tells its version', async () => {
  expect(await installed('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
});

it('checks a study offline', async () => {
  const { code, out } = await installed('validate', 'study', '--json');
  expect(JSON.parse(out)).toMatchObject({ accepted: true, files: [{ reads: 20 }, { reads: 20 }] });
  expect(code).toBe(0);
});

it('analyses virus genomes in threads of its own file', async () => {
  const files = madeUpDataset();
  writeFileSync(join(folder, 'genomes.fasta'), files.get('sequences.fasta') ?? '');
  const args = [
    'virus',
    'run',
    'genomes.fasta',
    '--dataset',
    'made-up-virus',
    '--out',
    'run',
    '--threads',
    '2',
    '--json',
  ];
  const { code, out } = await installed(...args);
  expect(JSON.parse(out)).toMatchObject({ counts: { genomes: 12, accepted: 12 } });
  expect(code).toBe(0);
});

it('encrypts a large file in threads of files of its own', () => {
  const at = (name: string) => join(folder, name);
  const plain = Buffer.alloc(40 * 2 ** 20 + 5, 'ACGT');
  writeFileSync(at('plain'), plain);
  const program = `"${process.execPath}" "${at('node_modules/.bin/geneward')}" crypt4gh`;
  const line = `set -e; ${program} keygen --nocrypt --sk sk --pk pk; ${program} encrypt --recipient_pk pk < plain > sealed; ${program} decrypt --sk sk < sealed > opened`;
  execFileSync('bash', ['-c', line], { cwd: folder, stdio: 'ignore' });
  expect(readFileSync(at('opened')).equals(plain)).toBe(true);
});
