import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema, environmentNames } from '../../server/src/platform/config.ts';
import { root } from '../process.ts';

/** The configuration reference: key, name in the environment, default and the comment that stands above it in the schema. */
export function configurationPage(): string {
  const source = readFileSync(join(root, 'server/src/platform/config.ts'), 'utf8');
  const defaults = configSchema.parse({}) as Record<string, unknown>;
  const rows = [...environmentNames()].map(([name, path]) => {
    const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], defaults);
    return `| \`${path.join('.')}\` | \`${name}\` | ${value === undefined || value === '' ? '' : `\`${JSON.stringify(value)?.replaceAll('"', '') ?? ''}\``} | ${commentOf(source, path)} |`;
  });
  return `# Configuration

Made from \`server/src/platform/config.ts\` by \`npm run generate\`.

Settings come from \`geneward.yaml\` in the working directory (or the file named by \`GENEWARD_CONFIG\`) and from the environment, which wins.
An unknown key or a wrong value stops the start with a message that names it. Sizes are bytes.

| key | environment | default | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** The doc comment right above a key, looked up inside its section. */
function commentOf(source: string, path: readonly string[]): string {
  const section = path.length > 1 ? source.indexOf(`\n  ${path[0]}: z`) : 0;
  const key = path.at(-1) ?? '';
  const at = source.slice(section).search(new RegExp(String.raw`\n\s+${key}: `));
  const before = source.slice(section, section + Math.max(at, 0)).trimEnd();
  const comment = before.endsWith('*/') ? before.slice(before.lastIndexOf('/**') + 3, -2) : '';
  return comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim();
}
