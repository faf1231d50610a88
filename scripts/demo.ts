import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogRoutes, createClient, type Label } from '@geneward/api';
import { commandLine, type CommandLine } from './demo/command-line.ts';
import { say, step } from './demo/say.ts';
import { madeUpStudy, realStudies, type DemoStudy } from './demo/studies.ts';
import { bootstrapLinkIn, firstPeople } from './installation.ts';
import { root } from './process.ts';
import { startServer } from './server.ts';

// The main job of the platform from end to end, on embedded parts, through the public API and the command line.
// `npm run demo` leaves the platform running; `npm run demo -- --exit` ends it.

const folder = join(root, '.geneward', 'demo');
const data = join(folder, 'data');
const password = 'correct horse battery staple';
const exits = process.argv.includes('--exit');

refuseSecond();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

step('Start everything embedded', '启动全部内置组件');
const server = await startServer(data, {
  GENEWARD_HTTP_PORT: process.env['GENEWARD_HTTP_PORT'] ?? (exits ? '0' : '8470'),
});
const { address } = server;
say(`${address} is ready after ${(server.readyAfter / 1000).toFixed(1)} s; data in ${data.slice(root.length + 1)}`);
try {
  const accounts = await demonstrate();
  if (exits) await server.stop();
  else stayOpen(accounts);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  await server.stop();
}

async function demonstrate(): Promise<string> {
  step('The first administrator opens the printed link and invites people', '首位管理员通过链接登录并邀请人员');
  const people = await firstPeople(address, bootstrapLinkIn(server.output()), password);
  const institute = await people.organisation('soil-institute', 'Institute of Soil Science', '土壤研究所');
  const submitter = await people.invite({
    email: 'submitter@example.org',
    name: '李提交',
    roles: ['submitter'],
    organisation: institute,
  });
  // Human samples are of grade 3: whoever reviews them is cleared for it by the security administrator.
  const clearance: Label = { grade: 3, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };
  const curator = await people.invite({ email: 'curator@example.org', name: '王审核', roles: ['curator'], clearance });
  const second = await people.invite({
    email: 'second.curator@example.org',
    name: '赵复核',
    roles: ['curator'],
    clearance,
  });
  const accounts = [people.system, people.security, submitter, curator, second]
    .map((account) => account.email)
    .join('\n');
  say(accounts);
  const sender = commandLine('submitter', submitter, address);
  const reviewer = commandLine('curator', curator, address);

  const study = madeUpStudy(join(folder, 'study'));
  const accession = await bundledStudy(study, sender, reviewer);
  await findAndFetch(study, accession, sender);
  const reviewers = [reviewer, commandLine('second curator', second, address)];
  for (const real of realStudies(join(folder, 'real'))) await realStudy(real, sender, reviewers);
  return accounts;
}

/** The bundled study: a mistake, its mend, a return, an acceptance, a release. */
async function bundledStudy(study: DemoStudy, sender: CommandLine, reviewer: CommandLine): Promise<string> {
  step('A sheet with a mistake: every fault is told before anything is sent', '表格有误：发送之前列出全部问题');
  const sheet = join(study.folder, 'sample.tsv');
  const right = readFileSync(sheet, 'utf8');
  writeFileSync(sheet, right.replace('\t2024-02-11\t', '\t2024-02-30\t'));
  await sender.run(['submit', study.folder], { code: 1 });

  step('The date is mended, and the study goes in', '更正日期后提交研究数据');
  writeFileSync(sheet, right);
  const later = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await sender.run(['submit', study.folder, '--title', study.title, '--release-on', later]);
  const [{ id } = { id: '' }] = (await sender.json(['status'])) as { id: string }[];

  step('A curator sends it back with a reason', '审核人员说明理由并退回');
  await reviewer.run(['review', 'queue']);
  await reviewer.run([
    'review',
    'return',
    id,
    '--reason',
    'Please say from how deep the soil was taken. 请补充采样深度。',
  ]);

  step('The submitter adds what was asked for and sends it in again', '提交人补充信息后再次提交');
  const [header = '', ...rows] = right.trimEnd().split('\n');
  writeFileSync(sheet, `${[`${header}\tdepth`, ...rows.map((row) => `${row}\t20 cm`)].join('\n')}\n`);
  await sender.run(['submit', study.folder]);

  step('The curator accepts it: accessions appear', '审核通过并分配编号');
  await reviewer.run(['review', 'accept', id]);
  const { accessions } = (await sender.json(['status', id])) as { accessions: { type: string; accession: string }[] };
  const project = accessions.find((it) => it.type === 'project')?.accession ?? '';

  step('It is held until its day; the owner releases it now', '数据处于保留期，所有者提前公开');
  await sender.run(['release', project, '--all']);
  return project;
}

async function findAndFetch(study: DemoStudy, accession: string, sender: CommandLine): Promise<void> {
  step('Anybody finds it, in either language', '任何人均可用中英文检索');
  await sender.run(['search', '土壤细菌', '--type', 'project']);
  await sender.run(['search', 'bacillus', 'subtilis', '--type', 'run']);
  const anonymous = createClient({ baseUrl: address });
  const { object } = await anonymous.call(catalogRoutes.landing, { params: { accession } });
  say(`without signing in: ${object.accession} is ${object.status}, ${object.manner}`);

  await proved(accession, sender);

  step('It is fetched and compared byte for byte', '下载并逐字节比对');
  await fetched(study, [accession], sender);
}

/** What happened to it stands in the log; the receipts are verified without the server, and a changed one is refused. */
async function proved(accession: string, sender: CommandLine): Promise<void> {
  step('What happened to it stands in the log; anybody verifies it offline', '操作已入日志，任何人均可离线验证');
  const policy = join(folder, 'archive.policy');
  const target = join(folder, 'receipts');
  const signed = async () => (await sender.json(['log'])) as { waiting: number; size: string; signed: string };
  for (let state = await signed(); state.waiting > 0 || state.size !== state.signed; state = await signed())
    await new Promise((done) => setTimeout(done, 300));
  await sender.run(['log', '--save-policy', policy]);
  await sender.run(['receipt', accession, '--to', target]);
  const [first = '', ...others] = readdirSync(target).map((name) => join(target, name));
  await sender.run(['verify', first, '--policy', policy]);
  const results = (await sender.json(['verify', ...others, '--policy', policy])) as { verified: boolean }[];
  say(`${results.filter(({ verified }) => verified).length} of ${others.length} other receipts hold`);
  const forged = join(folder, 'forged.tlog-proof');
  writeFileSync(forged, readFileSync(first, 'utf8').replace(/^index \d+$/m, 'index 0'));
  await sender.run(['verify', forged, '--policy', policy], { code: 1 });
}

async function fetched(study: DemoStudy, projects: readonly string[], sender: CommandLine): Promise<void> {
  const target = join(folder, 'fetched', projects[0] ?? '');
  for (const accession of projects) await sender.run(['get', accession, '--to', target]);
  for (const file of study.files) {
    const [sent, got] = [join(study.folder, file), join(target, file)].map((path) =>
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    );
    if (sent !== got) throw new Error(`${file} came back different`);
  }
  say(`${study.files.length} of ${study.files.length} files are identical`);
}

/** A study with human samples needs two reviewers; the second one is asked when the first is not enough. */
async function realStudy(study: DemoStudy, sender: CommandLine, reviewers: readonly CommandLine[]): Promise<void> {
  step(`Real data: ${study.title}`, '真实数据');
  await sender.run(['submit', study.folder, '--title', study.title]);
  const list = (await sender.json(['status'])) as { id: string; title: string }[];
  const id = list.find((it) => it.title === study.title)?.id ?? '';
  type Status = { status: string; accessions: { type: string; accession: string }[] };
  let state: Status | undefined;
  for (const reviewer of reviewers) {
    await reviewer.run(['review', 'accept', id]);
    state = (await sender.json(['status', id])) as Status;
    if (state.status === 'accepted') break;
  }
  const projects = (state?.accessions ?? []).filter((it) => it.type === 'project').map((it) => it.accession);
  await fetched(study, projects, sender);
}

function stayOpen(accounts: string): void {
  console.log(`
The platform is running 平台正在运行
   pages       ${address}
   reference   ${address}/reference
   accounts    password "${password}"
${accounts.replaceAll(/^/gm, '               ')}
   stop        Ctrl+C`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
}

/** The folder of a demonstration that still runs is not taken away from under it. */
function refuseSecond(): void {
  const lock = join(data, 'server.lock');
  if (!existsSync(lock)) return;
  const { pid } = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number };
  try {
    process.kill(pid, 0);
  } catch {
    return;
  }
  console.error(
    `A demonstration is running already (process ${pid}): stop it with Ctrl+C there, or "kill ${pid}". 演示已在运行。`,
  );
  process.exit(1);
}
