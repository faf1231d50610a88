import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  LogError,
  isCose,
  nodeSha256,
  requireQuorum,
  verifyCoseReceipt,
  verifyReceipt,
  type VerifiedReceipt,
} from '@geneward/merkle';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { isAccepted, type Outside } from '../ledger/evm.ts';
import { readPolicy } from '../ledger/policy.ts';
import { anchorWords, levelWords, refusalWords } from '../ledger/words.ts';
import type { Output } from '../output.ts';

interface Options {
  policy: string;
  evm?: string;
  contract?: string;
}

/** Verifies receipts without any server: a policy file says whom to believe. Only level L3 is looked up, where it is asked for. */
export function verify(program: Command): void {
  program
    .command('verify <receipt...>')
    .description('verify receipts offline 离线验证回执')
    .requiredOption('--policy <file>', 'which log and which witnesses to believe, C2SP tlog-policy 信任策略文件')
    .option('--evm <node>', 'look heads up on an EVM chain: JSON-RPC of a node that you believe 在 EVM 链上核对（L3）')
    .option('--contract <address>', 'the contract there that you believe, 0x… 该链上受信任的合约')
    .action(
      action(async ({ output }, files: string[], options: Options) => {
        const policy = await readPolicy(options.policy);
        const outside = outsideOf(options, output);
        const results: (View | Refused)[] = [];
        for (const file of files) {
          try {
            const bytes = readFileSync(file);
            const sha256 = nodeSha256({ hash });
            const verified = isCose(bytes)
              ? verifyCoseReceipt(bytes, policy, sha256)
              : verifyReceipt(bytes.toString('utf8'), policy, sha256);
            requireQuorum(verified, policy);
            const { receipt, checkpoint } = verified;
            const asked = outside && receipt.anchor;
            const found = asked && (await isAccepted(receipt.anchor, checkpoint.origin, outside));
            results.push(found === false ? refusedOutside(file) : { file, ...view(verified, found === true) });
          } catch (error) {
            if (!(error instanceof LogError)) throw error;
            results.push({ file, verified: false, code: error.code, reason: error.message });
          }
        }
        output.result(results, (all) => all.map((it) => line(it, output)).join('\n'));
        return results.every(({ verified }) => verified) ? exit.done : exit.faults;
      }),
    );
}

function outsideOf({ evm: node, contract }: Options, output: Output): Outside | undefined {
  if (node === undefined && contract === undefined) return undefined;
  if (node !== undefined && contract !== undefined) return { node, contract };
  throw new Stop(
    exit.usage,
    output.pick({ en: '--evm and --contract belong together.', zh: '--evm 与 --contract 须一并给出。' }),
    'usage',
  );
}

const refusedOutside = (file: string): Refused => ({
  file,
  verified: false,
  code: 'anchor_wrong',
  reason: 'the chain has not accepted the head that the receipt names',
});

type View = ReturnType<typeof view> & { readonly file: string };
interface Refused {
  readonly file: string;
  readonly verified: false;
  readonly code: LogError['code'] | 'anchor_wrong';
  readonly reason: string;
}

function view({ receipt, level, statement, checkpoint, witnesses }: VerifiedReceipt, outside: boolean) {
  const { anchor } = receipt;
  return {
    verified: true as const,
    level: outside ? ('L3' as const) : level,
    log: checkpoint.origin,
    size: String(checkpoint.size),
    index: String(receipt.index),
    type: receipt.entry.type,
    at: receipt.entry.time,
    witnesses: witnesses.map(({ witness, time }) => ({ name: witness.name, time: String(time) })),
    ...(anchor && {
      anchor: {
        chainId: String(anchor.chainId),
        contract: anchor.contract,
        transaction: anchor.transaction,
        block: String(anchor.block),
        size: String(anchor.size),
        lookedUp: outside,
      },
    }),
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
    ...(it.anchor ? [`  ${output.pick(anchorWords(it.anchor))}`] : []),
    ...(it.statement === undefined ? [`  ${erased}`] : []),
  ].join('\n');
}
