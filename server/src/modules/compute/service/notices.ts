import type { Text } from '@geneward/metadata';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { holdersIn, notify } from '../../identity/index.ts';
import type { JobPartyRow, JobRow } from '../store.ts';
import { refOf } from './open-job.ts';

/** Tells the committees of all parties that a job waits for their yes. Nobody is told of what he did himself. */
export async function tellCommittees(
  tx: Tx,
  context: Context,
  row: Pick<JobRow, 'id' | 'purpose' | 'expires_at'>,
  parties: readonly Pick<JobPartyRow, 'organisation_id'>[],
): Promise<void> {
  const organisations = parties.map(({ organisation_id }) => organisation_id);
  const until = row.expires_at.toISOString().slice(0, 10);
  await notify(tx, {
    people: others(context, await holdersIn(tx, 'committee_member', organisations)),
    type: 'compute.opened',
    object: refOf(row),
    at: context.now(),
    title: { en: `Joint analysis to decide on: ${row.purpose}`, zh: `待批准的联合分析：${row.purpose}` },
    body: {
      en: `Your institution is a party. Read who learns what, and approve it or not until ${until}.`,
      zh: `贵机构为参与方。请阅读各方将得知的内容，并于 ${until} 前决定是否批准。`,
    },
  });
}

/** Tells who proposed a job how it ended. */
export async function tellProposer(
  tx: Tx,
  context: Context,
  row: Pick<JobRow, 'id' | 'purpose' | 'opened_by'>,
  end: 'sealed' | 'aborted' | 'expired' | 'disputed',
): Promise<void> {
  await notify(tx, {
    people: others(context, [row.opened_by]),
    type: `compute.${end}`,
    object: refOf(row),
    at: context.now(),
    title: { en: `${ends[end].en}: ${row.purpose}`, zh: `${ends[end].zh}：${row.purpose}` },
    body: { en: 'The job tells what is known of it.', zh: '详情请查看该任务。' },
  });
}

const ends: Readonly<Record<'sealed' | 'aborted' | 'expired' | 'disputed', Text>> = {
  sealed: { en: 'Joint analysis sealed', zh: '联合分析已封存' },
  aborted: { en: 'Joint analysis broken off', zh: '联合分析已中止' },
  expired: { en: 'Joint analysis expired', zh: '联合分析已过期' },
  disputed: { en: 'Two different results of a joint analysis', zh: '联合分析出现两个不同结果' },
};

const others = ({ principal }: Context, people: readonly string[]): string[] =>
  people.filter((one) => principal.kind !== 'person' || principal.id !== one);
