import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyFolder, geneward, runProgram } from './testing/run.ts';
import { writeStudy } from './testing/study.ts';

let folder: string;
beforeEach(() => {
  folder = emptyFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  accepted: boolean;
  errors: number;
  objects: Record<string, number>;
  findings: { code: string; level: string; place: { file?: string; row?: number; alias?: string }; mend: string }[];
  files: { name: string; md5: string; reads?: number }[];
}
const report = (text: string) => JSON.parse(text) as Report;

it('finds nothing wrong with a study that is in order', async () => {
  writeStudy(folder);
  const { code, out } = await geneward(['validate', folder, '--json']);
  expect(report(out)).toMatchObject({
    accepted: true,
    errors: 0,
    objects: { project: 1, sample: 1, experiment: 1, run: 1 },
    files: [
      { name: 's1_1.fastq', reads: 20 },
      { name: 's1_2.fastq', reads: 20 },
    ],
  });
  expect(code).toBe(0);
});

it('shows every fault at once, with its place and how to mend it', async () => {
  writeStudy(folder);
  const change = (sheet: string, from: string, to: string) =>
    writeFileSync(join(folder, sheet), readFileSync(join(folder, sheet), 'utf8').replace(from, to));
  change('sample.tsv', '2024-03-11', '2024-02-31');
  change('experiment.tsv', 'DNBSEQ-G400', 'DNBSEK-G400');
  change('s1_1.fastq', 'IIIIIIIIII', 'III');
  rmSync(join(folder, 's1_2.fastq'));
  const json = await geneward(['validate', folder, '--json']);
  const { findings, errors } = report(json.out);
  const errorsAt = findings
    .filter((finding) => finding.level === 'error')
    .map((finding) => finding.place.file ?? finding.place.alias);
  expect(errors).toBeGreaterThanOrEqual(5);
  expect(new Set(errorsAt)).toEqual(new Set(['sample.tsv', 'experiment.tsv', 'run.tsv', 's1_1.fastq']));
  expect(findings.every((finding) => finding.mend.length > 0)).toBe(true);
  expect(json.code).toBe(1);
  const zh = await geneward(['validate', folder, '--lang', 'zh']);
  expect(zh.out).toContain('2024-02-31');
  expect(zh.out).toMatch(/处理: [^\n]*[\u4e00-\u9fff]/);
  expect(zh.code).toBe(1);
});

it('tells of reads that no row names, without speaking of an upload', async () => {
  writeStudy(folder);
  writeFileSync(join(folder, 'stray.fastq'), '');
  const { code, out } = await geneward(['validate', `${folder}/`, '--json']);
  const warnings = report(out).findings.filter((finding) => finding.level === 'warning');
  expect(warnings).toContainEqual(expect.objectContaining({ code: 'GW6107', place: { file: 'stray.fastq' } }));
  expect(out).not.toContain('uploaded file');
  expect(code).toBe(0);
});

it('looks beside a named sheet only, not into the folders below it', async () => {
  writeStudy(folder);
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old', 's1_1.fastq'), 'an earlier version');
  writeFileSync(join(folder, 'old', 'stray.fastq'), '');
  const sheets = ['project', 'sample', 'experiment', 'run'].map((name) => join(folder, `${name}.tsv`));
  const { code, out } = await geneward(['validate', ...sheets, '--json']);
  expect(report(out)).toMatchObject({ errors: 0, files: [{ name: 's1_1.fastq', reads: 20 }, { name: 's1_2.fastq' }] });
  expect(out).not.toContain('stray.fastq');
  expect(code).toBe(0);
});

const example = fileURLToPath(new URL('../../../shared/data/ena-example/', import.meta.url));
if (!existsSync(example) && process.env['CI'] === 'true') throw new Error(`the real data are missing: ${example}`);
if (!existsSync(example)) console.warn(`skipped: no real data in ${example}`);

it.runIf(existsSync(example))('reads the tables of ENA as they are, beside their reads', async () => {
  const tables = ['studies', 'samples', 'experiments', 'runs'].map((name) =>
    join(example, 'example_tables', `ENA_template_${name}.tsv`),
  );
  const { out } = await geneward(['validate', ...tables, '--no-reads', '--json']);
  expect(report(out).objects).toMatchObject({ project: 2, experiment: 3, run: 2 });
});

it.each([
  [['validate'], 2],
  [['nonsense'], 2],
  [['search', '--limit', '0', 'x'], 2],
  [['validate', '/no/such/folder'], 2],
  [['status'], 3],
  [['--server', 'http://127.0.0.1:1', 'whoami'], 4],
  [['login', 'http://archive.example.org'], 2],
])('ends %j with exit code %i and one line that says why', async (args, code) => {
  const ended = await geneward(args);
  expect([ended.code, ended.out]).toEqual([code, '']);
  expect(ended.err).toMatch(/^error: \S/);
  expect(ended.err).not.toContain('    at ');
});

it('says errors as JSON to programs', async () => {
  const { err } = await geneward(['status', '--json']);
  expect(JSON.parse(err)).toMatchObject({ error: { code: 'stopped', title: expect.stringContaining('GENEWARD_URL') } });
});

it('has help in both languages for every command', async () => {
  const { out, code } = await geneward(['--help']);
  expect(code).toBe(0);
  const commands = out.slice(out.indexOf('Commands:'), out.indexOf('Environment')).split('\n').slice(1);
  const described = commands.filter((line) => /^ {2}[a-z]+ /.test(line) && !/^ {2}help/.test(line));
  expect(described.length).toBeGreaterThan(15);
});

let script: Promise<string> | undefined;
it.each([
  ['rev', 'review'],
  ['review re', 'return'],
  ['submit --man', '--manner'],
])('completes "%s" in bash to %s', async (typed, expected) => {
  script ??= geneward(['completion', 'bash']).then((ended) => ended.out);
  const words = ['geneward', ...typed.split(' ')];
  const { out } = await runProgram('bash', [
    '-c',
    `${await script}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _geneward; echo "\${COMPREPLY[@]}"`,
  ]);
  expect(out.split(/\s/)).toContain(expected);
});

it('writes completion for zsh and fish as well', async () => {
  expect((await geneward(['completion', 'zsh'])).out).toContain('bashcompinit');
  expect((await geneward(['completion', 'fish'])).out).toMatch(/^complete -c geneward .*-a submit$/m);
  expect((await geneward(['completion', 'csh'])).code).toBe(2);
});
