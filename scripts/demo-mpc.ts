import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, type JobSpecification } from '@geneward/api';
import { threeInstitutions } from './demo/cohort.ts';
import { say, step } from './demo/say.ts';
import { root } from './process.ts';

// Three institutions on this machine, each with its own folder, key and policy, run a case-control study together: HapMap3
// where it lies beside the checkout, a simulated cohort elsewhere. `npm run demo:mpc`.

const folder = join(root, '.geneward', 'demo-mpc');
const names = ['harbour', 'lakeside', 'mountain'];
const main = join(root, 'cli', 'src', 'main.ts');
rmSync(folder, { recursive: true, force: true });

step('Three institutions make their keys and policies', '三家机构生成密钥与策略');
const { source, files } = await threeInstitutions();
say(source);
const places = await Promise.all(
  names.map(async (name, at) => {
    const home = join(folder, name);
    mkdirSync(join(home, 'data'), { recursive: true });
    for (const [role, content] of Object.entries(files[at] ?? {}))
      writeFileSync(join(home, 'data', `cohort.${role}`), content);
    const { fingerprint } = await json<{ fingerprint: string }>(['party', 'certificate', name, '--out', home]);
    return { name, home, fingerprint, port: 18_470 + at, policy: join(home, 'policy.json') };
  }),
);
for (const place of places)
  writeFileSync(
    place.policy,
    JSON.stringify({
      name: place.name,
      listen: { host: '127.0.0.1', port: place.port },
      certificate: 'party.crt',
      key: 'party.key',
      folders: ['data'],
      records: 'records',
      kinds: ['case-control'],
      partners: places
        .filter((other) => other !== place)
        .map(({ name, port, fingerprint }) => ({ name, host: '127.0.0.1', port, fingerprint })),
      thresholds: { parties: 3, individuals: 100, cell: 3 },
    }),
  );

step('Each commits to its own files', '各自对自己的文件作出承诺');
const parties = await Promise.all(
  places.map(async ({ name, home, policy, fingerprint }) => {
    const inputs = ['bed', 'bim', 'fam'].map((role) => `${role}=${join(home, 'data', `cohort.${role}`)}`);
    const { commitment } = await json<{ commitment: string }>(['party', 'commit', ...inputs, '--policy', policy]);
    say(`${name}: ${commitment}`);
    return { name, fingerprint, commitment };
  }),
);

step(
  'One specification; a person at each institution reads what will be learnt, and approves',
  '同一任务规格，各机构阅读后批准',
);
const draft: Omit<JobSpecification, 'nonce'> = {
  version: 1,
  analysis: { kind: 'case-control', status: 'fam' },
  parties,
  thresholds: { individuals: 100, cell: 3 },
  ambiguous: 'exclude',
  purpose: 'Demonstration: allele frequencies of cases against controls',
  references: ['DEMO-ETHICS-1'],
};
writeFileSync(join(folder, 'draft.json'), canonicalJson(draft));
const job = join(folder, 'job.json');
await run(['job', 'compose', join(folder, 'draft.json'), '--out', job]);
say((await run(['job', 'explain', job])).trim());
for (const { policy, name } of places)
  await run(['job', 'approve', job, '--policy', policy, '--person', `Dr ${name}`, '--learnt']);

step('The three processes compute over mutual TLS 1.3', '三个进程经双向 TLS 1.3 计算');
const began = performance.now();
await Promise.all(
  places.map(({ home, policy }) => run(['party', 'run', job, '--policy', policy, '--out', join(home, 'result')])),
);
say(`${((performance.now() - began) / 1000).toFixed(1)} s`);

step('Anybody checks the receipt; all three hold the same result', '任何人可核验回执；三方结果一致');
for (const { home } of places) say((await run(['job', 'verify', join(home, 'result')])).trim());
const out = join(places[0]?.home ?? '', 'result');
const best = readFileSync(join(out, 'result.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
  .filter((row) => row[8] !== 'NA')
  .sort((a, b) => Number(a[8]) - Number(b[8]))
  .slice(0, 5);
for (const row of best)
  say(
    `${row[2] ?? ''}  chr${row[0] ?? ''}:${row[1] ?? ''}  OR ${Number(row[9]).toPrecision(4)}  P ${Number(row[8]).toPrecision(4)}`,
  );
if (best.length === 0 || !existsSync(join(out, 'report.html'))) throw new Error('the study has no result');
say(`report: ${join(out, 'report.html').slice(root.length + 1)}`);

async function json<T>(args: readonly string[]): Promise<T> {
  return JSON.parse(await run(['--json', ...args])) as T;
}

/** Runs the command line; throws with what it said when it does not end well. */
function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`geneward ${args[0] ?? ''}: ${err}`))));
  });
}
