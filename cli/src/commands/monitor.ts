import { readFileSync } from 'node:fs';
import { parsePolicy, parseTlogProof } from '@geneward/merkle';
import { InvalidArgumentError, type Command } from 'commander';
import { action } from '../command.ts';
import { exit } from '../exit.ts';
import { follow, type Fetch } from '../ledger/follow.ts';
import { lockFolder } from '../ledger/heads.ts';

interface Options {
  policy: string;
  store: string;
  compare?: string[];
  every?: number;
}

const wholeSeconds = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('whole seconds');
  return value;
};

/** A file of a log at most: a full bundle of the largest entries. */
const sizeLimit = 17 * 1024 * 1024;

/** Follows a log and says when it contradicts what it has shown before, or what others were shown. */
export function monitor(program: Command): void {
  program
    .command('monitor <address>')
    .description('follow the log of an archive and check it whole 持续核查日志')
    .requiredOption('--policy <file>', 'which log to believe 信任策略文件')
    .requiredOption('--store <folder>', 'where is kept how far it was followed 状态目录')
    .option('--compare <file...>', 'checkpoints or receipts that others were given 与他人所见对比')
    .option('--every <seconds>', 'go on, this often 持续运行的间隔秒数', wholeSeconds)
    .action(
      action(async ({ output }, address: string, { policy: file, store, compare = [], every }: Options) => {
        const policy = parsePolicy(readFileSync(file, 'utf8'));
        const others = compare.map(checkpointIn);
        const unlock = lockFolder(store);
        try {
          for (;;) {
            const seen = await follow(store, policy, fetchFrom(address), others);
            output.result({ ...seen, size: String(seen.size) }, () =>
              [
                `${seen.origin} ${seen.size} ${seen.witnessed ? 'L1' : 'L0'}`,
                ...seen.findings.map(({ code, detail }) => `✗ ${code}: ${detail}`),
              ].join('\n'),
            );
            if (seen.findings.length > 0) return exit.faults;
            if (every === undefined) return exit.done;
            await new Promise((done) => setTimeout(done, every * 1000));
          }
        } finally {
          unlock();
        }
      }),
    );
}

/** A signed checkpoint as such, or the one in a receipt. */
function checkpointIn(file: string): string {
  const text = readFileSync(file, 'utf8');
  return text.startsWith('c2sp.org/tlog-proof@v1\n') ? parseTlogProof(text).checkpoint : text;
}

const fetchFrom =
  (address: string): Fetch =>
  async (path) => {
    const response = await fetch(`${address.replace(/\/$/, '')}/log/${path}`, { signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > sizeLimit) throw new Error(`${path}: too large`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  };
