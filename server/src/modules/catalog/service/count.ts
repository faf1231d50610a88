import type { CatalogStatistics } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { authorize } from '../../access/index.ts';
import type { CatalogPorts } from '../ports.ts';
import { countBrowse, countFigures } from '../store-figures.ts';
import { foldWordChanges, readDocument, writeDocument } from '../store-index.ts';
import { installation } from './installation.ts';

/** Counting takes at most one part in this many of the time. */
const share = 20;

/** Counts the public figures and the facets of an untouched search. Run too often on a large archive, it leaves it for later. */
export async function countAll(context: Context, options: { force: boolean }): Promise<void> {
  const last = await readDocument(context.db, 'statistics');
  if (!options.force && last && context.now().getTime() - last.at.getTime() < last.content.tookMs * share) return;
  const began = performance.now();
  await transaction(context.db, async (tx) => {
    await foldWordChanges(tx);
    const figures = await countFigures(tx);
    await writeDocument(tx, 'browse', await countBrowse(tx), context.now());
    await writeDocument(tx, 'statistics', { ...figures, tookMs: Math.round(performance.now() - began) }, context.now());
  });
}

/** Public figures of the archive, as they were counted last. */
export async function statistics(context: Context, ports: CatalogPorts): Promise<CatalogStatistics> {
  authorize(context, 'catalog:search', installation);
  const last = await readDocument(context.db, 'statistics');
  const figures = last?.content;
  const names = await ports.organisationNames(context.db, figures?.byOrganisation.map(({ value }) => value) ?? []);
  return {
    at: (last?.at ?? context.now()).toISOString(),
    objects: figures?.objects ?? 0,
    bytes: figures?.bytes ?? '0',
    files: figures?.files ?? 0,
    organisms: figures?.organisms ?? 0,
    organisations: figures?.organisations ?? 0,
    byType: figures?.byType ?? [],
    byOrganism: figures?.byOrganism ?? [],
    byOrganisation: (figures?.byOrganisation ?? []).map((one) => {
      const label = names.get(one.value)?.[context.language];
      return label === undefined ? one : { ...one, label };
    }),
    byMonth: figures?.byMonth ?? [],
  };
}
