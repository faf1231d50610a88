import { openLabel, type Label } from '@geneward/api';
import { sql } from 'kysely';
import { derivedLabel, labelOf, type SignedDowngrade } from '../../access/index.ts';
import type { Tx } from '../../../platform/db.ts';
import { lockObjects } from '../store-object.ts';

/**
 * Lowers the label of an object as two people signed, when what they signed covers the label that it has by now. A new version is
 * judged anew, and what it stands on raises it again.
 * @returns the label from now on, or nothing when there is no such object
 */
export async function lowerLabel(tx: Tx, id: string, downgrade: SignedDowngrade): Promise<Label | undefined> {
  const [row] = await lockObjects(tx, [id]);
  if (!row) return undefined;
  const label = derivedLabel([labelOf(row)], openLabel, downgrade);
  const { grade, categories, jurisdictions } = label;
  await sql`update object set grade = ${grade}, categories = ${[...categories]}::text[], jurisdictions = ${[...jurisdictions]}::text[]
    where id = ${id}`.execute(tx);
  return label;
}
