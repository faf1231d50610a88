import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  computeRoutes,
  explainJob,
  htmlReport,
  identityRoutes,
  jobResult,
  resultTsv,
  uuid,
  type Client,
  type JobMoment,
  type JobView,
} from '@geneward/api';
import type { Command } from 'commander';
import { action, type Tools } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { bytes, columns, type Output } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { checkAllowed, readPolicy } from '../party/policy.ts';
import { approve, hashOf, readJob, verifyReceipt } from '../party/records.ts';
import { checkShown } from '../party/serve.ts';
import { asStop } from '../party/stop.ts';
import { watchJob } from '../party/watch.ts';
import { wholeNumber } from './search.ts';

/** Whether a job is named by its id on the platform, and not by a file. */
export const isOnPlatform = (job: string): boolean => uuid.safeParse(job).success;

/** What is done with a job on the platform: propose, follow, start, fetch. */
export function platformVerbs(group: Command): void {
  group
    .command('parties')
    .description('institutions that take part, and what they offer 参与机构及其数据概况')
    .action(
      action(async ({ output, client }) => {
        const api = client();
        const items = await itemsOf(1000, (query) => api.call(computeRoutes.listParties, { query }));
        output.result(items, (all) =>
          columns(
            all.flatMap((it) => [
              [it.name, it.fingerprint.slice(0, 16), '', ''],
              ...it.offers.map((one) => ['', one.name, String(one.individuals), one.title]),
            ]),
          ),
        );
      }),
    );
  group
    .command('list')
    .description('joint analyses of my institution 本机构的联合分析')
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 1000), 50)
    .action(
      action(async ({ output, client }, { limit }: { limit: number }) => {
        const api = client();
        const items = await itemsOf(limit, (query) => api.call(computeRoutes.listJobs, { query }));
        output.result(items, (all) =>
          columns(all.map((it) => [it.id, it.state, it.kind, it.parties.join(','), it.purpose])),
        );
      }),
    );
  group
    .command('open <file>')
    .description('put a specification before its parties 向各参与方提交任务规格')
    .option('--days <n>', 'it expires after 有效天数', wholeNumber(1, 365), 30)
    .action(
      action(async ({ output, client }, path: string, { days }: { days: number }) =>
        asStop(output, async () => {
          const { job } = readJob(path);
          const view = await client().call(computeRoutes.openJob, {
            body: { specification: job, expiresInDays: days },
            idempotencyKey: randomUUID(),
          });
          output.result(view, (it) => it.id);
        }),
      ),
    );
  group
    .command('show <job>')
    .description('state and approvals 查看状态与批准情况')
    .action(
      action(async ({ output, client }, job: string) =>
        output.result(await client().call(computeRoutes.getJob, { params: { job } }), (it) => shown(it, output)),
      ),
    );
  for (const [name, route, en, zh] of [
    ['withdraw', computeRoutes.withdrawApproval, 'take my approval back before the start', '启动前撤回批准'],
    ['start', computeRoutes.startJob, 'let the parties begin', '启动'],
    ['cancel', computeRoutes.cancelJob, 'take a job back before the start', '启动前取消'],
  ] as const)
    group
      .command(`${name} <job>`)
      .description(`${en} ${zh}`)
      .action(
        action(async ({ output, client }, job: string) =>
          output.result(await client().call(route, { params: { job } }), (it) => shown(it, output)),
        ),
      );
  group
    .command('watch <job>')
    .description('what happens, live, until it is over 实时查看进展')
    .option('--after <id>', 'go on after this event 从该事件之后继续')
    .action(
      action(async (tools, job: string, { after }: { after?: string }) => {
        await watch(tools, job, after);
      }),
    );
  group
    .command('result <job>')
    .description('fetch result, report and receipt, and check them 获取并核验结果与回执')
    .requiredOption('--out <folder>', 'where they go 输出文件夹')
    .action(
      action(async ({ output, client }, job: string, { out }: { out: string }) =>
        asStop(output, async () => output.result(await fetchResult(client(), job, out), (it) => it.result)),
      ),
    );
  group
    .command('freeze <reference>')
    .description('no job under this consent starts any more 冻结同意')
    .requiredOption('--reason <text>', 'why 原因')
    .action(
      action(async ({ output, client }, reference: string, { reason }: { reason: string }) => {
        const body = { reference, reason };
        const made = await client().call(computeRoutes.freezeConsent, { body, idempotencyKey: randomUUID() });
        output.result(made, (it) => it.at);
      }),
    );
}

/** A job of the platform with its explanation, both computed here and held against what the platform shows. */
export async function readShown(client: Client, id: string) {
  const view = await client.call(computeRoutes.getJob, { params: { job: id } });
  const learns = explainJob(view.specification);
  const hash = checkShown(view, { learnsSha256: hashOf(learns) });
  return { view, hash, learns };
}

/** Approves on the platform, and with a policy also on this machine: a party process believes only the latter. */
export async function approveOnPlatform(
  { output, client }: Tools,
  id: string,
  options: { policy?: string; person?: string; learnt?: boolean },
): Promise<JobView> {
  const api = client();
  const { view, hash, learns } = await readShown(api, id);
  const policy = options.policy === undefined ? undefined : readPolicy(options.policy);
  if (policy) checkAllowed(policy, view.specification);
  for (const { text } of learns) output.warn(`- ${output.pick(text)}`);
  requireLearnt(output, options.learnt);
  const approved = await api.call(computeRoutes.approveJob, {
    params: { job: id },
    body: { sha256: hash, learnsSha256: hashOf(learns) },
  });
  if (policy) {
    const person = options.person ?? (await api.call(identityRoutes.me, {})).name;
    approve(policy, hash, person, learns, new Date().toISOString());
  }
  return approved;
}

/** Nobody approves without having said that they have read who learns what. */
export function requireLearnt(output: Output, learnt: boolean | undefined): void {
  if (learnt === true) return;
  throw new Stop(
    exit.usage,
    output.pick({
      en: 'Read the lines above, then approve with --learnt.',
      zh: '请阅读以上内容，然后加 --learnt 批准。',
    }),
  );
}

export function shown(it: JobView, output: Output): string {
  const line = it.parties.map(({ name, approval }) => `${approval ? '✓' : '·'} ${name}`).join('  ');
  const end = it.abort
    ? `\n${it.abort.party}: ${it.abort.code} (${it.abort.phase})`
    : it.result
      ? `\n${output.pick({ en: 'result', zh: '结果' })} ${it.result.sha256}`
      : '';
  return `${it.id}  [${it.state}]  ${it.kind}: ${it.purpose}\n${it.sha256}\n${line}${end}`;
}

async function watch({ output, client }: Tools, job: string, after: string | undefined): Promise<void> {
  const moments: (JobMoment & { id: string })[] = [];
  for await (const { id, moment } of watchJob(client(), job, after)) {
    if (output.json) moments.push({ id, ...moment });
    else output.say(momentLine(moment, output));
  }
  output.result(moments, () => undefined);
}

function momentLine({ at, type, party, progress, abort }: JobMoment, output: Output): string {
  const detail = progress
    ? output.pick({
        en: `round ${progress.round}: ${progress.phase}, sent ${bytes(progress.sentBytes)}, received ${bytes(progress.receivedBytes)}`,
        zh: `第 ${progress.round} 轮：${progress.phase}，发送 ${bytes(progress.sentBytes)}，接收 ${bytes(progress.receivedBytes)}`,
      })
    : abort
      ? `${abort.code} (${abort.phase})`
      : '';
  return [at.slice(11, 19), type, party ?? '', detail].filter((part) => part !== '').join('  ');
}

/** Fetches receipt and result of a sealed job into a folder and checks one against the other. */
async function fetchResult(client: Client, job: string, out: string): Promise<{ job: string; result: string }> {
  const params = { job };
  const receipt = await client.call(computeRoutes.getReceipt, { params });
  const response = await client.raw(computeRoutes.getResult, { params, query: { format: 'json' } });
  const text = await response.text();
  const result = jobResult.parse(JSON.parse(text));
  const { job: specification, hash } = verifyReceipt(receipt, JSON.parse(text));
  mkdirSync(out, { recursive: true, mode: 0o700 });
  writeFileSync(join(out, 'receipt.json'), JSON.stringify(receipt, undefined, 2));
  writeFileSync(join(out, 'result.json'), text);
  writeFileSync(join(out, 'result.tsv'), resultTsv(result));
  writeFileSync(join(out, 'report.html'), htmlReport(specification, result, 'en'));
  writeFileSync(join(out, 'report.zh.html'), htmlReport(specification, result, 'zh'));
  return { job: hash, result: hashOf(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))) };
}
