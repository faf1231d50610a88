import { reviewRoutes, submissionRoutes, type Comment, type Submission } from '@geneward/api';
import type { Command } from 'commander';
import { action, type Tools } from '../command.ts';
import { printFindings } from '../findings.ts';
import { columns, type Output } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { wholeNumber } from './search.ts';

export function status(program: Command): void {
  program
    .command('status [submission]')
    .description('my submissions, or one with its sheets, files and faults 查看提交状态')
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 1000), 20)
    .action(
      action(async (tools, id: string | undefined, options: { limit: number }) =>
        id === undefined ? list(tools, options.limit) : one(tools, id),
      ),
    );
}

async function list({ output, client }: Tools, limit: number): Promise<void> {
  const api = client();
  const items = await itemsOf(limit, (query) =>
    api.call(submissionRoutes.listSubmissions, { query: { ...query, mine: 'true' } }),
  );
  output.result(items, (all) =>
    all.length === 0
      ? output.pick({
          en: 'No submissions yet. "geneward submit <folder>" makes the first.',
          zh: '暂无提交。使用 “geneward submit <目录>” 创建。',
        })
      : columns(all.map((it) => [it.id, it.status, moment(it.updatedAt), it.title])),
  );
}

async function one({ output, client }: Tools, id: string): Promise<void> {
  const api = client();
  const submission = await api.call(submissionRoutes.getSubmission, { params: { submission: id } });
  const files = await itemsOf(1000, (query) =>
    api.call(submissionRoutes.listSubmissionFiles, { params: { submission: id }, query }),
  );
  const findings = await itemsOf(1000, (query) =>
    api.call(submissionRoutes.listFindings, { params: { submission: id }, query }),
  );
  const entries = await itemsOf(1000, (query) =>
    api.call(submissionRoutes.listEntries, { params: { submission: id }, query }),
  );
  const decisions =
    submission.submittedAt === undefined
      ? []
      : (await api.call(reviewRoutes.getReview, { params: { submission: id } })).decisions;
  const comments = await itemsOf(1000, (query) =>
    api.call(reviewRoutes.listComments, { params: { submission: id }, query }),
  );
  const accessions = entries.flatMap(({ type, alias, accession }) => (accession ? [{ type, alias, accession }] : []));
  output.result({ ...submission, fileList: files, findings, decisions, comments, accessions }, () => {
    const waiting = files.filter((file) => !['stored', 'claimed'].includes(file.state));
    return [
      summary(submission, output),
      ...(waiting.length > 0 ? [columns(waiting.map((file) => [file.state, file.name, file.alias]))] : []),
      ...(findings.length > 0 ? [printFindings(findings, output)] : []),
      ...decisions.flatMap((it) =>
        it.reasons.map((reason) => `${moment(it.at)} ${output.pick({ en: 'returned', zh: '退回' })}: ${reason.text}`),
      ),
      ...comments.map((it) => remark(it, output)),
      ...(accessions.length > 0
        ? [columns(accessions.map(({ accession, type, alias }) => [accession, type, alias]))]
        : []),
    ].join('\n');
  });
}

const moment = (at: string): string => at.slice(0, 16).replace('T', ' ');

/** A remark with its place, as both sides read it. */
export function remark(it: Comment, output: Output): string {
  const side = { submitter: { en: 'submitter', zh: '提交人' }, curator: { en: 'curator', zh: '审核人' } }[it.side];
  const done = it.resolvedAt ? output.pick({ en: ' (settled)', zh: '（已处理）' }) : '';
  return `${moment(it.at)} ${output.pick(side)}${done}: ${it.text}`;
}

/** A submission in two lines. */
export function summary(it: Submission, output: Output): string {
  const objects = it.objects.map(({ type, new: added, revised }) => `${added + revised} ${type}`).join(', ') || '-';
  const { files, counts } = it;
  const figures = output.pick({
    en: `${objects}; files ${files.arrived}/${files.declared}; ${counts.errors} errors, ${counts.warnings} warnings`,
    zh: `${objects}；文件 ${files.arrived}/${files.declared}；${counts.errors} 个错误，${counts.warnings} 个警告`,
  });
  return `${it.title}  [${it.status}]  ${it.id}\n  ${figures}`;
}
