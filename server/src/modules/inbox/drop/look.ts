import { lstatSync, readFileSync, readdirSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

/** Folders that we make beside what is dropped. */
export const ours = { taken: 'taken', refused: 'refused', notes: '.taking' } as const;

/** Names under which programs write what is not yet whole. */
const unfinished = /^[.~]|(?:\.(?:part|partial|filepart|tmp|temp|crdownload|swp))$|~$/i;
/** What stands beside a file and says that it is whole: with a checksum, or empty. */
const sides = ['.done', '.md5', '.sha256'] as const;

/** A file that lies in a folder as it was looked at. */
export interface Dropped {
  readonly name: string;
  readonly stats: BigIntStats;
  /** Names of the files that stand beside it. */
  readonly beside: readonly string[];
  readonly declared: { readonly md5?: string; readonly sha256?: string };
}

/**
 * Files that are whole: a side file says so, or nothing was changed for `settleSeconds`. What is unfinished by its name, side
 * files and folders stay.
 */
export function wholeFiles(folder: string, settleSeconds: number, now: Date): readonly Dropped[] {
  const names = new Set(readdirSync(folder));
  const found: Dropped[] = [];
  for (const name of names) {
    if (unfinished.test(name) || Object.values<string>(ours).includes(name) || isSide(name, names)) continue;
    const stats = lstatSync(join(folder, name), { bigint: true, throwIfNoEntry: false });
    if (!stats || stats.isDirectory()) continue;
    const beside = sides.map((end) => name + end).filter((side) => names.has(side));
    const changed = Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs));
    if (beside.length === 0 && now.getTime() - changed < settleSeconds * 1000) continue;
    found.push({ name, stats, beside, declared: declaredBeside(folder, name, names) });
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const isSide = (name: string, names: ReadonlySet<string>): boolean =>
  sides.some((end) => name.endsWith(end) && names.has(name.slice(0, -end.length)));

/** `HEX` or `HEX  name`, as md5sum and sha256sum write it. */
function declaredBeside(folder: string, name: string, names: ReadonlySet<string>): Dropped['declared'] {
  const read = (end: string, digits: number): string | undefined => {
    if (!names.has(name + end)) return undefined;
    const path = join(folder, name + end);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile() || stats.size > 4096) return undefined;
    const [word = ''] = readFileSync(path, 'utf8').trim().split(/\s+/);
    return new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(word) ? word.toLowerCase() : undefined;
  };
  const [md5, sha256] = [read('.md5', 32), read('.sha256', 64)];
  return { ...(md5 !== undefined && { md5 }), ...(sha256 !== undefined && { sha256 }) };
}

/** Why a folder is not looked into: anybody could send in the name of its person, or our places lead elsewhere. */
export function folderFault(folder: string): string | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (!stats) return 'it is not there';
  if (!stats.isDirectory()) return 'it is not a folder';
  if (process.platform !== 'win32' && (stats.mode & 0o002) !== 0) return 'everybody may write into it: chmod o-w';
  for (const name of Object.values(ours)) {
    const place = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (place && !place.isDirectory()) return `${name} in it is not a folder`;
  }
  return undefined;
}
