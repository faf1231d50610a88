import type { ObjectType } from '@geneward/metadata';
import type { Tx } from '../../../platform/db.ts';
import { acceptanceOrder, accessionLetters, formatAccession } from '../rules.ts';
import { takeNumbers } from '../store-accept.ts';

/** What every accession of this installation looks like. */
export const ownAccession = (prefix: string): RegExp =>
  new RegExp(`^${prefix}[${Object.values(accessionLetters).join('')}][0-9]{7,}$`);

/**
 * Gives each object an accession: types in the order of what others refer to, objects of a type in the order in which they came.
 * The counters are taken in the same order by everybody, so two acceptances wait for each other and never lock up.
 */
export async function allocate<T extends { readonly id: string; readonly type: ObjectType }>(
  tx: Tx,
  prefix: string,
  objects: readonly T[],
): Promise<(T & { accession: string })[]> {
  const given: (T & { accession: string })[] = [];
  for (const type of acceptanceOrder) {
    const some = objects.filter((object) => object.type === type);
    if (some.length === 0) continue;
    const first = await takeNumbers(tx, `${prefix}${accessionLetters[type]}`, some.length);
    some.forEach((object, index) =>
      given.push({ ...object, accession: formatAccession(prefix, type, first + BigInt(index)) }),
    );
  }
  return given;
}
