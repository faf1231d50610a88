import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/process.ts';
import type { Figure } from './figure.ts';

const variants = 100_000;
const people = 200;
const names = ['a', 'b', 'c'];
const main = join(root, 'cli', 'src', 'main.ts');

/**
 * A case-control study over three party processes with mutual TLS, PLINK files, commitments, receipts and reports included;
 * beside it PLINK 1.9 on the pooled file, which sees everything. Wall-clock of the slowest process, best of three.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-gwas-'));
  try {
    const job = await prepare(folder);
    const once = (name: string) =>
      geneward([
        'party',
        'run',
        job,
        '--policy',
        join(folder, name, 'policy.json'),
        '--out',
        join(folder, name, 'out'),
      ]);
    const seconds = await best(() => Promise.all(names.map(once)));
    const start = await best(() => Promise.all(names.map(() => geneward(['--version']))));
    const peer = existsSync('/usr/bin/plink1.9') ? await best(() => pooled(folder)) : undefined;
    return [
      figure('case-control study, 100,000 SNPs x 600, three processes', seconds, peer),
      figure('of that: three Node processes that only start', start),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const figure = (name: string, value: number, peerValue?: number): Figure => ({
  name,
  value: Number(value.toFixed(2)),
  unit: 's',
  better: 'lower',
  ...(peerValue !== undefined && {
    peer: 'PLINK 1.9 on the pooled data',
    peerValue: Number(peerValue.toFixed(2)),
    ratio: Number((value / peerValue).toFixed(2)),
  }),
});

async function best(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 3; turn += 1) {
    const began = performance.now();
    await work();
    least = Math.min(least, (performance.now() - began) / 1000);
  }
  return least;
}

/** Random cohorts, certificates, policies, commitments and approvals; gives the path of the job. */
async function prepare(folder: string): Promise<string> {
  const bim = Array.from(
    { length: variants },
    (_, at) => `${1 + Math.floor((at * 22) / variants)} v${at} 0 ${at + 1} A C\n`,
  ).join('');
  let state = 7;
  const places = [];
  for (const [at, name] of names.entries()) {
    const home = join(folder, name);
    mkdirSync(join(home, 'data'), { recursive: true });
    // Four individuals a byte: 200 need no padding, so any byte is a genotype of four.
    const bed = new Uint8Array(3 + (variants * people) / 4).map(() => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
    bed.set([0x6c, 0x1b, 1]);
    const fam = Array.from({ length: people }, (_, i) => `${name}${i} ${name}${i} 0 0 1 ${1 + (i % 2)}\n`).join('');
    const files = { bed, bim, fam };
    for (const [role, content] of Object.entries(files)) writeFileSync(join(home, 'data', `c.${role}`), content);
    const made = JSON.parse(await geneward(['--json', 'party', 'certificate', name, '--out', home])) as {
      fingerprint: string;
    };
    places.push({ name, home, fingerprint: made.fingerprint, host: '127.0.0.1', port: 28_470 + at });
  }
  const parties = [];
  for (const { name, home, fingerprint, host, port } of places) {
    const policy = {
      name,
      listen: { host, port },
      certificate: 'party.crt',
      key: 'party.key',
      folders: ['data'],
      records: 'records',
      kinds: ['case-control'],
      partners: places
        .filter((other) => other.name !== name)
        .map((other) => ({ name: other.name, fingerprint: other.fingerprint, host, port: other.port })),
      thresholds: { parties: 3, individuals: 1, cell: 0 },
    };
    writeFileSync(join(home, 'policy.json'), JSON.stringify(policy));
    const inputs = ['bed', 'bim', 'fam'].map((role) => `${role}=${join(home, 'data', `c.${role}`)}`);
    const text = await geneward(['--json', 'party', 'commit', ...inputs, '--policy', join(home, 'policy.json')]);
    parties.push({ name, fingerprint, ...(JSON.parse(text) as { commitment: string }) });
  }
  const draft = join(folder, 'draft.json');
  const job = join(folder, 'job.json');
  const specification = {
    version: 1,
    analysis: { kind: 'case-control', status: 'fam' },
    parties,
    thresholds: { individuals: 1, cell: 0 },
    ambiguous: 'exclude',
    purpose: 'Benchmark',
    references: [],
  };
  writeFileSync(draft, JSON.stringify(specification));
  await geneward(['job', 'compose', draft, '--out', job]);
  for (const { home } of places)
    await geneward(['job', 'approve', job, '--policy', join(home, 'policy.json'), '--person', 'bench', '--learnt']);
  pool(folder, bim);
  return job;
}

/** The three cohorts in one PLINK set: rows of 50 bytes side by side. */
function pool(folder: string, bim: string): void {
  const parts = names.map((name) => readFileSync(join(folder, name, 'data', 'c.bed')).subarray(3));
  const row = people / 4;
  const bed = new Uint8Array(3 + variants * row * names.length);
  bed.set([0x6c, 0x1b, 1]);
  for (let variant = 0; variant < variants; variant += 1)
    for (const [at, part] of parts.entries())
      bed.set(part.subarray(variant * row, (variant + 1) * row), 3 + (variant * names.length + at) * row);
  writeFileSync(join(folder, 'all.bed'), bed);
  writeFileSync(join(folder, 'all.bim'), bim);
  writeFileSync(
    join(folder, 'all.fam'),
    names.map((name) => readFileSync(join(folder, name, 'data', 'c.fam'), 'utf8')).join(''),
  );
}

function pooled(folder: string): Promise<void> {
  execFileSync('plink1.9', ['--bfile', 'all', '--assoc', '--keep-allele-order', '--out', 'all'], {
    cwd: folder,
    stdio: 'ignore',
  });
  return Promise.resolve();
}

function geneward(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(err))));
  });
}
