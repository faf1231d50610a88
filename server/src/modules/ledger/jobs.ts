import { record } from '../../platform/audit.ts';
import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import { transaction } from '../../platform/db.ts';
import { thinCheckpoints } from './store.ts';

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'ledger.thin': Record<string, never>;
  }
}

export const jobs = {
  'ledger.thin': (_payload, context) =>
    transaction(context.db, async (tx) => {
      const checkpoints = await thinCheckpoints(tx);
      if (checkpoints > 0) await record(tx, context, { type: 'ledger.thinned', content: { checkpoints } });
    }),
} satisfies JobHandlersFor<'ledger.thin'>;

export const schedules: readonly Schedule[] = [{ name: 'ledger.thin', cron: '27 * * * *' }];
