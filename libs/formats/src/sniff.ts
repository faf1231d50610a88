/** What the first bytes of a file say that it is. Names and media types are never trusted. */
export type Kind = Compression | Archive | Format | Other;

/** Layers that can be taken off while streaming. */
export type Compression = 'gzip' | 'bgzf' | 'bzip2' | 'zstd';
/** Containers of many files, and compressions that no sequence archive takes. */
export type Archive = 'zip' | 'tar' | '7z' | 'rar' | 'xz';
/** Formats that this library checks or recognises. */
type Format =
  | 'fastq'
  | 'fasta'
  | 'sam'
  | 'bam'
  | 'cram'
  | 'vcf'
  | 'bcf'
  | 'gff3'
  | 'agp'
  | 'bai'
  | 'csi'
  | 'tabix'
  | 'crai'
  | 'hdf5'
  | 'pod5'
  | 'sff'
  | 'crypt4gh';
type Other = 'html' | 'xml' | 'pdf' | 'utf16' | 'text' | 'binary' | 'empty';

/** How many bytes `sniff` wants to see; fewer are fine when the file has no more. */
export const sniffLength = 4096;

const compressions: ReadonlySet<Kind> = new Set<Kind>(['gzip', 'bgzf', 'bzip2', 'zstd']);
const archives: ReadonlySet<Kind> = new Set<Kind>(['zip', 'tar', '7z', 'rar', 'xz']);

export const isCompression = (kind: Kind): kind is Compression => compressions.has(kind);
export const isArchive = (kind: Kind): kind is Archive => archives.has(kind);

const magics: readonly (readonly [Kind, string, offset?: number])[] = [
  ['bzip2', 'BZh'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['zstd', '\x50\x2a\x4d\x18'],
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['7z', "7z\xbc\xaf'\x1c"],
  ['rar', 'Rar!\x1a\x07'],
  ['xz', '\xfd7zXZ\x00'],
  ['tar', 'ustar', 257],
  ['bam', 'BAM\x01'],
  ['cram', 'CRAM'],
  ['bcf', 'BCF\x02'],
  ['bai', 'BAI\x01'],
  ['csi', 'CSI\x01'],
  ['tabix', 'TBI\x01'],
  ['hdf5', '\x89HDF\r\n\x1a\n'],
  ['pod5', '\x8bPOD\r\n\x1a\n'],
  ['sff', '.sff'],
  ['crypt4gh', 'crypt4gh'],
  ['pdf', '%PDF-'],
  ['utf16', '\xff\xfe'],
  ['utf16', '\xfe\xff'],
  ['vcf', '##fileformat=VCF'],
  ['gff3', '##gff-version'],
  ['agp', '##agp-version'],
  ['xml', '<?xml'],
];

/** Tells a file by its first bytes: magic numbers first, then the shape of the text. */
export function sniff(first: Uint8Array): Kind {
  if (first.length === 0) return 'empty';
  if (first[0] === 0x1f && first[1] === 0x8b) return isBgzf(first) ? 'bgzf' : 'gzip';
  for (const [kind, magic, offset = 0] of magics) if (startsWith(first, magic, offset)) return kind;
  if (first.subarray(0, sniffLength).includes(0)) return 'binary';
  return sniffText(String.fromCharCode(...first.subarray(0, sniffLength)));
}

/** A gzip header whose extra field holds the BC subfield with the size of the block (SAM specification section 4.1). */
function isBgzf(first: Uint8Array): boolean {
  return first.length >= 18 && first[2] === 8 && ((first[3] ?? 0) & 4) !== 0 && first[12] === 66 && first[13] === 67;
}

function startsWith(bytes: Uint8Array, magic: string, offset: number): boolean {
  if (bytes.length < offset + magic.length) return false;
  for (let at = 0; at < magic.length; at += 1) if (bytes[offset + at] !== magic.charCodeAt(at)) return false;
  return true;
}

function sniffText(text: string): Kind {
  const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^@(HD|SQ|RG|PG|CO)\t/.test(start)) return 'sam';
  if (start.startsWith('@')) return 'fastq';
  if (/^[>;]/.test(start)) return 'fasta';
  if (/^<(!doctype html|html|head|body)/i.test(start)) return 'html';
  const columns = start.split(/\r?\n/, 1)[0]?.split('\t') ?? [];
  if (columns.length >= 11 && /^\d+$/.test(columns[1] ?? '') && /^(\*|(\d+[MIDNSHP=X])+)$/.test(columns[5] ?? ''))
    return 'sam';
  if (columns.length === 9 && /^\d+$/.test(columns[1] ?? '') && /^[ADFGNOPUW]$/.test(columns[4] ?? '')) return 'agp';
  if (columns.length === 9 && /^\d+$/.test(columns[3] ?? '') && /^[-+.?]$/.test(columns[6] ?? '')) return 'gff3';
  if (isCramIndex(start)) return 'crai';
  return 'text';
}

/** Every whole line is six numbers, as for the slices of a CRAM file; more than that a table of numbers need not be. */
function isCramIndex(text: string): boolean {
  const lines = text.split('\n');
  const whole = lines.slice(0, Math.max(1, lines.length - 1));
  return whole.every((line) => /^-?\d+(\t\d+){5}$/.test(line)) && whole.length > 0;
}
