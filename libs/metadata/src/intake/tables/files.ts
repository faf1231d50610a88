import type { DeclaredFile } from '../../model/record.ts';
import type { FilePart } from './names.ts';

const byEnding: readonly (readonly [RegExp, string])[] = [
  [/\.(fastq|fq)$/i, 'fastq'],
  [/\.(fasta|fa|fna|fas|fsa)$/i, 'fasta'],
  [/\.(gff3?|gtf)$/i, 'gff'],
  [/\.(bam|cram|vcf|bcf|bed|agp|sff|tab)$/i, ''],
];

/** The format that a file's ending tells, for sheets that leave it out; empty when it tells none. */
export function formatOfName(name: string): string {
  const bare = name.replace(/\.(gz|bz2|bgz|c4gh)$/gi, '');
  const [pattern, format] = byEnding.find(([ending]) => ending.test(bare)) ?? [];
  if (pattern === undefined) return '';
  return format === '' || format === undefined ? bare.slice(bare.lastIndexOf('.') + 1).toLowerCase() : format;
}

/** Makes a declared file of the cells of one row; undefined when they do not name it. */
export function declaredFile(cells: ReadonlyMap<FilePart, string>): DeclaredFile | undefined {
  const name = cells.get('name');
  if (name === undefined) return undefined;
  const checksum = cells.get('checksum')?.toLowerCase();
  const sha256 = cells.get('sha256')?.toLowerCase() ?? (checksum?.length === 64 ? checksum : undefined);
  const md5 = cells.get('md5')?.toLowerCase() ?? (checksum?.length === 64 ? undefined : checksum);
  const unencryptedMd5 = cells.get('unencryptedMd5')?.toLowerCase();
  const readTypes = cells
    .get('readTypes')
    ?.split(/[,;]/)
    .map((type) => type.trim())
    .filter((type) => type !== '');
  return {
    name,
    format: cells.get('format')?.toLowerCase() ?? formatOfName(name),
    ...(md5 === undefined ? {} : { md5 }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(unencryptedMd5 === undefined ? {} : { unencryptedMd5 }),
    ...(readTypes === undefined || readTypes.length === 0 ? {} : { readTypes }),
  };
}
