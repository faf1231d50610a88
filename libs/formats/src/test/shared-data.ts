import { existsSync, readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../../../../shared/data/', import.meta.url);

/** Whether the real files lie beside the checkout. In CI they must; elsewhere the tests that need them are skipped. */
export const haveData = existsSync(root);

if (!haveData && process.env['CI'] === 'true')
  throw new Error(`the folder of real test data is missing: ${root.pathname}`);
if (!haveData) console.log(`skipped: no real test data at ${root.pathname}`);

export const dataFile = (path: string): Uint8Array =>
  readFileSync(new URL(encodeURIComponent(path).replaceAll('%2F', '/'), root));

/** Names of the files in a folder, sorted. */
export const dataFiles = (folder: string): string[] =>
  haveData
    ? readdirSync(new URL(`${folder}/`, root))
        .sort()
        .map((name) => `${folder}/${name}`)
    : [];
