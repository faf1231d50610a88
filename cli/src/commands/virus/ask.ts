import { virusRoutes, type CallReply, type Client } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action } from '../../command.ts';
import { columns, type Output } from '../../output.ts';
import { itemsOf } from '../../pages.ts';
import { wholeNumber } from '../search.ts';

interface Question {
  dataset?: string;
  batch?: string;
  mutation?: string[];
  lineage?: string;
  place?: string;
  from?: string;
  to?: string;
}

/** The options by which genomes are asked for. */
const asking = (command: Command): Command =>
  command
    .option('--dataset <sha256>', 'of this data set 数据集哈希')
    .option('--batch <id>', 'of this batch 批次')
    .option('--mutation <name...>', 'with all of these, S:N501Y or C241T 突变')
    .option('--lineage <name>', 'clade, or another name of a lineage 谱系')
    .option('--place <name>', 'taken there 地点')
    .option('--from <date>', 'taken on or after 起始日期')
    .option('--to <date>', 'taken on or before 截止日期');

const questionOf = ({ dataset, batch, mutation, lineage, place, from, to }: Question): Question => ({
  ...(dataset !== undefined && { dataset }),
  ...(batch !== undefined && { batch }),
  ...(mutation !== undefined && { mutation }),
  ...(lineage !== undefined && { lineage }),
  ...(place !== undefined && { place }),
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

/** A question with what single figures ask for beside it. */
interface FigureQuery extends Question {
  bin?: 'week' | 'month';
  kind?: 'nucleotide' | 'protein';
  limit?: number;
}

type Citation = CallReply<typeof virusRoutes.virusLineages>['citation'];

/** How a figure is cited, under which terms, and what is missing from it. */
function citationLines({ text, uses, withdrawn }: Citation, output: Output): string {
  return [
    '',
    text,
    ...uses.map(
      ({ source, license, terms, genomes }) => `  ${genomes}  ${source} · ${license}${terms && ` · ${terms}`}`,
    ),
    ...(withdrawn > 0
      ? [output.pick({ en: `${withdrawn} genomes were withdrawn since.`, zh: `其后有 ${withdrawn} 条被撤回。` })]
      : []),
  ].join('\n');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Questions to the genomes on the server: which there are, and what is counted of them. */
export function ask(program: Command): void {
  asking(program.command('genomes'))
    .description('genomes on the server by mutation, lineage, place and time 检索服务器上的基因组')
    .option('--all', 'with those that were refused or withdrawn 含被拒绝或撤回的')
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 1_000_000), 50)
    .action(
      action(async ({ output, client }, options: Question & { all?: boolean; limit: number }) => {
        const api = client();
        const question = { ...questionOf(options), ...(options.all && { all: 'true' }) };
        const items = await itemsOf(options.limit, (query) =>
          api.call(virusRoutes.listVirusGenomes, { query: { ...query, ...question } }),
        );
        output.result(items, (all) =>
          columns(
            all.map((one) => [
              one.id,
              one.name,
              one.withdrawn ? 'withdrawn' : (one.clade ?? '-'),
              one.collected?.from ?? '-',
              one.place ?? '-',
              one.quality ?? '-',
              one.use.license,
            ]),
          ),
        );
      }),
    );
  figure(
    'frequencies',
    (api, query) => api.call(virusRoutes.virusFrequencies, { query }),
    ({ bins, undated }, output) => [
      ...bins.map(({ from, total, clades }) => [
        from,
        String(total),
        Object.entries(clades)
          .map(([clade, genomes]) => `${clade} ${percent(genomes / total)}`)
          .join('  '),
      ]),
      ...(undated > 0 ? [[output.pick({ en: 'undated', zh: '日期不详' }), String(undated)]] : []),
    ],
  )(program)
    .description('lineages over time, with citation and terms 谱系随时间的频率')
    .addOption(new Option('--bin <name>', 'how long a bin is 时间单位').choices(['week', 'month']).default('week'));
  figure(
    'mutations',
    (api, query) => api.call(virusRoutes.virusMutations, { query }),
    ({ mutations }) => mutations.map(({ mutation, genomes, share }) => [mutation, String(genomes), percent(share)]),
  )(program)
    .description('mutations of the genomes that fit, with citation and terms 突变及其占比')
    .addOption(
      new Option('--kind <name>', 'of bases or amino acids 类型').choices(['nucleotide', 'protein']).default('protein'),
    )
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 2000), 200);
  figure(
    'lineages',
    (api, query) => api.call(virusRoutes.virusLineages, { query }),
    ({ items }) =>
      items.map(({ clade, genomes, first = '-', last = '-', places }) => [
        clade,
        String(genomes),
        first,
        last,
        places.map(({ place, genomes: count }) => `${place} ${count}`).join('  '),
      ]),
  )(program).description('each lineage in short, with citation and terms 谱系概况');
}

/** A verb that fetches one figure and prints it with its citation. */
function figure<T extends { citation: Citation }>(
  name: string,
  fetch: (client: Client, query: FigureQuery) => Promise<T>,
  rows: (reply: T, output: Output) => string[][],
): (program: Command) => Command {
  return (program) =>
    asking(program.command(name)).action(
      action(async ({ output, client }, options: FigureQuery) => {
        const { bin, kind, limit } = options;
        const query = {
          ...questionOf(options),
          ...(bin !== undefined && { bin }),
          ...(kind !== undefined && { kind }),
          ...(limit !== undefined && { limit }),
        };
        const reply = await fetch(client(), query);
        output.result(reply, () => `${columns(rows(reply, output))}\n${citationLines(reply.citation, output)}`);
      }),
    );
}
