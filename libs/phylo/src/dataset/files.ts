import { datasetRules } from '../rules/dataset.ts';
import { VirusProblem } from '../rules/problem.ts';

/** The files of a data set by their path inside it. */
export type DatasetFiles = ReadonlyMap<string, Uint8Array>;

/** SHA-256 of the host: Node's, or a portable one in a browser. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * The hash that names the content of a data set: SHA-256 over one line `<sha256>  <path>` a file, in the order of the bytes of the paths, which is what
 * `sha256sum` prints. Where the files came from, and in which archive, does not change it.
 */
export function contentHash(files: DatasetFiles, sha256: Sha256): string {
  const encoder = new TextEncoder();
  const paths = [...files.keys()].sort((a, b) => compareBytes(encoder.encode(a), encoder.encode(b)));
  const lines = paths.map((path) => `${hexOf(sha256(files.get(path) ?? new Uint8Array(0)))}  ${path}\n`);
  return hexOf(sha256(encoder.encode(lines.join(''))));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0);
  return a.length - b.length;
}

/** Takes off the folder that holds `pathogen.json`, and leaves out hidden files and what lies elsewhere. Throws {@link datasetRules.missing}. */
export function rootOf(files: DatasetFiles): DatasetFiles {
  const found = [...files.keys()]
    .filter((path) => path === 'pathogen.json' || path.endsWith('/pathogen.json'))
    .sort((a, b) => a.length - b.length)[0];
  if (found === undefined) throw new VirusProblem(datasetRules.missing, { file: 'pathogen.json' });
  const folder = found.slice(0, -'pathogen.json'.length);
  return new Map(
    [...files]
      .filter(([path]) => path.startsWith(folder) && !/(?:^|\/)\./u.test(path.slice(folder.length)))
      .map(([path, bytes]) => [path.slice(folder.length), bytes]),
  );
}
