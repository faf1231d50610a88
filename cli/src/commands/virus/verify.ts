import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { action, type Tools } from '../../command.ts';
import { exit } from '../../exit.ts';
import { columns } from '../../output.ts';
import { saying } from '../../virus/saying.ts';
import { verifyBatch, verifyForecast, verifyTree, type Checked } from '../../virus/verify.ts';
import { wholeNumber } from '../search.ts';

/** Conclusions of a server made again here, from the inputs that its records name. */
export function verify(program: Command): void {
  const group = program
    .command('verify')
    .description('make a conclusion of the server again from its recorded inputs and compare 重新计算并核对服务器结论');
  group
    .command('batch <batch>')
    .description('what was told of each genome of a batch 核对批次')
    .action(action((tools, batch: string) => held(tools, (folder) => verifyBatch(tools.client(), batch, folder))));
  group
    .command('tree <dataset>')
    .description('a state of a tree, from its batches 核对进化树状态')
    .addOption(
      new Option('--of <whose>', 'of shared genomes or your own 共享或本机构')
        .choices(['public', 'own'])
        .default('public'),
    )
    .option('--state <n>', 'an earlier state; the newest without it 状态编号', wholeNumber(1, 1_000_000))
    .action(
      action((tools, dataset: string, options: { of: 'public' | 'own'; state?: number }) =>
        held(tools, (folder) => verifyTree(tools.client(), dataset, options, folder)),
      ),
    );
  group
    .command('forecast <forecast>')
    .description('a locked forecast and its score, from their counts 核对预测与评分')
    .action(
      action((tools, forecast: string) => held(tools, (folder) => verifyForecast(tools.client(), forecast, folder))),
    );
}

/** Runs a check with a folder of its own, and says what came out the same and what did not. */
async function held({ output }: Tools, check: (folder: string) => Promise<readonly Checked[]>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-verify-'));
  try {
    const checks = await saying(output, () => check(folder));
    const marks = { same: '✓', other: '✗', unknown: '?' } as const;
    output.result(checks, (all) =>
      columns(
        all.map(({ what, verdict, note }) => [marks[verdict], what, note === undefined ? '' : output.pick(note)]),
      ),
    );
    return checks.some(({ verdict }) => verdict === 'other') ? exit.faults : exit.done;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
