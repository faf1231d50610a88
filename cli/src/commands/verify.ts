import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  LogError,
  isCose,
  nodeSha256,
  parsePolicy,
  requireQuorum,
  verifyCoseReceipt,
  verifyReceipt,
  type VerifiedReceipt,
} from '@geneward/merkle';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit } from '../exit.ts';
import { levelWords, refusalWords } from '../ledger/words.ts';
import type { Output } from '../output.ts';

/** Verifies receipts without any server: a policy file says whom to believe. */
export function verify(program: Command): void {
  program
    .command('verify <receipt...>')
    .description('verify receipts offline 离线验证回执')
    .requiredOption('--policy <file>', 'which log and which witnesses to believe, C2SP tlog-policy 信任策略文件')
    .action(
      action(async ({ output }, files: string[], options: { policy: string }) => {
        const policy = parsePolicy(readFileSync(options.policy, 'utf8'));
        const results = files.map((file) => {
          try {
            const bytes = readFileSync(file);
            const sha256 = nodeSha256({ hash });
            const verified = isCose(bytes)
              ? verifyCoseReceipt(bytes, policy, sha256)
              : verifyReceipt(bytes.toString('utf8'), policy, sha256);
            requireQuorum(verified, policy);
            return { file, ...view(verified) };
          } catch (error) {
            if (!(error instanceof LogError)) throw error;
            return { file, verified: false as const, code: error.code, reason: error.message };
          }
        });
        output.result(results, (all) => all.map((it) => line(it, output)).join('\n'));
        return results.every(({ verified }) => verified) ? exit.done : exit.faults;
      }),
    );
}

type View = ReturnType<typeof view> & { readonly file: string };
interface Refused {
  readonly file: string;
  readonly verified: false;
  readonly code: LogError['code'];
  readonly reason: string;
}

function view({ receipt, level, statement, checkpoint, witnesses }: VerifiedReceipt) {
  return {
    verified: true as const,
    level,
    log: checkpoint.origin,
    size: String(checkpoint.size),
    index: String(receipt.index),
    type: receipt.entry.type,
    at: receipt.entry.time,
    witnesses: witnesses.map(({ witness, time }) => ({ name: witness.name, time: String(time) })),
    statement,
  };
}

function line(it: View | Refused, output: Output): string {
  if (!it.verified) {
    const words = refusalWords[it.code];
    return `✗ ${it.file}\n  ${words ? output.pick(words) : it.reason} [${it.code}]`;
  }
  const erased = output.pick({ en: 'the statement was erased', zh: '内容已销毁' });
  return [
    `✓ ${it.file}`,
    `  ${it.type}  ${it.at}  ${it.log} #${it.index}`,
    `  ${it.level}: ${output.pick(levelWords[it.level])}`,
    ...(it.statement === undefined ? [`  ${erased}`] : []),
  ].join('\n');
}
