import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configurationPage } from './generate/configuration.ts';
import { openApiFile } from './generate/contract.ts';
import { eventPages } from './generate/events.ts';
import { kernelFiles } from './generate/kernels.ts';
import { rulePages } from './generate/rules.ts';
import { root } from './process.ts';

// Files that are made from the code and committed, so that a change of the code shows in review. `--check` only compares.
const files: Readonly<Record<string, string>> = {
  'docs/api/openapi.json': openApiFile(),
  'docs/operate/configuration.md': configurationPage(),
  ...rulePages(),
  ...eventPages(),
  ...(await kernelFiles()),
};
const check = process.argv.includes('--check');
for (const [name, content] of Object.entries(files)) {
  const path = join(root, name);
  if (check) {
    if (read(path) === content) continue;
    console.error(`${name} is stale: run npm run generate`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    console.log(name);
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
