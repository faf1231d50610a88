import type { Text } from '@geneward/metadata';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { notify, type NewNotice } from '../../identity/index.ts';
import { nameOf, refOf } from './move-objects.ts';
import type { ObjectRow } from '../store-object.ts';
import type { SubmissionRow } from '../store.ts';

/** Nobody is told of what he did himself. */
async function tell(tx: Tx, context: Context, person: string, notice: Omit<NewNotice, 'people' | 'at'>): Promise<void> {
  if (context.principal.kind === 'person' && context.principal.id === person) return;
  await notify(tx, { ...notice, people: [person], at: context.now() });
}

/** Each submitter hears once, with the first of his objects. */
async function tellOwners(
  tx: Tx,
  context: Context,
  rows: readonly ObjectRow[],
  type: string,
  words: (first: string, count: number) => { title: Text; body: Text },
): Promise<void> {
  for (const [person, own] of Map.groupBy(rows, (row) => row.submitter_id)) {
    const [first] = own;
    if (!first) continue;
    const { title, body } = words(nameOf(first), own.length);
    await tell(tx, context, person, { type, object: refOf(first), title, body });
  }
}

const several = (first: string, count: number): Text =>
  count === 1 ? { en: first, zh: first } : { en: `${first} and ${count - 1} more`, zh: `${first} 等 ${count} 个对象` };

/** Tells the submitter that a submission came back, and how many reasons there are. */
export async function tellReturned(tx: Tx, context: Context, row: SubmissionRow, reasons: number): Promise<void> {
  await tell(tx, context, row.submitter_id, {
    type: 'submission.returned',
    object: { kind: 'submission', id: row.id },
    title: { en: `Returned: ${row.title}`, zh: `提交已退回：${row.title}` },
    body: {
      en: `A curator returned the submission with ${reasons} remark(s). Change what they name and send it in again.`,
      zh: `审核人员退回了该提交，并附有 ${reasons} 条意见。请按意见修改后重新提交。`,
    },
  });
}

/** Tells the submitter of the accessions. */
export async function tellAccepted(
  tx: Tx,
  context: Context,
  row: SubmissionRow,
  accessions: readonly { first: string; last: string; count: number }[],
  revised: readonly string[],
): Promise<void> {
  const ranges = accessions.map(({ first, last, count }) => (count === 1 ? first : `${first}–${last}`)).join(', ');
  const names = revised.length > 3 ? `${revised.slice(0, 3).join(', ')} …` : revised.join(', ');
  const given = ranges && { en: `Accessions: ${ranges}.`, zh: `编号：${ranges}。` };
  const renewed = names && { en: `New versions: ${names}.`, zh: `新版本：${names}。` };
  await tell(tx, context, row.submitter_id, {
    type: 'submission.accepted',
    object: { kind: 'submission', id: row.id },
    title: { en: `Accepted: ${row.title}`, zh: `提交已接收：${row.title}` },
    body: {
      en: [given && given.en, renewed && renewed.en].filter(Boolean).join(' '),
      zh: [given && given.zh, renewed && renewed.zh].filter(Boolean).join(''),
    },
  });
}

/** Tells owners that somebody else of their organisation revised their objects. */
export async function tellRevised(tx: Tx, context: Context, rows: readonly ObjectRow[], title: string): Promise<void> {
  await tellOwners(tx, context, rows, 'object.revised', (first, count) => {
    const { en, zh } = several(first, count);
    return {
      title: { en: `New version: ${en}`, zh: `新版本：${zh}` },
      body: { en: `Submission: ${title}`, zh: `所属提交：${title}` },
    };
  });
}

/** Tells the other side that somebody wrote. */
export async function tellComment(tx: Tx, context: Context, row: SubmissionRow, to: string): Promise<void> {
  await tell(tx, context, to, {
    type: 'review.commented',
    object: { kind: 'submission', id: row.id },
    title: { en: `New comment: ${row.title}`, zh: `新评论：${row.title}` },
    body: {
      en: 'Somebody wrote about this submission. Open it to answer.',
      zh: '该提交有新的评论，请打开查看并回复。',
    },
  });
}

/** Tells owners that their objects are public. */
export async function tellReleased(
  tx: Tx,
  context: Context,
  rows: readonly ObjectRow[],
  by: 'date' | 'citation',
): Promise<void> {
  await tellOwners(tx, context, rows, 'object.released', (first, count) => {
    const { en, zh } = several(first, count);
    return {
      title: { en: `Released: ${en}`, zh: `已公开：${zh}` },
      body:
        by === 'date'
          ? { en: 'The release date has come.', zh: '已到设定的公开日期。' }
          : { en: 'A publication cites the data, so it was released.', zh: '相关数据已被出版物引用，因此予以公开。' },
    };
  });
}

/** Reminds an owner of a coming release; the day can still be moved. */
export async function tellReleaseSoon(
  tx: Tx,
  context: Context,
  rows: readonly ObjectRow[],
  day: string,
): Promise<void> {
  await tellOwners(tx, context, rows, 'object.release_soon', (first, count) => {
    const { en, zh } = several(first, count);
    return {
      title: { en: `To be released on ${day}: ${en}`, zh: `将于 ${day} 公开：${zh}` },
      body: {
        en: 'If the data must stay held, move the release date before that day.',
        zh: '如需继续保密，请在该日期之前调整公开日期。',
      },
    };
  });
}

/** Tells owners that their day has come but the release is held up. */
export async function tellReleaseBlocked(
  tx: Tx,
  context: Context,
  rows: readonly ObjectRow[],
  blockers: readonly string[],
): Promise<void> {
  const names = blockers.slice(0, 5).join(', ');
  await tellOwners(tx, context, rows, 'object.release_blocked', (first, count) => {
    const { en, zh } = several(first, count);
    return {
      title: { en: `Could not be released: ${en}`, zh: `无法按期公开：${zh}` },
      body: {
        en: `The objects that they stand on are not free: ${names}. The release is tried again every hour.`,
        zh: `其所依赖的对象尚不能公开：${names}。系统将每小时重试。`,
      },
    };
  });
}

/** Tells owners what a curator did to their objects, and why. */
export async function tellTaken(
  tx: Tx,
  context: Context,
  rows: readonly ObjectRow[],
  act: 'suppressed' | 'restored' | 'withdrawn',
  reason: string,
): Promise<void> {
  const words = {
    suppressed: { en: 'Taken out of search', zh: '已移出检索' },
    restored: { en: 'Back in search', zh: '已恢复检索' },
    withdrawn: { en: 'Withdrawn', zh: '已撤回' },
  }[act];
  await tellOwners(tx, context, rows, `object.${act}`, (first, count) => {
    const { en, zh } = several(first, count);
    return {
      title: { en: `${words.en}: ${en}`, zh: `${words.zh}：${zh}` },
      body: reason === '' ? words : { en: `Reason: ${reason}`, zh: `原因：${reason}` },
    };
  });
}
