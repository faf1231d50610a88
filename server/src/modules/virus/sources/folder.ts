import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { sourceRules, VirusProblem } from '@geneward/phylo';
import type { Config } from '../../../platform/config.ts';
import { readRecords } from '../records.ts';
import type { SourceRow } from '../store.ts';
import type { Look } from './look.ts';

const fastaName = /\.(?:fasta|fa|fna)(?:\.gz)?$/iu;

/** The folder that a source names, below the one of the settings; nothing when it lies elsewhere or is none. */
export function folderOf({ virus }: Pick<Config, 'virus'>, name: string): string | undefined {
  if (virus.folder === undefined) return undefined;
  const root = resolve(virus.folder);
  const folder = resolve(root, name);
  if (folder !== root && !folder.startsWith(`${root}${sep}`)) return undefined;
  return existsSync(folder) && statSync(folder).isDirectory() ? folder : undefined;
}

/** Every FASTA file that lies still is a batch, beside the table of the same name; one that changes is another batch. */
export async function* lookIntoFolder(
  config: Config,
  row: SourceRow,
  now: Date,
  taken: (external: string) => Promise<unknown>,
): Look {
  const folder = folderOf(config, row.address);
  if (folder === undefined) throw new VirusProblem(sourceRules.away, { address: row.address, reason: 'ENOENT' });
  for (const name of readdirSync(folder)
    .filter((one) => fastaName.test(one))
    .toSorted()) {
    const { size, mtimeMs } = statSync(join(folder, name));
    const external = `${name} ${size} ${Math.floor(mtimeMs)}`;
    if (now.getTime() - mtimeMs < config.drop.settleSeconds * 1000 || (await taken(external))) continue;
    const table = join(folder, name.replace(fastaName, '.tsv'));
    const records = existsSync(table) ? readRecords(readFileSync(table, 'utf8'), { lenient: true }).records : {};
    yield { kind: 'arrival', external, title: name, records, fasta: createReadStream(join(folder, name)) };
  }
}
