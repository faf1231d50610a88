import { ApiProblem } from '@geneward/api';
import { isNetworkError } from '../exit.ts';

/** Tries without a byte of progress before it is given up: some ten minutes, enough for a change of network. */
const most = 24;
const longest = 30_000;

const passingCodes = new Set(['upload_in_progress', 'upload_offset_differs', 'upload_broken', 'upload_stalled']);

/** Whether the same request may succeed a little later. */
export function isPassing(error: unknown): boolean {
  if (isNetworkError(error)) return true;
  if (!(error instanceof ApiProblem)) return false;
  const { status, code } = error.body;
  return [408, 429, 502, 503, 504].includes(status) || passingCodes.has(code);
}

/**
 * Tries again what a broken line or a busy server cut off, as the server asks it to wait or a little longer each time. Progress makes
 * it patient anew.
 * @param moved how far the work has come
 * @param mend a chance to mend what is wrong in between, as a token that has ended; true to try again
 */
export async function persist<T>(
  work: (again: boolean) => Promise<T>,
  options: { readonly moved?: () => number; readonly mend?: (error: unknown) => Promise<boolean> } = {},
): Promise<T> {
  const { moved = () => 0, mend = () => Promise.resolve(false) } = options;
  let far = moved();
  for (let tries = 0, again = false; ; again = true) {
    try {
      return await work(again);
    } catch (error) {
      if (moved() > far) {
        far = moved();
        tries = 0;
      }
      tries += 1;
      if (tries > most || !(isPassing(error) || (await mend(error)))) throw error;
      await new Promise((done) => setTimeout(done, waitOf(error, tries)));
    }
  }
}

function waitOf(error: unknown, tries: number): number {
  const asked = error instanceof ApiProblem ? error.body.retryAfter : undefined;
  return Math.min(asked === undefined ? 250 * 2 ** (tries - 1) : asked * 1000, longest);
}
