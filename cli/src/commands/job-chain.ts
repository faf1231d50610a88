import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { action } from '../command.ts';
import {
  approveOnChain,
  chainNameOf,
  freezeOnChain,
  openOnChain,
  ownMember,
  sealOnChain,
  startOnChain,
} from '../party/chain.ts';
import { checkAllowed, readPolicy } from '../party/policy.ts';
import { PartyProblem } from '../party/problem.ts';
import { hashOf, isApproved, readJob, verifyReceipt } from '../party/records.ts';
import { asStop } from '../party/stop.ts';

/** What an institution says of a job on the consortium chain, each with its own key. */
export function chainVerbs(job: Command): void {
  const group = job
    .command('chain')
    .description('a job on the consortium chain, in your own name 以本机构名义在联盟链上操作任务');
  const verb = (name: string, what: string) =>
    group.command(name).description(what).requiredOption('--policy <file>', 'what this party allows 本方策略文件');

  verb('open <job>', 'put its hash and parties before all members 提交任务哈希与参与方').action(
    action(async ({ output }, path: string, options: { policy: string }) =>
      asStop(output, async () => {
        const policy = readPolicy(options.policy);
        const given = readJob(path);
        checkAllowed(policy, given.job);
        await openOnChain(ownMember(policy), policy, given.job, given.hash);
        output.result({ job: given.hash, chain: chainNameOf(given.hash) }, (it) => it.chain);
      }),
    ),
  );
  verb('approve <job>', 'your yes, after it was approved here 本机批准后在链上批准')
    .option('--receipt <file>', 'of your log, under a head that the chain has 本机构日志的回执')
    .action(
      action(async ({ output }, path: string, options: { policy: string; receipt?: string }) =>
        asStop(output, async () => {
          const policy = readPolicy(options.policy);
          const given = readJob(path);
          checkAllowed(policy, given.job);
          // A person has read who learns what: the chain is told only what was approved here.
          if (!isApproved(policy, given.hash)) throw new PartyProblem('not-approved', given.hash);
          const receipt = options.receipt === undefined ? undefined : readFileSync(options.receipt, 'utf8');
          await approveOnChain(ownMember(policy), policy, given, receipt);
          output.result({ job: given.hash }, (it) => it.job);
        }),
      ),
    );
  verb('start <job>', 'when all have approved 全部批准后启动').action(
    action(async ({ output }, path: string, options: { policy: string }) =>
      asStop(output, async () => {
        const { hash } = readJob(path);
        await startOnChain(ownMember(readPolicy(options.policy)), hash);
        output.result({ job: hash }, (it) => it.job);
      }),
    ),
  );
  verb('seal <folder>', 'say what came out, from its receipt 依据回执在链上封存结果').action(
    action(async ({ output }, folder: string, options: { policy: string }) =>
      asStop(output, async () => {
        const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
        const result = read('result.json');
        const { hash } = verifyReceipt(read('receipt.json'), result);
        await sealOnChain(ownMember(readPolicy(options.policy)), hash, hashOf(result));
        output.result({ job: hash, result: hashOf(result) }, (it) => it.result);
      }),
    ),
  );
  verb('show <job>', 'what the chain says of it 查看链上状态').action(
    action(async ({ output }, path: string, options: { policy: string }) =>
      asStop(output, async () => {
        const { hash } = readJob(path);
        const found = await ownMember(readPolicy(options.policy)).client.job(chainNameOf(hash));
        if (!found) throw new PartyProblem('not-started-on-chain');
        const parties = found.parties.map(({ member, approved, sealed }) => ({
          member,
          approved,
          sealed: Buffer.from(sealed).toString('hex'),
        }));
        const { state, proposer } = found;
        output.result({ job: hash, plan: Buffer.from(found.plan).toString('hex'), state, proposer, parties }, (it) =>
          [it.state, ...it.parties.map((one) => `${one.approved ? '✓' : '·'} ${one.member} ${one.sealed}`)].join('\n'),
        );
      }),
    ),
  );
  verb('freeze <reference>', 'no job under this consent starts any more 冻结同意').action(
    action(async ({ output }, reference: string, options: { policy: string }) =>
      asStop(output, async () => {
        const policy = readPolicy(options.policy);
        await freezeOnChain(ownMember(policy), policy, reference);
        output.result({ frozen: reference }, (it) => it.frozen);
      }),
    ),
  );
}
