import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { record } from '../../platform/audit.ts';
import { readEvents } from '../../platform/audit-trail.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/db.ts';
import { policies, type LoadedPolicy } from './policies.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Records that other policies are in force than when it was last noted: who may do what is part of the history. */
export async function notePolicies(
  context: Context,
  inForce: ReadonlyMap<string, Pick<LoadedPolicy, 'source'>> = policies,
): Promise<void> {
  const now = Object.fromEntries(
    [...inForce].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, { source }]) => [id, sha256(source)]),
  );
  const whole = sha256(JSON.stringify(now));
  await transaction(context.db, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('access.policies', 0))`.execute(tx);
    const [last] = await readEvents(tx, { type: 'access.policies_changed', limit: 1 });
    if (last?.content['sha256'] === whole) return;
    const before = (last?.content['policies'] ?? {}) as Readonly<Record<string, string>>;
    await record(tx, context, {
      type: 'access.policies_changed',
      content: {
        sha256: whole,
        added: Object.keys(now).filter((id) => !(id in before)),
        removed: Object.keys(before).filter((id) => !(id in now)),
        changed: Object.keys(now).filter((id) => id in before && before[id] !== now[id]),
        policies: now,
      },
    });
  });
}
