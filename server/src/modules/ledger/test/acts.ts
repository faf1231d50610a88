import pg from 'pg';
import { record } from '../../../platform/audit.ts';
import { systemContext, type Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import type { TestParts } from '../../../../test/parts.ts';
import { openSequencer, type Sequencer } from '../sequencer.ts';

export const contextOf = (parts: Parts, db: Db = parts.pool.db): Context =>
  systemContext({ db, log: parts.log, now: parts.now, name: 'test', requestId: 'test' });

/** Records that many acts. */
export async function act(parts: Parts, count: number, db: Db = parts.pool.db): Promise<void> {
  for (let n = 0; n < count; n += 1)
    await record(db, contextOf(parts, db), {
      type: 'platform.stopped',
      object: { kind: 'thing', id: `${n % 3}` },
      content: { role: `r${n}` },
    });
}

/** A sequencer that leads. */
export async function leader(parts: Parts): Promise<Sequencer> {
  const sequencer = await openSequencer(parts);
  const is = await sequencer.lead();
  if (is !== 'leads') throw new Error(`the sequencer ${is}`);
  return sequencer;
}

/** Everything that waits gets its place and is signed. */
export async function settle(sequencer: Sequencer): Promise<void> {
  while ((await sequencer.append()) > 0);
  await sequencer.checkpoint();
}

/** What the owner of the database can do to it: everything. */
export async function asOwner({ database }: TestParts, statements: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}
