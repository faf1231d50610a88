import { identityRoutes } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { itemsOf } from '../pages.ts';
import { wholeNumber } from './search.ts';

/** What the platform has to tell its user: decisions, releases, files about to expire. */
export function notices(program: Command): void {
  program
    .command('notices')
    .description('what the platform told me, newest first 我的通知')
    .option('--all', 'also what was read before 包括已读')
    .option('--keep', 'do not mark them as read 不标为已读')
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 1000), 50)
    .action(
      action(async ({ output, client }, { all, keep, limit }: { all?: boolean; keep?: boolean; limit: number }) => {
        const api = client();
        const items = await itemsOf(limit, (query) =>
          api.call(identityRoutes.myNotices, { query: { ...query, ...(!all && { unread: 'true' }) } }),
        );
        output.result(items, (list) =>
          list.length === 0
            ? output.pick({ en: 'Nothing new.', zh: '没有新通知。' })
            : list
                .map(
                  (it) =>
                    `${it.at.slice(0, 16).replace('T', ' ')}  ${output.pick(it.title)}\n  ${output.pick(it.body)}`,
                )
                .join('\n'),
        );
        const unread = items.filter((it) => !it.readAt).map((it) => it.id);
        if (keep) return;
        for (let at = 0; at < unread.length; at += 200)
          await api.call(identityRoutes.markNoticesRead, { body: { ids: unread.slice(at, at + 200) } });
      }),
    );
}
