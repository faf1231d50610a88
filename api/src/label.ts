import { z } from 'zod';

/** Sensitivity from 1 (open) to 4 (most sensitive). */
export const grade = z.int().min(1).max(4);

/** Categories that law or policy treats apart. A category is added here before anything carries it. */
export const categories = [
  'human_genetic_resource',
  'personal_health',
  'pathogen_high_consequence',
  'endangered_species',
  'dual_use',
  'commercial',
] as const;
export const category = z.enum(categories);
export type Category = z.infer<typeof category>;

/** ISO 3166-1 alpha-2 code of the law that governs the data, `ZZ` when unknown. */
export const jurisdiction = z.string().regex(/^[A-Z]{2}$/);

/** What every subject (as a clearance) and every object (as a classification) carries. */
export const label = z.object({
  grade,
  categories: z.array(category).readonly(),
  jurisdictions: z.array(jurisdiction).readonly(),
});
export type Label = z.infer<typeof label>;

/** Least upper bound: what is derived from both is at least this. */
export function join(a: Label, b: Label): Label {
  return {
    grade: Math.max(a.grade, b.grade),
    categories: union(a.categories, b.categories),
    jurisdictions: union(a.jurisdictions, b.jurisdictions),
  };
}

/** Whether `high` is at or above `low` in every respect. */
export function dominates(high: Label, low: Label): boolean {
  return (
    high.grade >= low.grade &&
    low.categories.every((c) => high.categories.includes(c)) &&
    low.jurisdictions.every((j) => high.jurisdictions.includes(j))
  );
}

export const openLabel: Label = { grade: 1, categories: [], jurisdictions: [] };

const union = <T extends string>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])].toSorted();
