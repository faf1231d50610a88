import { randomUUID } from 'node:crypto';
import { reviewRoutes } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';

/** A submitter's word to the curators; their answers show in `status`. */
export function comment(program: Command): void {
  program
    .command('comment <submission> <text>')
    .description('write to the curators of a submission 给审核人员留言')
    .action(
      action(async ({ output, client }, submission: string, text: string) => {
        const made = await client().call(reviewRoutes.commentAsSubmitter, {
          params: { submission },
          body: { text },
          idempotencyKey: randomUUID(),
        });
        output.result(made, () => output.pick({ en: 'sent', zh: '已发送' }));
      }),
    );
}
