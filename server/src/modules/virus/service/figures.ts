import type { QueryOf, ReplyOf, virusRoutes } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import { readable } from '../access.ts';
import * as store from '../store.ts';

type Citation = ReplyOf<typeof virusRoutes.virusLineages>['citation'];

const asked = (context: Context, question: store.Asked['question']): store.Asked => ({
  scope: readable(context),
  question,
});

/** How a figure is cited, with the terms of everything that went into it. */
export const citationOf = (context: Context, question: store.Asked['question']): Promise<Citation> =>
  citing(context, asked(context, question));

/** The same for genomes within a scope, such as those that stand on one tree. */
export async function citing(context: Context, within: store.Asked): Promise<Citation> {
  const uses = await store.usesOf(context.db, within);
  const sources = [...new Set(uses.filter(({ genomes }) => genomes > 0).map(({ source }) => source))];
  const day = context.now().toISOString().slice(0, 10);
  const from = sources.length === 0 ? { en: 'no genomes', zh: '无基因组' }[context.language] : sources.join('; ');
  return {
    text: { en: `Geneward, ${day}. Genomes: ${from}.`, zh: `Geneward，${day}。基因组来源：${from}。` }[
      context.language
    ],
    uses: uses
      .filter(({ genomes }) => genomes > 0)
      .map(({ source, license, terms, genomes }) => ({ source, license, terms, genomes })),
    withdrawn: uses.reduce((sum, { withdrawn }) => sum + withdrawn, 0),
  };
}

export async function frequencies(
  context: Context,
  { bin, ...question }: QueryOf<typeof virusRoutes.virusFrequencies>,
): Promise<ReplyOf<typeof virusRoutes.virusFrequencies>> {
  const rows = await store.countsByTime(context.db, asked(context, question), bin);
  const bins = new Map<string, { from: string; total: number; clades: Record<string, number> }>();
  let undated = 0;
  for (const { from, clade, genomes } of rows) {
    if (from === null) {
      undated += genomes;
      continue;
    }
    const at = bins.get(from) ?? { from, total: 0, clades: {} };
    at.total += genomes;
    at.clades[clade] = genomes;
    bins.set(from, at);
  }
  return { bins: [...bins.values()], undated, citation: await citationOf(context, question) };
}

/** Mutations by how many genomes have them, and the entropy of each place in the genome (bits; Shannon 1948). */
export async function mutations(
  context: Context,
  { kind, limit, ...question }: QueryOf<typeof virusRoutes.virusMutations>,
): Promise<ReplyOf<typeof virusRoutes.virusMutations>> {
  const { genomes, marks } = await store.countsOfMarks(context.db, asked(context, question));
  const wanted = marks.filter(({ mark }) => mark.includes(':') === (kind === 'protein') && siteOf(mark) !== undefined);
  const bySite = new Map<string, number[]>();
  for (const { mark, genomes: count } of wanted) {
    const site = siteOf(mark) ?? '';
    bySite.set(site, [...(bySite.get(site) ?? []), count]);
  }
  return {
    genomes,
    mutations: wanted
      .slice(0, limit)
      .map(({ mark, genomes: count }) => ({ mutation: mark, genomes: count, share: round(count / genomes) })),
    sites: [...bySite]
      .map(([site, counts]) => ({ site, entropy: round(entropyOf(counts, genomes)) }))
      .toSorted((a, b) => b.entropy - a.entropy || (a.site < b.site ? -1 : 1))
      .slice(0, limit),
    citation: await citationOf(context, question),
  };
}

/** `S:501` of `S:N501Y`, `241` of `C241T`; insertions and stretches of deletion have no single site. */
function siteOf(mark: string): string | undefined {
  const [, gene = '', position] = /^(?:([^:]+:))?[A-Z*](\d+)[A-Z*-]$/.exec(mark) ?? [];
  return position === undefined ? undefined : `${gene}${position}`;
}

/** What has no mutation at a site has the base of the reference. */
function entropyOf(counts: readonly number[], genomes: number): number {
  const same = genomes - counts.reduce((sum, count) => sum + count, 0);
  return [...counts, same]
    .filter((count) => count > 0)
    .reduce((sum, count) => sum - (count / genomes) * Math.log2(count / genomes), 0);
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

export async function lineages(
  context: Context,
  question: QueryOf<typeof virusRoutes.virusLineages>,
): Promise<ReplyOf<typeof virusRoutes.virusLineages>> {
  const rows = await store.lineagesInShort(context.db, asked(context, question));
  return {
    items: rows.map(({ clade, genomes, first, last, places }) => ({
      clade,
      genomes,
      ...(first !== null && { first }),
      ...(last !== null && { last }),
      places: Object.entries(places)
        .map(([place, count]) => ({ place, genomes: count }))
        .toSorted((a, b) => b.genomes - a.genomes || (a.place < b.place ? -1 : 1)),
    })),
    citation: await citationOf(context, question),
  };
}
