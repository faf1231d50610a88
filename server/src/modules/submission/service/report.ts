import { guard } from '@geneward/metadata';
import type { Context } from '../../../platform/context.ts';
import { findingsAfter } from '../findings.ts';
import { batchSize } from '../store-object.ts';
import { keptFindingView } from '../views.ts';
import { openFor } from './open.ts';

const columns = [
  'level',
  'code',
  'source',
  'file',
  'sheet',
  'row',
  'column',
  'alias',
  'value',
  'suggestion',
  'message',
  'mend',
];

/** All findings of a submission as one file, in the reader's language, read from the database as it is sent. */
export async function openReport(
  context: Context,
  submission: string,
  format: 'tsv' | 'json',
): Promise<AsyncGenerator<string>> {
  await openFor(context, submission, 'submission:read');
  return format === 'tsv' ? tsv(context, submission) : json(context, submission);
}

async function* views(context: Context, submission: string) {
  for (let after: { source: string; seq: number } | undefined; ;) {
    const rows = await findingsAfter(context.db, submission, {}, after, batchSize);
    yield rows.map((row) => keptFindingView(row, context.language));
    if (rows.length < batchSize) return;
    after = rows.at(-1);
  }
}

async function* tsv(context: Context, submission: string): AsyncGenerator<string> {
  yield `\ufeff${columns.join('\t')}\n`;
  for await (const some of views(context, submission))
    yield some
      .map(({ place: { file, sheet, row, column, alias }, level, code, source, value, suggestion, message, mend }) =>
        [level, code, source, file, sheet, row, column, alias, value, suggestion, message, mend].map(cell).join('\t'),
      )
      .map((line) => `${line}\n`)
      .join('');
}

/** A cell that stays one cell, and that no spreadsheet takes for a formula. */
function cell(value: string | number | undefined): string {
  const text = guard(String(value ?? ''));
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function* json(context: Context, submission: string): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const some of views(context, submission))
    for (const view of some) {
      yield `${separator}${JSON.stringify(view)}`;
      separator = ',\n';
    }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
