import {
  generalSampleType,
  objectChecklists,
  templateHeader,
  writeTemplate,
  type Checklist,
  type Language,
} from '@geneward/metadata';
import type { Context } from '../../../platform/context.ts';
import { Problem } from '../../../platform/problem.ts';
import { findChecklist } from './checklists.ts';

/** An empty table or workbook to fill in. */
export interface Template {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * Makes the template that a name asks for: `ID.xlsx` or `ID.tsv` of one checklist, `study.xlsx` with project, samples,
 * experiments and runs.
 */
export async function getTemplate(
  context: Context,
  name: string,
  options: { sample?: string | undefined; language: Language },
): Promise<Template> {
  const [, id = '', format] = /^(.+)\.(xlsx|tsv)$/.exec(name) ?? [];
  if (format === 'xlsx') {
    const checklists = id === 'study' ? await ofStudy(context, options.sample) : [await findChecklist(context, id)];
    return {
      name,
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      bytes: writeTemplate(checklists, options.language),
    };
  }
  if (format !== 'tsv') throw new Problem('not_found');
  const header = templateHeader(await findChecklist(context, id)).join('\t');
  return {
    name,
    type: 'text/tab-separated-values; charset=utf-8',
    bytes: new TextEncoder().encode(`${header}\n`),
  };
}

async function ofStudy(context: Context, sample = generalSampleType): Promise<Checklist[]> {
  const { project, experiment, run } = objectChecklists;
  return [project, await findChecklist(context, sample), experiment, run];
}
