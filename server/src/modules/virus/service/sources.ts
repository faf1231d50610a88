import { openLabel, type BodyOf, type VirusSource, type virusSourceRoutes } from '@geneward/api';
import type { Text } from '@geneward/metadata';
import { record } from '../../../platform/audit.ts';
import type { Config } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { findDataset } from '../datasets.ts';
import { findingIn } from '../report.ts';
import { folderOf } from '../sources/folder.ts';
import { addressFault } from '../sources/http.ts';
import * as store from '../store.ts';

type Body = BodyOf<typeof virusSourceRoutes.addVirusSource>;
type Needs = Pick<Parts, 'config'>;

function sourceView({ language }: Context, row: store.CountedSource): VirusSource {
  const { id, kind, title, address, dataset, shared, source, license, terms, active, batches, genomes } = row;
  return {
    id,
    kind,
    title,
    address,
    dataset,
    shared,
    source,
    license,
    terms,
    active,
    batches,
    genomes,
    organisation: row.organisation_id,
    createdAt: row.created_at.toISOString(),
    ...(row.looked_at && { lookedAt: row.looked_at.toISOString() }),
    ...(row.reason && { finding: findingIn(row.reason, language) }),
  };
}

/** The person who may manage the sources of the own institution. */
function manager(context: Context): { id: string; organisation: string } {
  const { principal } = context;
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  const { id, organisation } = principal;
  authorize(context, 'source:manage', { kind: 'genomes', id: 'sources', organisation, label: openLabel });
  return { id, organisation };
}

/** Why nothing can be fetched from there by the settings of this installation. */
function fault(config: Config, { kind, address }: Body): Text | undefined {
  if (kind === 'archive') return undefined;
  if (kind !== 'folder') return addressFault(address, config.virus.hosts);
  return folderOf(config, address) === undefined ? { en: 'no such folder', zh: '没有这样的文件夹' } : undefined;
}

export async function addSource(context: Context, { config }: Needs, body: Body): Promise<VirusSource> {
  const { id: person, organisation } = manager(context);
  const reason = fault(config, body);
  if (reason)
    throw new Problem('virus_source_refused', { params: { address: body.address, reason: reason[context.language] } });
  const { hash: dataset } = await findDataset(context.db, body.dataset);
  const { kind, title, address, shared, source, license, terms } = body;
  const id = await transaction(context.db, async (tx) => {
    const made = await store.insertSource(tx, {
      organisation_id: organisation,
      person_id: person,
      kind,
      title,
      address,
      dataset,
      shared,
      source,
      license,
      terms,
      created_at: context.now(),
    });
    await record(tx, context, {
      type: 'virus.source_added',
      object: { kind: 'source', id: made },
      content: { kind, dataset, license, shared },
    });
    await enqueue(tx, 'virus.fetch', { source: made }, { key: `virus.fetch:${made}` });
    return made;
  });
  return one(context, id);
}

export async function listSources(context: Context): Promise<{ items: VirusSource[] }> {
  const rows = await store.sourcesOf(context.db, manager(context).organisation);
  return { items: rows.map((row) => sourceView(context, row)) };
}

async function one(context: Context, id: string): Promise<VirusSource> {
  const row = (await store.sourcesOf(context.db, manager(context).organisation)).find((each) => each.id === id);
  if (!row) throw new Problem('not_found');
  return sourceView(context, row);
}

export async function lookNow(context: Context, id: string): Promise<VirusSource> {
  const view = await one(context, id);
  await enqueue(context.db, 'virus.fetch', { source: id }, { key: `virus.fetch:${id}` });
  return view;
}

export async function setActive(context: Context, id: string, active: boolean): Promise<VirusSource> {
  await one(context, id);
  await transaction(context.db, async (tx) => {
    await store.updateSource(tx, id, { active });
    await record(tx, context, { type: 'virus.source_set', object: { kind: 'source', id }, content: { active } });
  });
  return one(context, id);
}
