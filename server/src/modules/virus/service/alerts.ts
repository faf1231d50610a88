import type { BodyOf, ReplyOf, virusRoutes } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context, Principal } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { notify, principalOf } from '../../identity/index.ts';
import { readable } from '../access.ts';
import * as store from '../store.ts';

type AlertView = ReplyOf<typeof virusRoutes.saveVirusAlert>;
const limit = 50;

const alertView = (row: store.AlertRow): AlertView => ({
  id: row.id,
  title: row.title,
  question: row.query,
  rising: row.rising,
  createdAt: row.created_at.toISOString(),
});

function personOf({ principal }: Context): Extract<Principal, { kind: 'person' }> {
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  return principal;
}

export async function listAlerts(context: Context): Promise<{ items: AlertView[] }> {
  return { items: (await store.alertsOf(context.db, personOf(context).id)).map(alertView) };
}

export async function saveAlert(
  context: Context,
  { title, question, rising }: BodyOf<typeof virusRoutes.saveVirusAlert>,
): Promise<AlertView> {
  const { id } = personOf(context);
  return transaction(context.db, async (tx) => {
    if ((await store.alertsOf(tx, id)).length >= limit)
      throw new Problem('virus_too_many_alerts', { params: { limit } });
    const row = await store.insertAlert(tx, {
      person_id: id,
      title,
      query: JSON.stringify(question),
      rising,
      created_at: context.now(),
    });
    await record(tx, context, { type: 'virus.alert_saved', object: { kind: 'alert', id: row.id }, content: {} });
    return alertView(row);
  });
}

export async function deleteAlert(context: Context, alert: string): Promise<void> {
  const { id } = personOf(context);
  await transaction(context.db, async (tx) => {
    if (!(await store.deleteAlert(tx, id, alert))) throw new Problem('not_found');
    await record(tx, context, { type: 'virus.alert_deleted', object: { kind: 'alert', id: alert }, content: {} });
  });
}

/** The job: tells who saved a question of new genomes that answer it, as far as they may see them. */
export async function tellAlerts(context: Context, batch: string): Promise<void> {
  const found = await store.findBatch(context.db, batch);
  if (found?.state !== 'done') return;
  await transaction(context.db, async (tx) => {
    for (const alert of await store.allAlerts(tx)) {
      const principal = await principalOf({ ...context, db: tx }, alert.person_id);
      if (!principal) continue;
      const asked = { scope: readable({ ...context, principal }), question: alert.query };
      const genomes = await store.countAnswers(tx, asked, batch);
      if (genomes === 0) continue;
      await notify(tx, {
        people: [alert.person_id],
        type: 'virus.answered',
        object: { kind: 'genomes', id: batch },
        title: { en: `${alert.title}: ${genomes} new genomes`, zh: `${alert.title}：新增 ${genomes} 条基因组` },
        body: {
          en: `The batch “${found.title}” has ${genomes} genomes that answer your saved question.`,
          zh: `批次“${found.title}”中有 ${genomes} 条基因组符合您保存的查询。`,
        },
        at: context.now(),
      });
    }
  });
}
