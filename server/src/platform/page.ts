import type { z } from 'zod';
import { Problem } from './problem.ts';

/**
 * One page from rows that were asked for with one more than `limit`: the extra row says that there is a next page.
 * @param keyOf the position of a row in the list's order
 */
export function pageFrom<Row, View>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
  view: (row: Row) => View,
): { items: View[]; next?: string } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? Buffer.from(keyOf(last)).toString('base64url') : undefined;
  return { items: shown.map(view), ...(next !== undefined && { next }) };
}

/** The position that an opaque `after` stands for, checked by the form that this list's positions have. */
export function positionOf(after: string | undefined, form: z.ZodType<string>): string | undefined {
  if (after === undefined) return undefined;
  const position = form.safeParse(Buffer.from(after, 'base64url').toString());
  if (position.success) return position.data;
  throw new Problem('invalid_request', { issues: [{ path: 'query.after', message: 'not the "next" of this list' }] });
}
