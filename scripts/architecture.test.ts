import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './process.ts';

const modulesFolder = join(root, 'server/src/modules');
const modules = readdirSync(modulesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

/** Tables that a module declares as its own. */
function tablesOf(module: string): string[] {
  const file = sources(join(modulesFolder, module)).find((path) => path.endsWith('/tables.ts'));
  if (!file) return [];
  const declared = /interface Tables\s*\{([^}]*)\}/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  return [...declared.matchAll(/^\s*['"]?(\w+)['"]?\s*:/gm)].map((match) => match[1] ?? '');
}

/** Tables that a source names in SQL or in the query builder. */
function tablesNamedIn(text: string, tables: readonly string[]): string[] {
  const names = tables.join('|');
  const used = new RegExp(
    String.raw`(?:\b(?:from|join|into|update)\s+|(?:selectFrom|insertInto|updateTable|deleteFrom|\w+Join|mergeInto)\(\s*['"\x60])(${names})\b(?!\s*\()`,
    'gi',
  );
  return [...text.matchAll(used)].map((match) => match[1] ?? '');
}

describe('the import rule', () => {
  it('knows the tables of every module', () => {
    expect(modules.flatMap(tablesOf)).toContain('person');
    expect(modules.flatMap(tablesOf)).toContain('object');
  });

  it.each(modules)('%s names no table of another module', (module) => {
    const foreign = modules.filter((other) => other !== module).flatMap(tablesOf);
    const named = sources(join(modulesFolder, module))
      .filter((path) => !path.endsWith('.test.ts'))
      .flatMap((path) =>
        tablesNamedIn(readFileSync(path, 'utf8'), foreign).map((table) => `${path.slice(root.length + 1)}: ${table}`),
      );
    expect(named).toEqual([]);
  });

  it('catches a foreign table in SQL and in the query builder', () => {
    expect(tablesNamedIn("sql`select * from person`; db.selectFrom('person')", ['person'])).toEqual([
      'person',
      'person',
    ]);
    expect(tablesNamedIn('the person who came from home', ['person'])).toEqual([]);
  });
});

describe('declared dependencies', () => {
  const pure = ['chain', 'crypt4gh', 'formats', 'merkle', 'metadata', 'mpc', 'phylo'].map(
    (name) => `@geneward/${name}`,
  );
  const allowed: Readonly<Record<string, readonly string[]>> = {
    'libs/metadata': [],
    'libs/formats': ['@geneward/metadata'],
    'libs/chain': ['@geneward/merkle'],
    'libs/crypt4gh': [],
    'libs/merkle': [],
    'libs/mpc': [],
    'libs/phylo': ['@geneward/formats', '@geneward/metadata'],
    api: pure,
    chain: ['@geneward/chain', '@geneward/merkle'],
    server: [...pure, '@geneward/api'],
    cli: [...pure, '@geneward/api'],
    web: [...pure, '@geneward/api'],
  };
  it.each(Object.keys(allowed))('%s leans only on rooms below it', (folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string> | undefined
    >;
    const own = Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] }).filter((name) =>
      name.startsWith('@geneward/'),
    );
    expect(allowed[folder]).toEqual(expect.arrayContaining(own));
  });
});
