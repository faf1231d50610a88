import type { ObjectGraph } from '@geneward/api';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/db.ts';
import { authorize, scopeOf } from '../../access/index.ts';
import { objectResource } from '../resource.ts';
import { linkOf } from './move-objects.ts';
import { findReadable } from './read-object.ts';
import type { ObjectRow } from '../store-object.ts';

type Node = Pick<ObjectRow, 'id' | 'type' | 'accession' | 'alias' | 'status'> & { title: string | null };
interface Reached {
  readonly node: Node;
  readonly distance: number;
}

/**
 * The lineage around an object: all that stands on it, and all that any of those stand on. A sample leads down to its
 * experiments and runs and from there up to their project, never sideways to the other samples of the project. The walk
 * goes only through objects that the caller may read.
 * @param depth steps in each direction
 * @param limit largest number of objects
 */
export async function lineageOf(
  context: Context,
  input: { object: string; depth: number; limit: number },
): Promise<ObjectGraph> {
  const { row } = await findReadable(context, input.object);
  authorize(context, 'object:read_metadata', objectResource(row));
  const { db } = context;
  const scope = scopeOf(context.principal, 'object:read_metadata', {
    organisation: 'o.organisation_id',
    owner: 'o.submitter_id',
    status: 'o.status',
    manner: 'o.manner',
    grade: 'o.grade',
    categories: 'o.categories',
    jurisdictions: 'o.jurisdictions',
  });
  const [root] = await nodes(db, sql`o.id = ${row.id}::uuid`, 1);
  const reached = new Map<string, Reached>(root ? [[row.id, { node: root, distance: 0 }]] : []);
  const walk = async (direction: 'up' | 'down'): Promise<boolean> => {
    let frontier = [...reached.keys()];
    for (let step = 1; step <= input.depth && frontier.length > 0; step += 1) {
      const room = input.limit - reached.size;
      const next = await neighbours(db, direction, frontier, [...reached.keys()], scope, room + 1);
      for (const node of next.slice(0, room)) reached.set(node.id, { node, distance: step });
      if (next.length > room) return false;
      frontier = next.map((node) => node.id);
    }
    return true;
  };
  const whole = (await walk('down')) && (await walk('up'));
  const ids = [...reached.keys()];
  return {
    root: row.id,
    nodes: [...reached.values()].map(({ node, distance }) => ({
      ...linkOf(node),
      ...(node.title !== null && { title: node.title }),
      distance,
    })),
    edges: await edgesAmong(db, ids),
    truncated: !whole,
  };
}

async function nodes(db: Db, condition: RawBuilder<unknown>, limit: number): Promise<Node[]> {
  const { rows } = await sql<Node>`
    select o.id, o.type, o.accession, o.alias, o.status, v.title
    from object o left join object_version v on v.object_id = o.id and v.version = coalesce(o.current_version, 1)
    where ${condition} order by o.id limit ${limit}`.execute(db);
  return rows;
}

async function neighbours(
  db: Db,
  direction: 'up' | 'down',
  frontier: readonly string[],
  known: readonly string[],
  scope: RawBuilder<SqlBool>,
  limit: number,
): Promise<Node[]> {
  const linked =
    direction === 'up'
      ? sql`select e.to_id from edge e where e.from_id = any(${frontier}::uuid[]) and e.ended_at is null`
      : sql`select e.from_id from edge e where e.to_id = any(${frontier}::uuid[]) and e.ended_at is null`;
  return nodes(db, sql`o.id in (${linked}) and o.id <> all(${known}::uuid[]) and ${scope}`, limit);
}

async function edgesAmong(db: Db, ids: readonly string[]): Promise<ObjectGraph['edges']> {
  const { rows } = await sql<{
    from_id: string;
    to_id: string;
    relation: ObjectGraph['edges'][number]['relation'];
    at: Date;
  }>`
    select from_id, to_id, relation, at from edge
    where from_id = any(${ids}::uuid[]) and to_id = any(${ids}::uuid[]) and ended_at is null order by id`.execute(db);
  return rows.map((edge) => ({
    from: edge.from_id,
    to: edge.to_id,
    relation: edge.relation,
    at: edge.at.toISOString(),
  }));
}
