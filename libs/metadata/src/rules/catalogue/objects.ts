import type { Rule } from '../rule.ts';

/** What objects owe to each other: names, references, files. */
export const objectRules = {
  alias: {
    code: 'GW2001',
    level: 'error',
    message: { en: 'This {type} has no usable alias.', zh: '该{type}没有可用的别名。' },
    explanation: {
      en: 'The alias is your own name for the object; 1 to 100 characters, no control characters, no blank at either end.',
      zh: '别名是您为对象起的名称；1 至 100 个字符，不含控制字符，首尾无空白。',
    },
    mend: {
      en: 'Give a short name, unique among your objects of this type.',
      zh: '请起一个在同类对象中唯一的短名称。',
    },
    example: { refused: 'alias: (empty)', accepted: 'alias: rice_root_01' },
    same: { ddbj: ['BS_R0018', 'BS_R0101'] },
  },
  aliasTwice: {
    code: 'GW2002',
    level: 'error',
    message: {
      en: 'The alias "{value}" stands for two objects of type {type}; the first is in row {first}.',
      zh: '别名“{value}”被两个{type}对象使用，首次出现在第 {first} 行。',
    },
    explanation: {
      en: 'An alias names one object of a type within a submitter.',
      zh: '同一提交者的同类对象别名不得重复。',
    },
    mend: { en: 'Rename one of them, or remove the repeated row.', zh: '请重命名其一，或删除重复行。' },
    example: { refused: 'two samples called s1', accepted: 'samples called s1 and s2' },
    same: { ddbj: ['BS_R0028', 'DRA_R0009'] },
  },
  title: {
    code: 'GW2003',
    level: 'error',
    message: { en: 'This {type} has no title.', zh: '该{type}没有标题。' },
    explanation: { en: 'The title is what searchers see first.', zh: '标题是检索者首先看到的内容。' },
    mend: { en: 'Write one line on what it is.', zh: '请用一句话说明其内容。' },
    example: { refused: 'title: (empty)', accepted: 'title: Root transcriptome of drought-stressed rice' },
    same: { ddbj: ['DRA_R0010', 'DRA_R0012'] },
  },
  unresolved: {
    code: 'GW2004',
    level: 'error',
    message: {
      en: 'The {target} "{value}" is neither in this submission nor among your objects.',
      zh: '{target}“{value}”既不在本次提交中，也不在您已有的对象中。',
    },
    explanation: {
      en: 'A reference is an alias of your own or an accession that you may see.',
      zh: '引用应为您自己的别名，或您有权查看的编号。',
    },
    mend: { en: 'Check the spelling, or add the missing {target}.', zh: '请检查拼写，或补充缺少的{target}。' },
    example: { refused: 'sample: rice_rot_01', accepted: 'sample: rice_root_01' },
    same: { ddbj: ['DRA_R0015', 'DRA_R0016', 'DRA_R0017', 'BS_R0006'] },
  },
  tooFew: {
    code: 'GW2005',
    level: 'error',
    message: {
      en: 'This {type} names {count} of {target}; it needs {needs}.',
      zh: '该{type}引用了 {count} 个{target}；需要 {needs}。',
    },
    explanation: {
      en: 'The object model ties an experiment to one project and a sample or a pool, a run to one experiment, and so on.',
      zh: '对象模型规定：实验对应一个项目和一个样本（或混合样本池），测序运行对应一个实验，依此类推。',
    },
    mend: { en: 'Name the {target}.', zh: '请填写{target}。' },
    example: { refused: 'experiment without a sample', accepted: 'experiment with sample rice_root_01' },
  },
  tooMany: {
    code: 'GW2006',
    level: 'error',
    message: {
      en: 'This {type} names {count} of {target}; it may name {needs}.',
      zh: '该{type}引用了 {count} 个{target}；只允许 {needs}。',
    },
    explanation: {
      en: 'Data with several parents of this kind could not be released or withdrawn with one of them.',
      zh: '若存在多个此类上级，数据将无法随其中之一发布或撤回。',
    },
    mend: { en: 'Keep one {target}, or split the {type}.', zh: '请只保留一个{target}，或拆分该{type}。' },
    example: { refused: 'run of two experiments', accepted: 'two runs of one experiment each' },
    same: { ddbj: ['DRA_R0003'] },
  },
  cycle: {
    code: 'GW2007',
    level: 'error',
    message: { en: 'The references run in a circle: {path}.', zh: '引用形成环路：{path}。' },
    explanation: {
      en: 'Nothing can be part of, derived from or replace itself, not even through others.',
      zh: '对象不能直接或间接地隶属于、来源于或替代自身。',
    },
    mend: { en: 'Remove one of the references.', zh: '请删除其中一个引用。' },
    example: { refused: 'umbrella A in B and B in A', accepted: 'umbrella A in B' },
  },
  umbrella: {
    code: 'GW2008',
    level: 'error',
    message: {
      en: 'The project "{value}" is an umbrella; a {type} cannot hang on it.',
      zh: '项目“{value}”是伞形项目，不能直接挂接{type}。',
    },
    explanation: {
      en: 'An umbrella gathers projects; data belong to one of these.',
      zh: '伞形项目只汇集其他项目；数据应归属其下的某个项目。',
    },
    mend: {
      en: 'Name the project below the umbrella that the data were made for.',
      zh: '请引用伞形项目下实际产生数据的项目。',
    },
    example: { refused: 'experiment of an umbrella project', accepted: 'experiment of a project within the umbrella' },
    same: { ddbj: ['BS_R0070'] },
  },
  notUmbrella: {
    code: 'GW2009',
    level: 'error',
    message: {
      en: 'The project "{value}" is no umbrella and cannot gather projects.',
      zh: '项目“{value}”不是伞形项目，不能汇集其他项目。',
    },
    explanation: {
      en: 'Only a project declared as umbrella may have projects in it.',
      zh: '只有声明为伞形的项目才能包含其他项目。',
    },
    mend: { en: 'Set umbrella to yes there, or remove the reference.', zh: '请将其 umbrella 设为 yes，或删除引用。' },
    example: { refused: 'project in an ordinary project', accepted: 'project in a project with umbrella: yes' },
    same: { ddbj: ['BP_R0016'] },
  },
  noFile: {
    code: 'GW2010',
    level: 'error',
    message: { en: 'This {type} declares no file.', zh: '该{type}没有声明文件。' },
    explanation: { en: 'The object exists to carry data files.', zh: '该对象用于承载数据文件。' },
    mend: { en: 'Name its files with their checksums.', zh: '请填写文件名和校验值。' },
    example: { refused: 'run without a file', accepted: 'run with reads_1.fastq.gz and reads_2.fastq.gz' },
    same: { ddbj: ['DRA_R0021', 'DRA_R0022'] },
  },
  fileTwice: {
    code: 'GW2011',
    level: 'error',
    message: {
      en: 'The file name "{value}" is declared twice, first by {first}.',
      zh: '文件名“{value}”被重复声明，首次由 {first} 声明。',
    },
    explanation: {
      en: 'Uploads are matched to rows by name; names differing only in case are the same on many systems.',
      zh: '上传文件按名称与表格行匹配；许多系统不区分大小写。',
    },
    mend: { en: 'Rename one of the files.', zh: '请重命名其中一个文件。' },
    example: { refused: 'reads.fastq.gz in two runs', accepted: 'a_reads.fastq.gz and b_reads.fastq.gz' },
  },
  checksum: {
    code: 'GW2013',
    level: 'error',
    message: {
      en: '"{value}" of the file {file} is not a {algorithm} checksum.',
      zh: '文件 {file} 的“{value}”不是 {algorithm} 校验值。',
    },
    explanation: {
      en: 'MD5 has 32, SHA-256 has 64 hexadecimal digits, in lower case.',
      zh: 'MD5 为 32 位、SHA-256 为 64 位小写十六进制数。',
    },
    mend: { en: 'Copy the output of md5sum or sha256sum.', zh: '请复制 md5sum 或 sha256sum 的输出。' },
    example: { refused: 'md5: 3e69af', accepted: 'md5: 3e69af1f875fab020aed82f5edbc1f03' },
    same: { ddbj: ['DRA_R0025', 'DRA_R0026'] },
  },
  sameBytes: {
    code: 'GW2014',
    level: 'warning',
    message: { en: '{file} and {other} declare the same checksum.', zh: '{file} 与 {other} 声明了相同的校验值。' },
    explanation: {
      en: 'Two names for the same bytes are usually a copying slip in the sheet.',
      zh: '两个文件名对应相同内容，通常是表格复制错误。',
    },
    mend: { en: 'Check which file the row means.', zh: '请核对该行对应的文件。' },
    example: { refused: 'R1 and R2 with one MD5', accepted: 'R1 and R2 with an MD5 each' },
  },
  indistinct: {
    code: 'GW2015',
    level: 'warning',
    message: {
      en: 'Nothing tells this sample from "{other}" but its name, title and description.',
      zh: '除名称、标题和描述外，该样本与“{other}”没有任何区别。',
    },
    explanation: {
      en: 'Samples that differ must say in an attribute how; replicates say which replicate they are.',
      zh: '不同样本须用属性说明差异；重复样本须注明是第几个重复。',
    },
    mend: {
      en: 'Add what differs, e.g. replicate, tissue, time, treatment.',
      zh: '请补充差异，例如重复编号、组织、时间、处理。',
    },
    example: { refused: 's1 and s2 with equal attributes', accepted: 's1: replicate 1; s2: replicate 2' },
    same: { ddbj: ['BS_R0024'] },
  },
  instrument: {
    code: 'GW2016',
    level: 'error',
    message: {
      en: 'The instrument "{value}" is not of the platform {platform}.',
      zh: '仪器“{value}”不属于平台 {platform}。',
    },
    explanation: {
      en: 'Each instrument belongs to one platform; "unspecified" goes with any.',
      zh: '每种仪器只属于一个平台；“unspecified”可与任何平台搭配。',
    },
    mend: { en: 'The platform of this instrument is {suggestion}.', zh: '该仪器所属平台为 {suggestion}。' },
    example: {
      refused: 'platform: ILLUMINA; instrument_model: MinION',
      accepted: 'platform: OXFORD_NANOPORE; instrument_model: MinION',
    },
  },
  checklist: {
    code: 'GW2017',
    level: 'error',
    message: { en: 'There is no checklist "{value}" for {type}.', zh: '没有适用于{type}的清单“{value}”。' },
    explanation: { en: 'The checklist decides which fields a sample must fill.', zh: '清单决定样本须填写哪些字段。' },
    mend: { en: 'Choose one of the sample types of this installation.', zh: '请选择本系统提供的样本类型。' },
    example: { refused: 'checklist: GWC-humman', accepted: 'checklist: GWC-human' },
    same: { ddbj: ['BS_R0025', 'BS_R0026'] },
  },
  fileType: {
    code: 'GW2018',
    level: 'error',
    message: { en: 'A {type} does not carry files of type "{value}".', zh: '{type}不接受“{value}”类型的文件。' },
    explanation: {
      en: 'Each object type carries certain file types: an assembly FASTA, a variation VCF, a run reads.',
      zh: '各类对象只承载特定文件：组装为 FASTA，变异为 VCF，测序运行为读段。',
    },
    mend: { en: 'Correct the type, or move the file to a fitting object.', zh: '请更正类型，或将文件移到合适的对象。' },
    example: { refused: 'run with a vcf', accepted: 'variation with a vcf' },
    same: { ddbj: ['DRA_R0030'] },
  },
  pairing: {
    code: 'GW2019',
    level: 'warning',
    message: {
      en: 'The library is PAIRED, but the run declares {count} FASTQ file.',
      zh: '文库为双端，但该运行只声明了 {count} 个 FASTQ 文件。',
    },
    explanation: {
      en: 'Paired reads usually come in two files; one file is right only when mates are interleaved.',
      zh: '双端读段通常为两个文件；只有交错存放时才是一个。',
    },
    mend: { en: 'Add the second file, or set the layout to SINGLE.', zh: '请补充第二个文件，或将布局改为 SINGLE。' },
    example: { refused: 'PAIRED with r_1.fastq.gz', accepted: 'PAIRED with r_1.fastq.gz and r_2.fastq.gz' },
    same: { ddbj: ['DRA_R0027'] },
  },
  mixedFiles: {
    code: 'GW2020',
    level: 'error',
    message: { en: 'The run mixes file types: {types}.', zh: '该运行混合了不同文件类型：{types}。' },
    explanation: {
      en: 'A run holds up to ten FASTQ files, or one BAM, or one CRAM.',
      zh: '一个运行最多含十个 FASTQ 文件，或一个 BAM，或一个 CRAM。',
    },
    mend: { en: 'Make a run of each.', zh: '请分别建立运行。' },
    example: { refused: 'run with reads.bam and reads.fastq.gz', accepted: 'two runs' },
    same: { ddbj: ['DRA_R0031'] },
  },
  accession: {
    code: 'GW2021',
    level: 'error',
    message: {
      en: 'The accession "{value}" stands on two rows; the first is row {first}.',
      zh: '编号“{value}”出现在两行中，首次为第 {first} 行。',
    },
    explanation: { en: 'A submission revises an object once.', zh: '一次提交只能修订同一对象一次。' },
    mend: { en: 'Remove one of the rows.', zh: '请删除其中一行。' },
    example: { refused: 'GWS0000001 revised twice', accepted: 'GWS0000001 revised once' },
  },
} as const satisfies Record<string, Rule>;
