import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { makeCertificate } from '../party/certificate.ts';
import { fingerprintOf, readPolicy } from '../party/policy.ts';
import { asStop } from '../party/stop.ts';
import { commit, readJob, roles, type Role } from '../party/records.ts';
import { runParty } from '../party/run.ts';
import { platformVerbs } from './party-platform.ts';

export function party(program: Command): void {
  const group = program
    .command('party')
    .description('take part in joint analyses with your own data, which stays here 参与联合分析');
  group
    .command('run <job>')
    .description('run an approved job 运行已批准的任务')
    .requiredOption('--policy <file>', 'what this party allows 本方策略文件')
    .requiredOption('--out <folder>', 'where results go 结果文件夹')
    .action(
      action(async ({ output }, path: string, options: { policy: string; out: string }) =>
        asStop(output, async () => {
          const policy = readPolicy(options.policy);
          const job = readJob(path);
          const { resultHash } = await runParty(policy, job, options.out, (progress) =>
            output.warn(JSON.stringify(progress)),
          );
          output.result({ job: job.hash, result: resultHash }, () =>
            output.pick({ en: `Done; results in ${options.out}`, zh: `完成；结果在 ${options.out}` }),
          );
        }),
      ),
    );
  group
    .command('certificate <name>')
    .description('make a key and certificate; send partners the fingerprint 生成密钥与证书')
    .requiredOption('--out <folder>', 'where key and certificate go 输出文件夹')
    .action(
      action(async ({ output }, name: string, options: { out: string }) => {
        const { key, certificate } = await makeCertificate(name);
        mkdirSync(options.out, { recursive: true, mode: 0o700 });
        writeFileSync(join(options.out, 'party.key'), key, { mode: 0o600, flag: 'wx' });
        writeFileSync(join(options.out, 'party.crt'), certificate, { flag: 'wx' });
        const fingerprint = fingerprintOf(certificate);
        output.result({ name, fingerprint }, () => fingerprint);
      }),
    );
  group
    .command('commit [role=file...]')
    .description(
      `commit to input files (${roles.join(', ')}) before a job; a helper commits to none 对输入文件作出承诺，协助方无文件`,
    )
    .requiredOption('--policy <file>', 'what this party allows 本方策略文件')
    .action(
      action(async ({ output }, inputs: string[], options: { policy: string }) =>
        asStop(output, async () => {
          const files = inputs.map((input) => {
            const at = input.indexOf('=');
            const role = input.slice(0, at) as Role;
            if (!roles.includes(role)) throw new Stop(exit.usage, `${input}: role=file, ${roles.join(' | ')}`);
            return { role, path: input.slice(at + 1) };
          });
          const commitment = await commit(readPolicy(options.policy), files);
          output.result({ commitment }, () => commitment);
        }),
      ),
    );
  platformVerbs(group);
}
