import { addressOf, pageOf, virusBatch, virusRoutes, type VirusBatch } from '@geneward/api';
import { sourceRules, VirusProblem } from '@geneward/phylo';
import { readRecords } from '../records.ts';
import type { SourceRow } from '../store.ts';
import { ask, textAt } from './http.ts';
import type { Look } from './look.ts';

/** How many genomes of each batch the partner had withdrawn when we last did the same. */
type Withdrawn = Readonly<Record<string, number>>;

/**
 * Shared batches of another installation, each taken once with the terms of every genome in it, and what it has withdrawn since. What the
 * partner has fetched itself is left to its own source: two partners that fetch from one another would copy for ever.
 */
export async function* lookAtPartner(
  row: SourceRow,
  taken: (external: string) => Promise<{ readonly state: string } | undefined>,
): Look {
  let withdrawn = (row.position['withdrawn'] ?? {}) as Withdrawn;
  for (const batch of await sharedBatches(row)) {
    const known = await taken(batch.id);
    if (!known) {
      const { records } = await recordsOf(row, batch.id);
      const { body } = await ask(addressOf(row.address, virusRoutes.getVirusGenomes, { batch: batch.id }, {}));
      yield { kind: 'arrival', external: batch.id, title: batch.title, records, fasta: body };
    } else if (known.state === 'done' && batch.withdrawn > (withdrawn[batch.id] ?? 0)) {
      const { gone } = await recordsOf(row, batch.id);
      for (const [reason, names] of gone) yield { kind: 'gone', external: batch.id, names, reason };
    } else continue;
    if (known || batch.withdrawn > 0) {
      withdrawn = { ...withdrawn, [batch.id]: batch.withdrawn };
      yield { kind: 'reached', position: { withdrawn } };
    }
  }
}

/** The oldest first. */
async function sharedBatches({ address, dataset }: SourceRow): Promise<VirusBatch[]> {
  const found: VirusBatch[] = [];
  let after: string | undefined;
  do {
    const query = { limit: 200, ...(after !== undefined && { after }) };
    const page = parsed(address, await textAt(addressOf(address, virusRoutes.listVirusBatches, {}, query)));
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found
    .filter((one) => one.shared && one.state === 'done' && !one.fetched && one.dataset === dataset)
    .toReversed();
}

const batches = pageOf(virusBatch);

function parsed(address: string, text: string): ReturnType<typeof batches.parse> {
  try {
    return batches.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'no list of batches';
    throw new VirusProblem(sourceRules.form, { address, reason });
  }
}

const recordsOf = async ({ address }: SourceRow, batch: string) =>
  readRecords(await textAt(addressOf(address, virusRoutes.getVirusRecords, { batch }, {})), { lenient: true });
