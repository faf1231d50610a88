import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, type JobSpecification } from '@geneward/api';
import { threeInstitutions } from './demo/cohort.ts';
import { say, step } from './demo/say.ts';
import { bootstrapLinkIn, firstPeople } from './installation.ts';
import { jointPlaces } from './joint.ts';
import { root } from './process.ts';
import { startServer } from './server.ts';

// Three institutions on this machine and the platform between them run a case-control study together: HapMap3 where it lies beside
// the checkout, a simulated cohort elsewhere. Everything goes through the public API and the command line. `npm run demo:mpc`.

const folder = join(root, '.geneward', 'demo-mpc');
rmSync(folder, { recursive: true, force: true });

step('The platform starts', '平台启动');
const server = await startServer(join(folder, 'platform'));
try {
  await demonstrate();
} finally {
  await server.stop();
}

async function demonstrate(): Promise<void> {
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'correct horse battery staple');

  step(
    'Three institutions make keys and policies, register their party processes and commit to their files',
    '三家机构生成密钥与策略、登记参与方并对文件作出承诺',
  );
  const { source, files } = await threeInstitutions();
  say(source);
  const thresholds = { parties: 3, individuals: 100, cell: 3 };
  const places = await jointPlaces(
    { address: server.address, people, folder },
    ['harbour', 'lakeside', 'mountain'],
    files,
    {
      kinds: ['case-control'],
      thresholds,
    },
  );
  const [first, second] = places;
  if (!first || !second) throw new Error('three institutions');
  for (const { name, commitment } of places) say(`${name}: ${commitment}`);
  writeFileSync(
    join(folder, 'offer.json'),
    JSON.stringify({ title: 'Cases and controls', individuals: 100, columns: [{ name: 'fam', meaning: 'status' }] }),
  );
  await first.submitter.run(['party', 'offer', 'cohort', join(folder, 'offer.json'), '--policy', first.policy]);
  await second.submitter.run(['job', 'parties']);

  step('One of them puts a specification before the others', '其中一家提交任务规格');
  const draft: Omit<JobSpecification, 'nonce'> = {
    version: 1,
    analysis: { kind: 'case-control', status: 'fam' },
    parties: places.map(({ name, fingerprint, commitment }) => ({ name, fingerprint, commitment })),
    thresholds: { individuals: 100, cell: 3 },
    ambiguous: 'exclude',
    purpose: 'Demonstration: allele frequencies of cases against controls',
    references: ['DEMO-ETHICS-1'],
    outputs: { recipients: [] },
  };
  writeFileSync(join(folder, 'draft.json'), canonicalJson(draft));
  const specification = join(folder, 'job.json');
  await first.submitter.run(['job', 'compose', join(folder, 'draft.json'), '--out', specification]);
  const { id } = (await first.submitter.json(['job', 'open', specification])) as { id: string };
  say(id);

  step(
    'A committee member of each reads what will be learnt, and approves: on the platform and beside the party',
    '各机构委员会成员阅读后批准（平台与本地）',
  );
  await first.committee.run(['job', 'explain', id]);
  await first.committee.run(['job', 'approve', id, '--policy', first.policy], { code: 2, quiet: true });
  for (const { committee, policy } of places)
    await committee.run(['job', 'approve', id, '--policy', policy, '--learnt'], { quiet: true });

  step(
    'The three processes take the started job and compute over mutual TLS 1.3',
    '三个进程领取任务，经双向 TLS 1.3 计算',
  );
  const began = performance.now();
  await second.submitter.run(['job', 'start', id]);
  const serving = places.map(({ submitter, policy, home }) =>
    submitter.run(['party', 'serve', '--once', '--policy', policy, '--out', join(home, 'jobs')], { quiet: true }),
  );
  const watching = second.committee.run(['job', 'watch', id]);
  await Promise.all(serving);
  await watching;
  say(`${((performance.now() - began) / 1000).toFixed(1)} s`);

  step('Who may, fetches result, report and receipt; anybody checks them', '有权者获取结果、报告与回执；任何人可核验');
  for (const { committee, home } of places)
    await committee.run(['job', 'result', id, '--out', join(home, 'result')], { quiet: true });
  const out = join(first.home, 'result');
  showBest(readFileSync(join(out, 'result.tsv'), 'utf8'));
  if (!existsSync(join(out, 'report.html'))) throw new Error('the study has no report');
  say(`report: ${join(out, 'report.html').slice(root.length + 1)}`);
  for (const { submitter, home } of places) await submitter.run(['job', 'verify', join(home, 'result')]);
}

/** The five variants with the smallest P. */
function showBest(table: string): void {
  const best = table
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
  if (best.length === 0) throw new Error('the study has no result');
}
