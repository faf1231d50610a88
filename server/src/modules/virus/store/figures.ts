import { sql } from 'kysely';
import type { Db } from '../../../platform/db.ts';
import { answers, standing, type Asked } from './genomes.ts';

export async function countsByTime(
  db: Db,
  { scope, question }: Asked,
  bin: 'week' | 'month',
): Promise<{ from: string | null; clade: string; genomes: number }[]> {
  const { rows } = await sql<{ from: string | null; clade: string; genomes: number }>`
    select case when g.collected_to - g.collected_from <= ${bin === 'week' ? 6 : 31}
        then date_trunc(${bin}, g.collected_from)::date end as "from", coalesce(g.clade, '?') as clade, count(*)::int as genomes
    from virus_genome g join virus_batch b on b.id = g.batch_id
    where ${scope} and ${answers(question)} and ${standing} group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

export async function countsOfMarks(
  db: Db,
  { scope, question }: Asked,
): Promise<{ genomes: number; marks: { mark: string; genomes: number }[] }> {
  const { rows } = await sql<{ genomes: number; marks: { mark: string; genomes: number }[] | null }>`
    with hit as materialized (select g.marks from virus_genome g join virus_batch b on b.id = g.batch_id
      where ${scope} and ${answers(question)} and ${standing}),
    counted as (select mark, count(*)::int as genomes from hit, unnest(marks) as mark group by mark
      order by count(*) desc, mark limit 20000)
    select (select count(*)::int from hit) as genomes, (select jsonb_agg(to_jsonb(counted)) from counted) as marks`.execute(
    db,
  );
  return { genomes: rows[0]?.genomes ?? 0, marks: rows[0]?.marks ?? [] };
}

export async function lineagesInShort(
  db: Db,
  { scope, question }: Asked,
): Promise<
  { clade: string; genomes: number; first: string | null; last: string | null; places: Record<string, number> }[]
> {
  const { rows } = await sql<{
    clade: string;
    genomes: number;
    first: string | null;
    last: string | null;
    places: Record<string, number>;
  }>`
    with hit as materialized (select coalesce(g.clade, '?') as clade, g.collected_from, g.collected_to, g.place
      from virus_genome g join virus_batch b on b.id = g.batch_id where ${scope} and ${answers(question)} and ${standing}),
    placed as (select clade, place, count(*)::int as genomes from hit where place is not null group by 1, 2)
    select clade, count(*)::int as genomes, min(collected_from) as first, max(collected_to) as last,
      coalesce((select jsonb_object_agg(place, p.genomes) from placed p where p.clade = hit.clade), '{}') as places
    from hit group by clade order by count(*) desc, clade limit 1000`.execute(db);
  return rows;
}

/** Sources of what fits with their terms, and how many of it were withdrawn. */
export async function usesOf(
  db: Db,
  { scope, question }: Asked,
): Promise<{ source: string; license: string; terms: string; genomes: number; withdrawn: number }[]> {
  const { rows } = await sql<{ source: string; license: string; terms: string; genomes: number; withdrawn: number }>`
    select coalesce(g.source, b.source) as source, coalesce(g.license, b.license) as license, coalesce(g.terms, b.terms) as terms,
      (count(*) filter (where g.withdrawn_at is null))::int as genomes,
      (count(*) filter (where g.withdrawn_at is not null))::int as withdrawn
    from virus_genome g join virus_batch b on b.id = g.batch_id
    where ${scope} and ${answers(question)} and g.accepted group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows;
}
