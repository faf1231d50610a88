import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { testParts } from '../../../test/parts.ts';
import { directoryBlobs } from '../directory-blobs.ts';
import { placementOf } from './placement.ts';
import { sealedStorage } from './sealed-storage.ts';
import { holdsTheContract, replacesBytes } from './store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'geneward-stores-'));
const parts = await testParts();
afterAll(async () => {
  await parts.close();
  rmSync(folder, { recursive: true });
});

describe('a directory', () => {
  const store = directoryBlobs(join(folder, 'plain'));
  holdsTheContract(() => store);
  replacesBytes(() => store);
});

describe('sealed storage over two directories', () => {
  const stores = new Map([
    ['a', directoryBlobs(join(folder, 'a'))],
    ['b', directoryBlobs(join(folder, 'b'))],
  ]);
  const { log, now, keys } = parts;
  const placement = placementOf('*=a+b', new Set(stores.keys()), 2);
  const storage = sealedStorage({ db: parts.pool.db, log, now, keys, stores, placement });
  holdsTheContract(() => storage);
});
