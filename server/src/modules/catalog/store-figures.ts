import { facetNames } from '@geneward/api';
import { sql } from 'kysely';
import type { Db } from '../../platform/db.ts';
import { facetValuesShown } from './rules.ts';
import type { Browse, Counted, FacetCounts, Figures } from './tables.ts';

const shown = sql`open and listed`;

/** Figures of everything that anybody may find. */
export async function countFigures(db: Db): Promise<Omit<Figures, 'tookMs'>> {
  const { rows } = await sql<Omit<Figures, 'tookMs' | 'byType' | 'byOrganism' | 'byOrganisation' | 'byMonth'>>`
    select count(*)::int as objects, coalesce(sum(bytes), 0)::text as bytes, coalesce(sum(files), 0)::int as files,
      count(distinct organism)::int as organisms, count(distinct organisation_id)::int as organisations
    from catalog_entry where ${shown}`.execute(db);
  const by = async (column: string): Promise<Counted[]> => {
    const counted = await sql<Counted>`
      select ${sql.ref(column)}::text as value, count(*)::int as count, sum(bytes)::text as bytes
      from catalog_entry where ${shown} and ${sql.ref(column)} is not null
      group by 1 order by count(*) desc, 1 limit 50`.execute(db);
    return counted.rows;
  };
  const months = await sql<{ month: string; objects: number; bytes: string }>`
    select to_char(released_at at time zone 'UTC', 'YYYY-MM') as month, count(*)::int as objects, sum(bytes)::text as bytes
    from catalog_entry where ${shown} and released_at is not null group by 1 order by 1 desc limit 120`.execute(db);
  const totals = rows[0] ?? { objects: 0, bytes: '0', files: 0, organisms: 0, organisations: 0 };
  return {
    ...totals,
    byType: await by('type'),
    byOrganism: await by('organism'),
    byOrganisation: await by('organisation_id'),
    byMonth: months.rows.toReversed(),
  };
}

/** Total and facets of a search that asks nothing. */
export async function countBrowse(db: Db): Promise<Browse> {
  const facets: FacetCounts = {};
  for (const name of facetNames) {
    const column = sql.ref(name === 'organisation' ? 'organisation_id' : name);
    const { rows } = await sql<{ value: string; count: number }>`
      select ${column}::text as value, count(*)::int as count from catalog_entry
      where ${shown} and ${column} is not null group by 1 order by 2 desc, 1 limit ${facetValuesShown}`.execute(db);
    facets[name] = rows;
  }
  const { rows } = await sql<{
    total: number;
  }>`select count(*)::int as total from catalog_entry where ${shown}`.execute(db);
  return { total: rows[0]?.total ?? 0, facets };
}
