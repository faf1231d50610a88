import { facetNames, type FacetName } from '@geneward/api';
import { facetValuesShown } from './rules.ts';

/** Codes of the values of one entry, 0 for none, in the order of the contract. */
export type FacetCodes = readonly number[];

/** Length of the packed codes of one entry. */
const width = 4 * facetNames.length;

/** Values of a row by facet. */
export const facetValuesOf = (
  row: {
    readonly [K in Exclude<FacetName, 'organisation'>]: string | number | null;
  } & { readonly organisation_id: string },
): (string | null)[] =>
  facetNames.map((name) => {
    const value = name === 'organisation' ? row.organisation_id : row[name];
    return value === null ? null : String(value);
  });

/** Codes as they are kept: four bytes each, most significant first. */
export function packFacets(codes: FacetCodes): Buffer {
  const packed = Buffer.alloc(width);
  for (const [i, code] of codes.entries()) packed.writeInt32BE(code, 4 * i);
  return packed;
}

/** The most frequent codes of each facet among many entries whose packed codes follow each other. */
export function countFacets(packed: Buffer): Map<FacetName, { code: number; count: number }[]> {
  const facets = new Map<FacetName, { code: number; count: number }[]>();
  for (const [i, name] of facetNames.entries()) {
    const counts = new Map<number, number>();
    for (let at = 4 * i; at < packed.length; at += width) {
      const code = packed.readInt32BE(at);
      if (code !== 0) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    const most = [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, facetValuesShown);
    if (most.length > 0)
      facets.set(
        name,
        most.map(([code, count]) => ({ code, count })),
      );
  }
  return facets;
}
