import type { ObjectLink } from '@geneward/api';
import type { ObjectType } from '@geneward/metadata';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { authorize, scopeOf } from '../../access/index.ts';
import { objectResource } from '../resource.ts';
import type { ObjectRow } from '../store-object.ts';
import { linkOf } from './move-objects.ts';
import { findReadable } from './read-object.ts';

/** Steps that are followed: from an umbrella project to an analysis of analyses is seven, the rest is room. */
const deepest = 16;

type Reached = Pick<ObjectRow, 'id' | 'type' | 'accession' | 'alias' | 'status'> & {
  title: string | null;
  distance: number;
};

/**
 * Everything that stands on an object, directly or through others, in the order of ids. The walk goes only through objects
 * that the caller may read, and ends sixteen steps from the object.
 */
export async function objectsBelow(
  context: Context,
  input: {
    object: string;
    type?: ObjectType | undefined;
    files?: 'true' | 'false' | undefined;
    after?: string | undefined;
    limit: number;
  },
): Promise<{ items: (ObjectLink & { title?: string; distance: number })[]; next?: string }> {
  const { row } = await findReadable(context, input.object);
  authorize(context, 'object:read_metadata', objectResource(row));
  const after = positionOf(input.after, z.uuid());
  const scope = scopeOf(context.principal, 'object:read_metadata', {
    organisation: 'o.organisation_id',
    owner: 'o.submitter_id',
    status: 'o.status',
    manner: 'o.manner',
    grade: 'o.grade',
    categories: 'o.categories',
    jurisdictions: 'o.jurisdictions',
  });
  const { rows } = await sql<Reached>`
    with recursive below(id, distance) as (
      select ${row.id}::uuid, 0
      union
      select e.from_id, below.distance + 1
      from below join edge e on e.to_id = below.id join object o on o.id = e.from_id
      where e.ended_at is null and e.relation in ('part_of', 'derived_from') and below.distance < ${deepest} and ${scope}
    ), nearest as (select id, min(distance) as distance from below where distance > 0 group by id)
    select o.id, o.type, o.accession, o.alias, o.status, v.title, nearest.distance
    from nearest join object o on o.id = nearest.id
    left join object_version v on v.object_id = o.id and v.version = coalesce(o.current_version, 1)
    where o.id <> ${row.id}::uuid
      ${after === undefined ? sql`` : sql`and o.id > ${after}::uuid`}
      ${input.type === undefined ? sql`` : sql`and o.type = ${input.type}`}
      ${
        input.files === 'true'
          ? sql`and exists (select from object_file f where f.object_id = o.id and f.version = v.version)`
          : sql``
      }
    order by o.id limit ${input.limit + 1}`.execute(context.db);
  return pageFrom(
    rows,
    input.limit,
    (one) => one.id,
    (one) => ({ ...linkOf(one), ...(one.title !== null && { title: one.title }), distance: one.distance }),
  );
}
