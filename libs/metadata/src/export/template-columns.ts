import type { Role } from '../intake/tables/names.ts';
import type { ObjectType } from '../model/record.ts';
import type { Text } from '../rules/rule.ts';

/** A column that a sheet has besides the fields of its checklist. */
export interface CoreColumn {
  readonly role: Role;
  readonly requirement: 'mandatory' | 'recommended' | 'optional';
  readonly label: Text;
  readonly description: Text;
  readonly example: string;
}

const alias: CoreColumn = {
  role: { kind: 'alias' },
  requirement: 'mandatory',
  label: { en: 'Alias', zh: '别名' },
  description: {
    en: 'Your own name for the object, unique among your objects of this kind.',
    zh: '您为该对象自定的名称，在您的同类对象中唯一。',
  },
  example: 'S1',
};

const title: CoreColumn = {
  role: { kind: 'title' },
  requirement: 'recommended',
  label: { en: 'Title', zh: '标题' },
  description: { en: 'One line by which people find the object.', zh: '便于检索的一行标题。' },
  example: 'Human gut metagenome, donor 7',
};

const checklist: CoreColumn = {
  role: { kind: 'checklist' },
  requirement: 'mandatory',
  label: { en: 'Checklist', zh: '清单' },
  description: { en: 'The checklist by which the row is judged.', zh: '检查该行所依据的清单。' },
  example: '',
};

const names: Readonly<Record<ObjectType, Text>> = {
  project: { en: 'Project', zh: '项目' },
  sample: { en: 'Sample', zh: '样本' },
  experiment: { en: 'Experiment', zh: '实验' },
  run: { en: 'Run', zh: '测序数据' },
  assembly: { en: 'Assembly', zh: '组装' },
  variation: { en: 'Variation', zh: '变异' },
  sequence: { en: 'Sequence', zh: '序列' },
  metabolism: { en: 'Metabolism', zh: '代谢' },
  single_cell: { en: 'Single cell', zh: '单细胞' },
  analysis: { en: 'Analysis', zh: '分析' },
};

const reference = (type: ObjectType, requirement: CoreColumn['requirement'], several: boolean): CoreColumn => ({
  role: { kind: 'reference', relation: 'part_of', type },
  requirement,
  label: names[type],
  description: several
    ? { en: 'Alias or accession; several are separated by ;', zh: '别名或编号；多个以 ; 分隔' }
    : { en: 'Alias or accession', zh: '别名或编号' },
  example: '',
});

const files: readonly CoreColumn[] = [
  {
    role: { kind: 'file', part: 'name', slot: 0 },
    requirement: 'mandatory',
    label: { en: 'File name', zh: '文件名' },
    description: {
      en: 'One file a row; further files of the object follow in rows below.',
      zh: '每行一个文件；同一对象的其他文件写在下方相邻的行。',
    },
    example: 'S1_1.fastq.gz',
  },
  {
    role: { kind: 'file', part: 'format', slot: 0 },
    requirement: 'optional',
    label: { en: 'File format', zh: '文件格式' },
    description: { en: 'Taken from the ending of the name when empty.', zh: '留空时按文件扩展名判断。' },
    example: 'fastq',
  },
  {
    role: { kind: 'file', part: 'md5', slot: 0 },
    requirement: 'recommended',
    label: { en: 'MD5', zh: 'MD5' },
    description: { en: 'Checksum of the file as it is uploaded.', zh: '上传文件的校验和。' },
    example: 'd41d8cd98f00b204e9800998ecf8427e',
  },
];

const readType: CoreColumn = {
  role: { kind: 'file', part: 'readTypes', slot: 0 },
  requirement: 'optional',
  label: { en: 'Read type', zh: '读段类型' },
  description: {
    en: 'single, paired, cell_barcode, umi_barcode …; several are separated by ,',
    zh: 'single、paired、cell_barcode、umi_barcode 等；多个以 , 分隔',
  },
  example: 'paired',
};

const relatives: Readonly<Record<ObjectType, readonly CoreColumn[]>> = {
  project: [reference('project', 'optional', true)],
  sample: [reference('project', 'optional', true)],
  experiment: [reference('project', 'mandatory', false), reference('sample', 'mandatory', true)],
  run: [reference('experiment', 'mandatory', false), ...files, readType],
  assembly: [
    reference('project', 'mandatory', false),
    reference('sample', 'mandatory', true),
    reference('run', 'optional', true),
    ...files,
  ],
  variation: [reference('project', 'mandatory', false), reference('sample', 'mandatory', true), ...files],
  sequence: [reference('project', 'mandatory', false), reference('sample', 'optional', true), ...files],
  metabolism: [reference('project', 'mandatory', false), reference('sample', 'mandatory', true), ...files],
  single_cell: [reference('project', 'mandatory', false), reference('sample', 'mandatory', true), ...files],
  analysis: [
    reference('project', 'mandatory', false),
    reference('sample', 'optional', true),
    reference('run', 'optional', true),
    ...files,
  ],
};

/** The columns of a sheet about one kind of object, in their usual order. */
export const coreColumns = (type: ObjectType): readonly CoreColumn[] => [alias, title, checklist, ...relatives[type]];
