import {
  openLabel,
  stages,
  type QueryOf,
  type ReplyOf,
  type SupervisedAct,
  type supervisionRoutes,
} from '@geneward/api';
import { z } from 'zod';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { authorize } from '../../access/index.ts';
import { levelsOf, type LevelOf } from '../levels.ts';
import { planFindings, supervisedActs, type SupervisedRow } from '../store-supervise.ts';

type Routes = typeof supervisionRoutes;

/** Acts in one file at most. */
const exportLimit = 100_000;

const all = { kind: 'event', id: 'all', status: 'act', label: openLabel } as const;

/** Acts as far as the caller may see them. That he looked is an act itself. */
export async function readActs(
  context: Context,
  query: QueryOf<Routes['supervisedActs']>,
): Promise<ReplyOf<Routes['supervisedActs']>> {
  authorize(context, 'event:read', all);
  const { after, limit, ...filter } = query;
  const before = positionOf(after, z.string().regex(/^\d{1,18}$/));
  const rows = await supervisedActs(
    context.db,
    context.principal,
    { ...filter, before },
    { limit: limit + 1, order: 'newest' },
  );
  const levelOf = await levelsOf(context.db);
  const page = pageFrom(
    rows,
    limit,
    (row) => row.seq,
    (row) => viewOf(row, levelOf),
  );
  await looked(context, Object.keys(filter), page.items.length, 'page');
  return page;
}

/** Acts as a file that a spreadsheet or a program reads. */
export async function exportActs(
  context: Context,
  { format, ...filter }: QueryOf<Routes['exportActs']>,
): Promise<{ readonly type: string; readonly name: string; readonly body: string }> {
  authorize(context, 'event:read', all);
  const rows = await supervisedActs(context.db, context.principal, filter, { limit: exportLimit, order: 'oldest' });
  const levelOf = await levelsOf(context.db);
  const acts = rows.map((row) => viewOf(row, levelOf));
  await looked(context, Object.keys(filter), acts.length, format);
  return format === 'json'
    ? { type: 'application/json; charset=utf-8', name: 'acts.json', body: `${JSON.stringify(acts)}\n` }
    : { type: 'text/tab-separated-values; charset=utf-8', name: 'acts.tsv', body: tsvOf(acts) };
}

/** Plans that somebody has to explain. */
export async function findPlans(context: Context, limit: number): Promise<ReplyOf<Routes['planFindings']>> {
  authorize(context, 'event:read', all);
  const items = await planFindings(context.db, context.now(), limit);
  await looked(context, [], items.length, 'plans');
  return { items };
}

const looked = (context: Context, filters: readonly string[], acts: number, form: 'page' | 'tsv' | 'json' | 'plans') =>
  record(context.db, context, { type: 'ledger.supervised', content: { filters, acts, form } });

function viewOf(row: SupervisedRow, levelOf: LevelOf): SupervisedAct {
  const { object_kind: kind, object_id: id, object_accession: accession, organisation_id: organisation, index } = row;
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    type: row.type,
    stage: stages.find((stage) => stage === row.stage) ?? 'governance',
    outcome: row.outcome,
    actor: row.actor_kind,
    ...(organisation !== null && { organisation }),
    ...(kind !== null && id !== null && { object: { kind, id, ...(accession !== null && { accession }) } }),
    content: row.content,
    ...(index !== null && { index }),
    level: index === null ? 'pending' : levelOf(BigInt(index)),
  };
}

const columns = [
  'seq',
  'at',
  'type',
  'stage',
  'outcome',
  'actor',
  'organisation',
  'object',
  'accession',
  'index',
  'level',
  'content',
];

/** One line an act; a cell cannot break out of its place, nor be taken for a formula. */
function tsvOf(acts: readonly SupervisedAct[]): string {
  const lines = acts.map((act) =>
    [
      act.seq,
      act.at,
      act.type,
      act.stage,
      act.outcome,
      act.actor,
      act.organisation ?? '',
      act.object ? `${act.object.kind}:${act.object.id}` : '',
      act.object?.accession ?? '',
      act.index ?? '',
      act.level,
      JSON.stringify(act.content),
    ]
      .map((cell) => cell.replaceAll(/[\t\r\n]/g, ' '))
      .join('\t'),
  );
  return `${[columns.join('\t'), ...lines].join('\n')}\n`;
}
