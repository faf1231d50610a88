import type { Place } from '../rules/rule.ts';

/** The kinds of object that the archive keeps. */
export const objectTypes = [
  'project',
  'sample',
  'experiment',
  'run',
  'assembly',
  'variation',
  'sequence',
  'metabolism',
  'single_cell',
  'analysis',
] as const;
export type ObjectType = (typeof objectTypes)[number];

/** Directed edges between objects; `from` depends on `to`. */
export const relations = ['part_of', 'derived_from', 'cites', 'replaces'] as const;
export type Relation = (typeof relations)[number];

/** A reference as a submitter writes it: an alias of the same submitter, or an accession of this or another archive. */
export interface Reference {
  readonly relation: Relation;
  readonly type: ObjectType;
  readonly target: string;
}

/** A file as a sheet declares it, before its bytes are known. */
export interface DeclaredFile {
  readonly name: string;
  /** `fastq`, `bam`, `cram`, `fasta`, `vcf` …; lower case. */
  readonly format: string;
  /** Lower-case hex. */
  readonly md5?: string;
  readonly sha256?: string;
  /** MD5 before encryption, where the file travels encrypted. */
  readonly unencryptedMd5?: string;
  /** Webin read types such as `single`, `paired`, `cell_barcode`, `umi_barcode`. */
  readonly readTypes?: readonly string[];
}

/** One object as it comes in: what every reader (TSV, CSV, XLSX, JSON, XML) yields and every writer takes. */
export interface ArchiveRecord {
  readonly type: ObjectType;
  /** Unique within a submitter and type. */
  readonly alias: string;
  /** Present when the record revises an object that has one. */
  readonly accession?: string;
  readonly title?: string;
  /** Checklist or sample type that the attributes are judged by. */
  readonly checklist?: string;
  /** Field name to value(s). Every value is the submitter's text; units stand in `units`. */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  readonly units?: Readonly<Record<string, string>>;
  readonly references: readonly Reference[];
  readonly files: readonly DeclaredFile[];
  readonly place: Place;
}
