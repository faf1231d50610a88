import { reviewRoutes, submissionRoutes, type Review } from '@geneward/api';
import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { action } from '../command.ts';
import { printFindings } from '../findings.ts';
import { columns, type Output } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { remark, summary } from './status.ts';

export function review(program: Command): void {
  const group = program.command('review').description('review submissions 审核');
  group
    .command('queue')
    .description('what waits, oldest first 待审核列表')
    .option('--free', 'only what nobody has taken 仅未认领')
    .action(
      action(async ({ output, client }, options: { free?: boolean }) => {
        const api = client();
        const items = await itemsOf(1000, (query) =>
          api.call(reviewRoutes.reviewQueue, { query: { ...query, claim: options.free ? 'free' : 'any' } }),
        );
        output.result(items, (all) =>
          all.length === 0
            ? output.pick({ en: 'Nothing waits for review.', zh: '没有待审核的提交。' })
            : columns(
                all.map((it) => [
                  it.submission,
                  it.submittedAt?.slice(0, 10) ?? '',
                  it.claimedBy ? '*' : ' ',
                  it.title,
                ]),
              ),
        );
      }),
    );
  group
    .command('show <submission>')
    .description('a submission with its findings and decisions 查看待审提交')
    .action(
      action(async ({ output, client }, id: string) => {
        const api = client();
        const params = { submission: id };
        const [submission, state, findings, comments] = await Promise.all([
          api.call(submissionRoutes.getSubmission, { params }),
          api.call(reviewRoutes.getReview, { params }),
          api.call(submissionRoutes.listFindings, { params, query: { limit: 200 } }),
          api.call(reviewRoutes.listComments, { params, query: { limit: 200 } }),
        ]);
        output.result({ submission, review: state, findings: findings.items, comments: comments.items }, () =>
          [
            summary(submission, output),
            ...(findings.items.length > 0 ? [printFindings(findings.items, output)] : []),
            ...comments.items.map((it) => remark(it, output)),
          ].join('\n'),
        );
      }),
    );
  group
    .command('claim <submission>')
    .description('take a submission 认领')
    .option('--undo', 'give it back 放弃认领')
    .action(
      action(async ({ output, client }, id: string, options: { undo?: boolean }) => {
        const params = { submission: id };
        if (options.undo) await client().call(reviewRoutes.unclaimReview, { params });
        else await client().call(reviewRoutes.claimReview, { params });
        output.result({ submission: id, claimed: !options.undo }, () => 'ok');
      }),
    );
  group
    .command('return <submission>')
    .description('send it back with a reason 退回并说明理由')
    .requiredOption('--reason <text...>', 'what to change 理由')
    .action(
      action(async ({ output, client }, id: string, options: { reason: string[] }) => {
        const api = client();
        const { version } = await api.call(reviewRoutes.getReview, { params: { submission: id } });
        const done = await api.call(reviewRoutes.returnSubmission, {
          params: { submission: id },
          body: { reasons: options.reason.map((text) => ({ text })) },
          ifMatch: String(version),
          idempotencyKey: randomUUID(),
        });
        output.result(done, (it) => decided(it, output));
      }),
    );
  group
    .command('accept <submission>')
    .description('accept it; accessions are given 接收并分配编号')
    .option('--note <text>', 'kept with the decision 备注')
    .action(
      action(async ({ output, client }, id: string, options: { note?: string }) => {
        const api = client();
        const { version } = await api.call(reviewRoutes.getReview, { params: { submission: id } });
        const done = await api.call(reviewRoutes.acceptSubmission, {
          params: { submission: id },
          body: options.note === undefined ? {} : { note: options.note },
          ifMatch: String(version),
          idempotencyKey: randomUUID(),
        });
        output.result(done, (it) =>
          it.status === 'accepted'
            ? columns(
                it.accessions.map((range) => [
                  range.type,
                  String(range.count),
                  range.first === range.last ? range.first : `${range.first} – ${range.last}`,
                ]),
              )
            : output.pick({
                en: `Endorsed (${it.endorsements} of ${it.reviewersNeeded}); another reviewer is needed.`,
                zh: `已同意（${it.endorsements}/${it.reviewersNeeded}），仍需另一位审核人。`,
              }),
        );
      }),
    );
  group
    .command('comment <submission> <text>')
    .description('write to the submitter 给提交人留言')
    .action(
      action(async ({ output, client }, id: string, text: string) => {
        const made = await client().call(reviewRoutes.commentAsCurator, {
          params: { submission: id },
          body: { text },
          idempotencyKey: randomUUID(),
        });
        output.result(made, () => 'ok');
      }),
    );
}

const decided = (it: Review, output: Output): string =>
  output.pick({ en: `${it.title}: ${it.status}`, zh: `${it.title}：${it.status}` });
