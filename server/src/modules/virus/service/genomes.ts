import type { BodyOf, QueryOf, ReplyOf, virusRoutes } from '@geneward/api';
import { z } from 'zod';
import { recordAll } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { Problem } from '../../../platform/problem.ts';
import { batchFor, readable } from '../access.ts';
import { findingIn } from '../report.ts';
import * as store from '../store.ts';

type GenomeView = ReplyOf<typeof virusRoutes.withdrawVirusGenome>;

function genomeView(row: store.GenomeRow): GenomeView {
  const { id, name, accepted, lineages, source, license, terms } = row;
  return {
    id,
    batch: row.batch_id,
    name,
    accepted,
    lineages,
    mutations: row.marks.length,
    use: { source, license, terms },
    ...(row.clade !== null && { clade: row.clade }),
    ...(row.collected_from !== null && {
      collected: { from: row.collected_from, to: row.collected_to ?? row.collected_from },
    }),
    ...(row.place !== null && { place: row.place }),
    ...(row.quality !== null && { quality: row.quality }),
    ...(row.withdrawn_at && {
      withdrawn: { at: row.withdrawn_at.toISOString(), reason: row.withdrawn_reason ?? '' },
    }),
  };
}

/** Genomes that fit and that the caller may see, each with its terms. */
export async function listGenomes(
  context: Context,
  { after, limit, all, ...question }: QueryOf<typeof virusRoutes.listVirusGenomes>,
): Promise<ReplyOf<typeof virusRoutes.listVirusGenomes>> {
  const rows = await store.listGenomes(context.db, {
    scope: readable(context),
    question,
    all,
    after: positionOf(after, z.uuid()),
    limit: limit + 1,
  });
  return pageFrom(rows, limit, (row) => row.id, genomeView);
}

export async function getGenome(context: Context, id: string): Promise<ReplyOf<typeof virusRoutes.getVirusGenome>> {
  const row = await store.findGenome(context.db, id);
  if (!row) throw new Problem('not_found');
  await batchFor(context, row.batch_id, 'genomes:read');
  const { findings, ...report } = row.report;
  return {
    ...genomeView(row),
    findings: findings.map((finding) => findingIn(finding, context.language)),
    // Of what was withdrawn only the fact is told.
    report: row.withdrawn_at ? {} : { ...report },
  };
}

/** Takes a genome back. Figures leave it out at once; the trees that it stands on are made anew. */
export async function withdrawGenome(
  context: Context,
  id: string,
  { reason }: BodyOf<typeof virusRoutes.withdrawVirusGenome>,
): Promise<GenomeView> {
  const before = await store.findGenome(context.db, id);
  if (!before) throw new Problem('not_found');
  await batchFor(context, before.batch_id, 'genomes:withdraw');
  await transaction(context.db, async (tx) => {
    if ((await withdrawAll(tx, context, [{ id, batch: before.batch_id }], reason)) === 0)
      throw new Problem('virus_genome_withdrawn');
  });
  const row = await store.findGenome(context.db, id);
  if (!row) throw new Problem('not_found');
  return genomeView(row);
}

/** Takes genomes back and has everything that was made from them made anew. @returns how many stood yet */
export async function withdrawAll(
  tx: Tx,
  context: Context,
  genomes: readonly { readonly id: string; readonly batch: string }[],
  reason: string,
): Promise<number> {
  const gone: { readonly id: string; readonly batch: string }[] = [];
  for (const one of genomes) if (await store.withdraw(tx, one.id, context.now(), reason)) gone.push(one);
  await recordAll(
    tx,
    context,
    gone.map(({ id, batch }) => ({
      type: 'virus.genome_withdrawn',
      object: { kind: 'genome', id },
      content: { batch },
    })),
  );
  for (const batch of new Set(gone.map((one) => one.batch))) {
    await enqueue(tx, 'virus.grow', { batch }, { queue: 'virus.grow' });
    await enqueue(tx, 'virus.remake', { batch }, { key: `virus.remake:${batch}` });
  }
  return gone.length;
}
