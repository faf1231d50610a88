import type { ObjectType } from './record.ts';

/** How many objects of a type a record belongs to (`part_of`). */
export interface Cardinality {
  readonly target: ObjectType;
  readonly min: number;
  readonly max: number;
}

/** What the object model asks of one type. */
export interface ObjectRules {
  readonly parents: readonly Cardinality[];
  /** Least number of files. */
  readonly files: number;
  /** Formats that its files may have, lower case; `undefined` where anything may be attached. */
  readonly formats?: ReadonlySet<string>;
  readonly title: boolean;
}

const many = Number.POSITIVE_INFINITY;
const exactly = (target: ObjectType): Cardinality => ({ target, min: 1, max: 1 });
const some = (target: ObjectType): Cardinality => ({ target, min: 1, max: many });
const any = (target: ObjectType): Cardinality => ({ target, min: 0, max: many });
const atMostOne = (target: ObjectType): Cardinality => ({ target, min: 0, max: 1 });
const formats = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** File types of SRA.run.xsd and the CNSA data standard, lower case. */
const reads = formats(
  'fastq bam cram sff fasta sra srf tab bnx fast5 pod5 pacbio_hdf5 oxfordnanopore_native oxford_nanopore 454_native ' +
    '454_native_seq 454_native_qual helicos_native solid_native solid_native_csfasta solid_native_qual illumina_native ' +
    'illumina_native_seq illumina_native_prb illumina_native_int illumina_native_qseq illumina_native_scarf ' +
    'completegenomics_native',
);

/**
 * The object model (CNSA handbook, SRA/ENA schemas): an experiment hangs on one project and on a sample or a pool of them, a
 * run on one experiment; an analysis may name any of its sources. A project in a project is an umbrella's affair.
 */
export const objectModel: Readonly<Record<ObjectType, ObjectRules>> = {
  project: { parents: [any('project')], files: 0, title: true },
  sample: { parents: [any('project')], files: 0, title: true },
  experiment: { parents: [exactly('project'), some('sample')], files: 0, title: true },
  run: { parents: [exactly('experiment')], files: 1, formats: reads, title: false },
  assembly: {
    parents: [exactly('project'), exactly('sample'), any('run')],
    files: 1,
    formats: formats('fasta flatfile agp chromosome_list unlocalised_list gff gff3 readme_file'),
    title: true,
  },
  variation: {
    parents: [exactly('project'), any('sample'), any('run'), any('analysis')],
    files: 1,
    formats: formats('vcf vcf_aggregate bcf tabix csi tab sample_list readme_file'),
    title: true,
  },
  sequence: {
    parents: [exactly('project'), atMostOne('sample')],
    files: 1,
    formats: formats('fasta flatfile gbff gff gff3 tab'),
    title: true,
  },
  metabolism: { parents: [exactly('project'), some('sample')], files: 1, title: true },
  single_cell: { parents: [exactly('project'), some('sample'), any('experiment'), any('run')], files: 1, title: true },
  analysis: {
    parents: [atMostOne('project'), any('sample'), any('experiment'), any('run'), any('analysis'), any('assembly')],
    files: 1,
    title: true,
  },
};
