import { catalogRoutes, searchSort, type SearchReply } from '@geneward/api';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { action } from '../command.ts';
import { columns, type Output } from '../output.ts';

interface SearchOptions {
  type?: string[];
  organism?: string[];
  country?: string[];
  mine?: boolean;
  sort: (typeof searchSort.options)[number];
  limit: number;
  after?: string;
}

export function search(program: Command): void {
  program
    .command('search [words...]')
    .description('find objects: words, "a phrase", pref*, -not, field:value 检索')
    .option('--type <type...>', 'project, sample, experiment, run … 对象类型')
    .option('--organism <name...>', 'scientific name 物种学名')
    .option('--country <name...>', 'country of collection 采集国家')
    .option('--mine', 'only of my organisation, drafts as well 仅本机构（含草稿）')
    .addOption(new Option('--sort <order>', 'order 排序').choices(searchSort.options).default('relevance'))
    .option('--limit <n>', 'results a page 每页条数', wholeNumber(1, 100), 20)
    .option('--after <key>', 'next page, as the page before gave it 下一页标记')
    .action(
      action(async ({ output, client }, words: string[], options: SearchOptions) => {
        const reply = await client().call(catalogRoutes.search, {
          query: {
            q: words.join(' '),
            sort: options.sort,
            limit: options.limit,
            facets: false,
            mine: options.mine ?? false,
            ...(options.after && { after: options.after }),
            ...(options.type && { type: options.type }),
            ...(options.organism && { organism: options.organism }),
            ...(options.country && { country: options.country }),
          } as never,
        });
        output.result(reply, () => print(reply, output));
      }),
    );
}

/** A whole number within bounds, as an option takes it. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) throw new InvalidArgumentError(`${least}-${most}`);
    return value;
  };
}

function print(reply: SearchReply, output: Output): string {
  const { value, relation } = reply.total;
  const total = `${value}${relation === 'at_least' ? '+' : ''}`;
  const rows = reply.items.map((hit) => [
    hit.accession ?? '-',
    hit.type,
    hit.status,
    hit.organism ?? '',
    hit.title || hit.alias,
  ]);
  return [
    ...(reply.suggestion
      ? [output.pick({ en: `Did you mean: ${reply.suggestion.text}`, zh: `您是否要找：${reply.suggestion.text}` })]
      : []),
    ...(rows.length > 0 ? [columns(rows)] : []),
    output.pick({ en: `${total} found`, zh: `共 ${total} 条` }) + (reply.next ? `  --after ${reply.next}` : ''),
  ].join('\n');
}
