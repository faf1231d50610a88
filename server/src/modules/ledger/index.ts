import { ledgerEvents, ledgerProblems } from '@geneward/api';
import { record, registerEvents } from '../../platform/audit.ts';
import type { Context } from '../../platform/context.ts';
import type { Tx } from '../../platform/db.ts';
import type { Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import { mountFiles } from './files.ts';
import type { LedgerPorts } from './ports.ts';
import { mountRoutes } from './routes.ts';
import { eraseAbout, readState } from './store.ts';
import './tables.ts';
import { openFiles } from './tiles.ts';

export type { LedgerPorts } from './ports.ts';
export { jobs, schedules } from './jobs.ts';
export { placesOf, type Place } from './places.ts';
export { recover } from './recover.ts';
export { runLedger } from './run.ts';

registerProblems(ledgerProblems);
registerEvents(ledgerEvents);

/** Puts the log, its receipts and its alarm on the server. */
export function mount(server: Server, parts: Parts, ports: LedgerPorts): void {
  const { db } = parts.pool;
  const files = openFiles(parts.config);
  mountRoutes(server, { config: parts.config, files }, ports);
  mountFiles(server, { db, blobs: files });
  server.alarms.push(async () => {
    const { alarm } = await readState(db);
    return alarm ? { ...alarm, part: 'ledger' } : undefined;
  });
}

/**
 * Destroys what the log's entries about a thing stand for, with the transaction of its destruction. The entries remain and tell
 * nothing any more. That it was done is an act itself.
 */
export async function erase(tx: Tx, context: Context, object: { kind: string; id: string }): Promise<number> {
  const entries = await eraseAbout(tx, object);
  if (entries > 0) await record(tx, context, { type: 'ledger.erased', content: { entries } });
  return entries;
}
