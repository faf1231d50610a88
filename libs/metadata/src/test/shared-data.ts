import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * A folder of the real inputs that stand beside the project. In CI its absence is a failure; elsewhere the caller skips, and
 * the reason is printed.
 */
export function sharedData(folder: string): string | undefined {
  const path = resolve(import.meta.dirname, '../../../../../shared/data', folder);
  if (existsSync(path)) return path;
  if (process.env['CI'] === 'true') throw new Error(`the test data ${path} are missing`);
  console.warn(`skipped: no test data at ${path}`);
  return undefined;
}
