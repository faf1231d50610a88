import { contract, openApi, problems } from '@geneward/api';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process.ts';

/** The OpenAPI document as it is committed. */
export function openApiFile(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return `${JSON.stringify(openApi(contract, problems, version), null, 2)}\n`;
}
