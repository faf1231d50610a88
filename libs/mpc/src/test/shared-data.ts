import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../../../../shared/data/gwas/', import.meta.url);

/** Whether HapMap3 lies beside the checkout. In CI it must; elsewhere the tests that need it are skipped. */
export const haveData = existsSync(root);

if (!haveData && process.env['CI'] === 'true')
  throw new Error(`the folder of real test data is missing: ${root.pathname}`);
if (!haveData) console.log(`skipped: no real test data at ${root.pathname}`);

export const gwasFile = (name: string): Uint8Array => readFileSync(new URL(name, root));
