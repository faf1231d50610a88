import { writeFileSync } from 'node:fs';
import { stages, supervisionRoutes, type SupervisedAct, type SupervisionFilter } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action } from '../command.ts';
import { exit } from '../exit.ts';
import { columns } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { wholeNumber } from './search.ts';

/** What regulators and auditors do: look, take along, and ask about plans. */
export function supervise(program: Command): void {
  const group = program.command('supervise').description('for regulators and auditors 监管与审计');
  filtered(group.command('acts').description('acts with their places in the log, newest first 操作列表'))
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 100_000), 50)
    .action(
      action(async ({ output, client }, options: Filter & { limit: number }) => {
        const api = client();
        const items = await itemsOf(options.limit, (query) =>
          api.call(supervisionRoutes.supervisedActs, { query: { ...query, ...filterOf(options) } }),
        );
        output.result(items, (all) => columns(all.map(rowOf)));
      }),
    );
  filtered(group.command('export').description('acts as a file, oldest first 导出操作记录'))
    .addOption(new Option('--format <format>', 'tsv or json 格式').choices(['tsv', 'json']).default('tsv'))
    .requiredOption('--to <file>', 'where to 输出文件')
    .action(
      action(async ({ output, client }, options: Filter & { format: 'tsv' | 'json'; to: string }) => {
        const { format, to } = options;
        const reply = await client().raw(supervisionRoutes.exportActs, { query: { ...filterOf(options), format } });
        writeFileSync(to, Buffer.from(await reply.arrayBuffer()));
        output.result({ file: to, format }, () => to);
      }),
    );
  group
    .command('plans')
    .description('plans without an end in time, and ends that do not fit 逾期或不符的计划')
    .action(
      action(async ({ output, client }) => {
        const { items } = await client().call(supervisionRoutes.planFindings, { query: { limit: 1000 } });
        output.result(items, (all) =>
          columns(
            all.map(({ problem, plan, end }) => [
              problem,
              plan.at.slice(0, 19),
              plan.type,
              plan.object ? `${plan.object.kind}:${plan.object.id}` : '-',
              end?.type ?? '-',
            ]),
          ),
        );
        return items.length > 0 ? exit.faults : exit.done;
      }),
    );
}

interface Filter {
  stage?: SupervisionFilter['stage'];
  type?: string;
  outcome?: SupervisionFilter['outcome'];
  organisation?: string;
  from?: string;
  until?: string;
}

const filtered = (command: Command): Command =>
  command
    .addOption(new Option('--stage <stage>', 'key node in the life of data 阶段').choices(stages))
    .option('--type <type>', 'exact, or a module and a dot: object. 操作类型')
    .addOption(new Option('--outcome <outcome>', 'what became of it 结果').choices(['done', 'refused', 'failed']))
    .option('--organisation <id>', 'of one organisation 机构')
    .option('--from <time>', 'ISO 8601, inclusive 起始时间')
    .option('--until <time>', 'ISO 8601, exclusive 截止时间');

const filterOf = ({ stage, type, outcome, organisation, from, until }: Filter): SupervisionFilter => ({
  ...(stage && { stage }),
  ...(type !== undefined && { type }),
  ...(outcome && { outcome }),
  ...(organisation !== undefined && { organisation }),
  ...(from !== undefined && { from: new Date(from).toISOString() }),
  ...(until !== undefined && { to: new Date(until).toISOString() }),
});

const rowOf = ({ at, stage, type, outcome, object, level, index }: SupervisedAct): string[] => [
  at.slice(0, 19).replace('T', ' '),
  stage,
  type,
  outcome,
  object ? (object.accession ?? `${object.kind}:${object.id}`) : '-',
  index ?? '-',
  level,
];
