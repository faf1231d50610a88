import type { ObjectGraph } from '@geneward/api';
import { sql } from 'kysely';
import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/db.ts';
import { placesOf, type Place } from '../../ledger/index.ts';
import { type Lineage, type LineageFile, type LineageNode } from '../provenance/lineage.ts';
import { provJson } from '../provenance/prov.ts';
import { roCrate } from '../provenance/ro-crate.ts';
import { lineageOf } from './lineage.ts';
import { findReadable } from './read-object.ts';

/** The archive as those outside know it. */
export interface Site {
  readonly name: string;
  /** Address that people use; without it, the one that was asked. */
  readonly url?: string | undefined;
}

/** Acts that can have made an edge of an object. */
const making = ['object.accessioned', 'object.revised', 'object.linked'];

/** Lineage around an object in a format of others; the walk is that of the page, so nobody sees more here than there. */
export async function exportLineage(
  context: Context,
  site: Site,
  address: string,
  input: { object: string; depth: number; limit: number; format: 'prov' | 'ro-crate' },
): Promise<object> {
  const { row } = await findReadable(context, input.object);
  const graph = await lineageOf(context, input);
  const base = (site.url ?? address).replace(/\/$/, '');
  const lineage = await withReceipts(context, graph, base);
  const given: Lineage = {
    ...lineage,
    archive: { name: site.name, url: base },
    at: context.now(),
    useTerms: row.use_terms,
  };
  return input.format === 'prov' ? provJson(given) : roCrate(given);
}

async function withReceipts(
  { db }: Context,
  graph: ObjectGraph,
  base: string,
): Promise<Pick<Lineage, 'root' | 'nodes' | 'edges' | 'files' | 'truncated'>> {
  const ids = graph.nodes.map(({ id }) => id);
  const places = await placesOf(db, ids, making);
  const byObject = Map.groupBy(places, ({ object }) => object);
  const names = new Map(graph.nodes.map((node) => [node.id, node.accession ?? node.id]));
  const receipt = (place: Place | undefined) =>
    place && place.level !== 'pending'
      ? {
          index: place.index,
          type: place.type,
          level: place.level,
          url: `${base}/api/v1/ledger/objects/${encodeURIComponent(names.get(place.object) ?? place.object)}/receipts/${place.index}`,
        }
      : undefined;
  const nodes: LineageNode[] = graph.nodes.map((node) => ({
    ...node,
    url: `${base}/objects/${encodeURIComponent(node.accession ?? node.id)}`,
    receipt: receipt(byObject.get(node.id)?.find(({ type }) => type === 'object.accessioned')),
  }));
  return {
    root: graph.root,
    truncated: graph.truncated,
    nodes,
    edges: graph.edges.map((edge) => ({
      ...edge,
      receipt: receipt(nearest(byObject.get(edge.from) ?? [], edge.relation === 'replaces', new Date(edge.at))),
    })),
    files: await filesOf(db, nodes, base),
  };
}

/** The act that made an edge was recorded with its transaction: of those that can have made it, the nearest in time. */
function nearest(places: readonly Place[], linked: boolean, at: Date): Place | undefined {
  const distance = (place: Place) => Math.abs(place.at.getTime() - at.getTime());
  return places
    .filter(({ type }) => (type === 'object.linked') === linked)
    .reduce<Place | undefined>((best, place) => (best && distance(best) <= distance(place) ? best : place), undefined);
}

async function filesOf(db: Db, nodes: readonly LineageNode[], base: string): Promise<LineageFile[]> {
  const { rows } = await sql<{ object: string; file: string; name: string; format: string }>`
    select f.object_id as object, f.file_id as file, f.name, f.format from object_file f
    join object o on o.id = f.object_id and f.version = o.current_version
    where f.object_id = any(${nodes.map(({ id }) => id)}::uuid[]) and f.file_id is not null
    order by f.object_id, f.ordinal limit 10000`.execute(db);
  return rows.map(({ object, file, name, format }) => ({
    object,
    name,
    format,
    url: `${base}/api/v1/files/${file}/content`,
  }));
}

/** Name of the file that an export is saved as. */
export const exportName = (object: string, format: 'prov' | 'ro-crate'): string =>
  format === 'prov' ? `${object}.prov.json` : 'ro-crate-metadata.json';
