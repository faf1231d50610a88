import { record } from './audit.ts';
import type { Context } from './context.ts';
import { transaction } from './db.ts';
import { Problem } from './problem.ts';
import { refused } from './refuse.ts';

/** Writes the event that a refusal asks for, in a transaction of its own: the act itself was rolled back. */
export async function tellRefusal(context: Context, problem: unknown): Promise<void> {
  const event = problem instanceof Problem ? refused(problem) : undefined;
  if (event) await transaction(context.db, (tx) => record(tx, context, event));
}
