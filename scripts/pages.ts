import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, show } from './process.ts';

// Builds the pages when they are missing or older than what they are made of.
const built = join(root, 'web/dist/index.html');
const sources = ['web/src', 'api/src', 'libs/metadata/src', 'libs/formats/src', 'libs/phylo/src'].map((folder) =>
  join(root, folder),
);
const newest = Math.max(
  ...sources.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  ),
);
if (!existsSync(built) || statSync(built).mtimeMs < newest) {
  console.log('Building the pages. 正在构建网页。');
  process.exitCode = await show('npm', ['run', '--silent', 'build', '--workspace', 'web']);
}
