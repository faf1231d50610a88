import { readFileSync } from 'node:fs';
import { parseTlogProof } from '@geneward/merkle';
import { InvalidArgumentError, type Command } from 'commander';
import { action } from '../command.ts';
import { exit } from '../exit.ts';
import { fetchFrom } from '../ledger/fetch.ts';
import { follow } from '../ledger/follow.ts';
import { lockFolder } from '../ledger/heads.ts';
import { readPolicy } from '../ledger/policy.ts';
import { validatorFaults } from '../ledger/validators.ts';
import { seenByWitnesses } from '../ledger/seen.ts';

interface Options {
  policy: string;
  store: string;
  compare?: string[];
  witnesses?: boolean;
  chain?: string[];
  every?: number;
}

const wholeSeconds = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('whole seconds');
  return value;
};

/** Follows a log and says when it contradicts what it has shown before, or what others were shown. */
export function monitor(program: Command): void {
  program
    .command('monitor <address>')
    .description('follow the log of an archive and check it whole 持续核查日志')
    .requiredOption('--policy <file>', 'which log to believe 信任策略文件')
    .requiredOption('--store <folder>', 'where is kept how far it was followed 状态目录')
    .option('--compare <file...>', 'checkpoints or receipts that others were given 与他人所见对比')
    .option('--witnesses', 'also hold it against what the witnesses of the policy have seen 与各见证方所见对比')
    .option(
      '--chain <node...>',
      'also ask nodes of the consortium chain what its validators did wrong 查询联盟链验证者的违规记录',
    )
    .option('--every <seconds>', 'go on, this often 持续运行的间隔秒数', wholeSeconds)
    .action(
      action(
        async (
          { output },
          address: string,
          { policy: file, store, compare = [], witnesses = false, chain = [], every }: Options,
        ) => {
          const policy = await readPolicy(file);
          const others = compare.map(checkpointIn);
          const unlock = lockFolder(store);
          try {
            for (;;) {
              const theirs = witnesses ? await seenByWitnesses(policy) : { notes: [], silent: [] };
              const followed = await follow(store, policy, fetchFrom(address), [...others, ...theirs.notes]);
              const late = [...followed.late, ...theirs.silent, ...(await validatorFaults(chain))];
              const seen = { ...followed, late };
              output.result({ ...seen, size: String(seen.size) }, () =>
                [
                  `${seen.origin} ${seen.size} ${seen.witnessed ? 'L1' : 'L0'}`,
                  ...seen.findings.map(({ code, detail }) => `✗ ${code}: ${detail}`),
                  ...seen.late.map(({ code, detail }) => `! ${code}: ${detail}`),
                ].join('\n'),
              );
              if (seen.findings.length > 0) return exit.faults;
              if (every === undefined) return seen.late.length > 0 ? exit.faults : exit.done;
              await new Promise((done) => setTimeout(done, every * 1000));
            }
          } finally {
            unlock();
          }
        },
      ),
    );
}

/** A signed checkpoint as such, or the one in a receipt. */
function checkpointIn(file: string): string {
  const text = readFileSync(file, 'utf8');
  return text.startsWith('c2sp.org/tlog-proof@v1\n') ? parseTlogProof(text).checkpoint : text;
}
