import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A file of the shared virus data; undefined on a machine without it, except in CI, which must have it. */
export function sharedVirus(path: string): string | undefined {
  const found = resolve(import.meta.dirname, '../../../../../shared/data/virus', path);
  if (existsSync(found)) return found;
  if (process.env['CI'] === 'true') throw new Error(`the shared data are missing: ${found}`);
  return undefined;
}
