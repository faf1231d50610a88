import { writeFileSync } from 'node:fs';
import {
  matPieces,
  newickPieces,
  readAuspice,
  readMat,
  readNewick,
  readNexus,
  readTaxonium,
  taxoniumLines,
  vcfLines,
  writeAuspice,
  writeNexus,
  type Tree,
} from '@geneward/phylo';
import { exit, Stop } from '../exit.ts';
import { inFile } from './saying.ts';
import { linesOf, openBytes, textOf } from './files.ts';

const formats = {
  auspice: /\.json$/iu,
  mat: /\.pb$/iu,
  taxonium: /\.jsonl$/iu,
  newick: /\.(?:nwk|newick|tree|nh)$/iu,
  nexus: /\.(?:nex|nexus)$/iu,
  vcf: /\.vcf$/iu,
} as const;
export type TreeFormat = keyof typeof formats;
export const treeFormats = Object.keys(formats) as TreeFormat[];

/** The format that a name ends in, packing aside; or the one that was told. */
export function formatOf(path: string, told?: string): TreeFormat {
  const found = treeFormats.find(
    (format) =>
      format === told || (told === undefined && formats[format].test(path.replace(/\.(?:gz|zst|bz2)$/iu, ''))),
  );
  if (!found) throw new Stop(exit.usage, `${path}: ${treeFormats.join(' | ')}?`, 'format');
  return found;
}

/** Reads a tree; `meta` is that of Auspice where the file has it. */
export const readTree = (
  path: string,
  format: TreeFormat,
  reference: Tree['reference'],
): Promise<{ tree: Tree; meta: Readonly<Record<string, unknown>> }> =>
  inFile(path, () => read(path, format, reference));

async function read(
  path: string,
  format: TreeFormat,
  reference: Tree['reference'],
): Promise<{ tree: Tree; meta: Readonly<Record<string, unknown>> }> {
  if (format === 'auspice') return readAuspice(await textOf(path), reference);
  if (format === 'mat') return { tree: await readMat(openBytes(path).bytes, reference), meta: {} };
  if (format === 'taxonium') return { tree: await readTaxonium(linesOf(path), reference), meta: {} };
  if (format === 'newick') return { tree: readNewick(await textOf(path), reference), meta: {} };
  if (format === 'nexus') return { tree: readNexus(await textOf(path), reference), meta: {} };
  throw new Stop(exit.usage, `${path}: a VCF holds genomes, no tree`, 'format');
}

/** Writes a tree in a format. */
export function writeTree(path: string, format: TreeFormat, tree: Tree, meta: Readonly<Record<string, unknown>>): void {
  if (format === 'mat') writeFileSync(path, Buffer.concat([...matPieces(tree)]));
  else writeFileSync(path, textIn(format, tree, meta));
}

function textIn(format: Exclude<TreeFormat, 'mat'>, tree: Tree, meta: Readonly<Record<string, unknown>>): string {
  if (format === 'auspice') return `${writeAuspice(tree, meta)}\n`;
  if (format === 'taxonium') return [...taxoniumLines(tree)].join('');
  if (format === 'newick') return `${[...newickPieces(tree)].join('').trimEnd()}\n`;
  if (format === 'nexus') return writeNexus(tree);
  return [...vcfLines(tree)].join('');
}
