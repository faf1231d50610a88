import { writeFileSync } from 'node:fs';
import { objectRoutes, type ObjectGraph } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action } from '../command.ts';
import { columns } from '../output.ts';
import { wholeNumber } from './search.ts';

interface Options {
  format: 'text' | 'prov' | 'ro-crate';
  depth: number;
  limit: number;
  to?: string;
}

/** What an object stands on and what stands on it, for people or in the formats of others. */
export function lineage(program: Command): void {
  program
    .command('lineage <accession>')
    .description('what an object stands on and what stands on it 对象谱系')
    .addOption(
      new Option('--format <format>', 'prov (W3C PROV-JSON) or ro-crate carry the receipts 导出格式，附回执')
        .choices(['text', 'prov', 'ro-crate'])
        .default('text'),
    )
    .option('--depth <n>', 'steps in each direction 层数', wholeNumber(1, 10), 4)
    .option('--limit <n>', 'most objects 对象数上限', wholeNumber(1, 1000), 200)
    .option('--to <file>', 'where to; standard output without it 输出文件')
    .action(
      action(async ({ output, client }, object: string, { format, depth, limit, to }: Options) => {
        const params = { object };
        if (format === 'text') {
          const graph = await client().call(objectRoutes.objectGraph, { params, query: { depth, limit } });
          output.result(graph, () => textOf(graph));
          return;
        }
        const reply = await client().raw(objectRoutes.objectLineage, { params, query: { format, depth, limit } });
        const text = `${await reply.text()}\n`;
        if (to === undefined) process.stdout.write(text);
        else {
          writeFileSync(to, text);
          output.result({ file: to, format }, () => to);
        }
      }),
    );
}

/** One line a relation. */
function textOf({ nodes, edges }: ObjectGraph): string {
  const named = new Map(nodes.map((node) => [node.id, node.accession ?? node.alias]));
  return columns(
    edges.map(({ from, relation, to, at }) => [
      named.get(from) ?? from,
      relation,
      named.get(to) ?? to,
      at.slice(0, 10),
    ]),
  );
}
