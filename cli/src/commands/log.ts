import { writeFileSync } from 'node:fs';
import { ledgerRoutes } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit } from '../exit.ts';
import { columns } from '../output.ts';

/** The state of an archive's log, and the policy that the archive itself works by. */
export function log(program: Command): void {
  program
    .command('log')
    .description('state of the archive’s log 查看日志状态')
    .option('--save-policy <file>', 'keep the policy of today, to hold later receipts against 保存当前策略')
    .action(
      action(async ({ output, client }, options: { savePolicy?: string }) => {
        const status = await client().call(ledgerRoutes.ledgerStatus, {});
        if (options.savePolicy !== undefined) writeFileSync(options.savePolicy, status.policy);
        const { alarm } = status;
        output.result(status, () =>
          [
            columns([
              [output.pick({ en: 'log', zh: '日志' }), status.key],
              [output.pick({ en: 'entries', zh: '条目' }), status.size],
              ['L0', status.signed],
              ['L1', status.witnessed],
              ['L2', status.final],
              ['L3', status.anchored],
              ...(status.chain ? [[`chain ${status.chain.id}`, status.chain.standing, status.chain.detail]] : []),
              ...status.witnesses.map((witness) => [witness.name, witness.size]),
            ]),
            ...(alarm ? [output.pick(alarm.text), output.pick(alarm.mend)] : []),
          ].join('\n'),
        );
        return alarm ? exit.faults : exit.done;
      }),
    );
}
