import { setTimeout as pause } from 'node:timers/promises';
import { jobMoment, type JobMoment } from '@geneward/api';
import type { Context, Principal } from '../../../platform/context.ts';
import { Problem } from '../../../platform/problem.ts';
import { isOver } from '../rules.ts';
import * as store from '../store.ts';
import { jobFor } from './open-job.ts';

/** How often the database is asked, and the right to watch looked at again, in milliseconds. */
const lookMs = 500;
const checkMs = 10_000;
const batch = 200;
/** Streams of one person at once in one process. */
const mostStreams = 10;

interface Watching {
  /** Who the credentials of the request stand for now. */
  readonly authenticate: () => Promise<Principal>;
  /** The server is stopping. */
  readonly stopping: AbortSignal;
}

const open = new Map<string, number>();

/**
 * What happens to a job as Server-Sent Events, from after a place on: what was there already, then what comes, until the job is over
 * or the right to see it ends.
 * @param after `Last-Event-ID` of the stream before
 */
export async function watchJob(
  context: Context,
  watching: Watching,
  given: { job: string; after: string | undefined },
): Promise<AsyncGenerator<string>> {
  await jobFor(context, given.job, 'job:read');
  const who = context.principal.kind === 'person' ? context.principal.id : context.principal.kind;
  const count = open.get(who) ?? 0;
  if (count >= mostStreams) throw new Problem('too_many_streams', { retryAfter: 5 });
  open.set(who, count + 1);
  return counted(who, lines(context, watching, given.job, placeOf(given.after)));
}

async function* counted(who: string, stream: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    yield* stream;
  } finally {
    const left = (open.get(who) ?? 1) - 1;
    if (left > 0) open.set(who, left);
    else open.delete(who);
  }
}

const placeOf = (after: string | undefined): string => (after !== undefined && /^\d{1,18}$/.test(after) ? after : '0');

async function* lines(context: Context, watching: Watching, job: string, from: string): AsyncGenerator<string> {
  yield 'retry: 2000\n\n';
  let after = from;
  let checked = performance.now();
  while (!watching.stopping.aborted) {
    // The state first: what was written before the end is then among the moments read after it.
    const state = (await store.findJob(context.db, job))?.row.state;
    const rows = await store.momentsAfter(context.db, job, after, batch);
    for (const row of rows) {
      after = row.seq;
      yield `id: ${row.seq}\nevent: ${row.type}\ndata: ${JSON.stringify(momentOf(row))}\n\n`;
    }
    if (rows.length === batch) continue;
    if (rows.length === 0 && (state === undefined || isOver(state))) return;
    await pause(lookMs);
    if (performance.now() - checked < checkMs) continue;
    checked = performance.now();
    try {
      await jobFor({ ...context, principal: await watching.authenticate() }, job, 'job:read');
    } catch (error) {
      if (error instanceof Problem) return;
      throw error;
    }
    yield ': here\n\n';
  }
}

const momentOf = (row: store.MomentRow): JobMoment =>
  jobMoment.parse({
    at: row.at.toISOString(),
    type: row.type,
    ...(row.party !== null && { party: row.party }),
    ...row.content,
  });
