import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, explainJob, jobTemplates } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { checkAllowed, readPolicy } from '../party/policy.ts';
import { approve, hashOf, readJob, verifyReceipt } from '../party/records.ts';
import { replayRun } from '../party/replay.ts';
import { asStop } from '../party/stop.ts';
import { chainVerbs } from './job-chain.ts';
import { approveOnPlatform, isOnPlatform, platformVerbs, readShown, requireLearnt, shown } from './job-platform.ts';

export function job(program: Command): void {
  const group = program.command('job').description('joint analyses: compose, explain, approve, verify 联合分析任务');
  group
    .command('templates')
    .description('specifications to start from 任务模板')
    .action(
      action(async ({ output }) => output.result(jobTemplates, (templates) => JSON.stringify(templates, undefined, 2))),
    );
  group
    .command('compose <draft>')
    .description('check a draft, give it a nonce and write it in canonical form 编制任务规格')
    .requiredOption('--out <file>', 'where the specification goes 输出文件')
    .action(
      action(async ({ output }, draft: string, options: { out: string }) =>
        asStop(output, async () => {
          const content = JSON.parse(readFileSync(draft, 'utf8')) as Record<string, unknown>;
          const text = canonicalJson({ ...content, nonce: randomBytes(32).toString('hex') });
          writeFileSync(options.out, text);
          const { hash } = readJob(options.out);
          output.result({ job: hash }, () => hash);
        }),
      ),
    );
  group
    .command('explain <job>')
    .description('who learns what; a file, or a job of the platform 各方将得知什么')
    .action(
      action(async ({ output, client }, path: string) =>
        asStop(output, async () => {
          const { hash, learns } = isOnPlatform(path) ? await readShown(client(), path) : explained(readJob(path));
          output.result({ job: hash, learns }, () =>
            [hash, ...learns.map(({ text }) => `- ${output.pick(text)}`)].join('\n'),
          );
        }),
      ),
    );
  group
    .command('approve <job>')
    .description('approve exactly this specification; a file at this party, or a job of the platform 批准任务')
    .option('--policy <file>', 'what this party allows 本方策略文件')
    .option('--person <name>', 'who approves 批准人')
    .option('--learnt', 'I have read who learns what 我已阅读各方将得知的内容')
    .action(
      action(async (tools, path: string, options: { policy?: string; person?: string; learnt?: boolean }) =>
        asStop(tools.output, async () => {
          const { output } = tools;
          if (isOnPlatform(path)) {
            output.result(await approveOnPlatform(tools, path, options), (it) => shown(it, output));
            return;
          }
          if (options.policy === undefined || options.person === undefined)
            throw new Stop(
              exit.usage,
              output.pick({ en: 'A file needs --policy and --person.', zh: '批准文件需要 --policy 与 --person。' }),
            );
          const policy = readPolicy(options.policy);
          const { job: specification, hash } = readJob(path);
          checkAllowed(policy, specification);
          const { learns } = explained({ job: specification, hash });
          for (const { text } of learns) output.warn(`- ${output.pick(text)}`);
          requireLearnt(output, options.learnt);
          approve(policy, hash, options.person, learns, new Date().toISOString());
          output.result({ job: hash, person: options.person }, () => hash);
        }),
      ),
    );
  group
    .command('verify <folder>')
    .description('check result.json against receipt.json, offline 离线核验结果与回执')
    .action(
      action(async ({ output }, folder: string) =>
        asStop(output, async () => {
          const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
          const result = read('result.json');
          const { job: specification, hash } = verifyReceipt(read('receipt.json'), result);
          const parties = specification.parties.map(({ name }) => name);
          output.result({ job: hash, result: hashOf(result), parties }, () =>
            output.pick({
              en: `The result belongs to job ${hash}; ${parties.join(', ')} signed it and both ends of every line agree.`,
              zh: `结果属于任务 ${hash}；${parties.join('、')} 均已签名，且每条连接两端一致。`,
            }),
          );
        }),
      ),
    );
  group
    .command('replay <folder>')
    .description('do a party’s run again from its record and data, and compare every frame 重放一方的运行并逐帧核对')
    .requiredOption('--policy <file>', 'that party’s policy file, whose records and folders are read 该方策略文件')
    .action(
      action(async ({ output }, folder: string, options: { policy: string }) =>
        asStop(output, async () => {
          const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
          const shown = await replayRun(readPolicy(options.policy), read('receipt.json'), read('result.json'));
          const lines = shown.lines.map(({ partner, messages }) => `${partner} (${messages})`).join(', ');
          output.result(shown, () =>
            output.pick({
              en: `${shown.party} sent exactly what it signed, from the committed files: messages to ${lines}.`,
              zh: `${shown.party} 依据所承诺的文件，发送的内容与签署的完全一致：发往 ${lines} 的消息。`,
            }),
          );
        }),
      ),
    );
  platformVerbs(group);
  chainVerbs(group);
}

const explained = ({ job, hash }: ReturnType<typeof readJob>) => ({ hash, learns: explainJob(job) });
