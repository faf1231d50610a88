import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealedKeys } from '../server/src/platform/keys/sealed-keys.ts';
import type { SuiteId } from '../server/src/platform/keys/suite.ts';
import type { Figure } from './figure.ts';

/** Headers that are put under a new key version in a second of processor time: what a rotation costs beside the database. */
export async function run(): Promise<Figure[]> {
  return [await rewrapping('A', 5000, 1000), await rewrapping('G', 2000, 1000)];
}

async function rewrapping(suite: SuiteId, count: number, target?: number): Promise<Figure> {
  const data = mkdtempSync(join(tmpdir(), 'geneward-keys-'));
  try {
    const keys = sealedKeys({ data, suite, now: () => new Date() });
    const headers: Uint8Array[] = [];
    for (let nth = 0; nth < count; nth += 1) headers.push((await keys.newKey()).header);
    await keys.rotate(suite);
    const began = process.cpuUsage();
    await keys.rewrap(headers);
    const { user, system } = process.cpuUsage(began);
    const rate = Math.round(count / ((user + system) / 1e6));
    return {
      name: `keys.rewrap-${suite}`,
      value: rate,
      unit: 'headers/s',
      better: 'higher',
      ...(target !== undefined && { target }),
    };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
