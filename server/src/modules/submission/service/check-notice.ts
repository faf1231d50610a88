import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { notify } from '../../identity/index.ts';
import type { SubmissionRow } from '../store.ts';

/** Tells the submitter what became of the checks. */
export function tellChecked(tx: Tx, context: Context, row: SubmissionRow, errors: number): Promise<void> {
  const object = { kind: 'submission' as const, id: row.id };
  const { title } = row;
  const notice = { people: [row.submitter_id], object, at: context.now() };
  return errors === 0
    ? notify(tx, {
        ...notice,
        type: 'submission.passed',
        title: { en: `In review: ${title}`, zh: `进入审核：${title}` },
        body: { en: 'All checks passed. A curator will look at it.', zh: '已通过全部检查，等待审核人员处理。' },
      })
    : notify(tx, {
        ...notice,
        type: 'submission.failed',
        title: { en: `Checks failed: ${title}`, zh: `检查未通过：${title}` },
        body: {
          en: `The checks found ${errors} error(s). Open the report, correct them and submit again.`,
          zh: `检查发现 ${errors} 个错误。请查看报告，更正后重新提交。`,
        },
      });
}
