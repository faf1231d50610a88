/** Words in both languages; braces hold values. */
interface Told {
  readonly en: string;
  readonly zh: string;
  readonly mendEn: string;
  readonly mendZh: string;
}

const told = {
  'bed-magic': {
    en: 'This is not a variant-major PLINK .bed file: its first bytes are {found}, not 6c 1b 01.',
    zh: '不是按变异排列的 PLINK .bed 文件：开头字节为 {found}，应为 6c 1b 01。',
    mendEn: 'Write the file anew with plink --make-bed.',
    mendZh: '请用 plink --make-bed 重新生成该文件。',
  },
  'bed-size': {
    en: 'The file ends after {found} variants; .bim and .fam announce {expected} variants of {samples} samples.',
    zh: '文件在第 {found} 个变异后结束；.bim 与 .fam 表明应有 {expected} 个变异、{samples} 个样本。',
    mendEn: 'Give the .bed, .bim and .fam that were written together, whole.',
    mendZh: '请提供同时生成且完整的 .bed、.bim 和 .fam 文件。',
  },
  'bed-excess': {
    en: 'The file holds more bytes than {expected} variants of {samples} samples need.',
    zh: '文件字节数多于 {expected} 个变异、{samples} 个样本所需。',
    mendEn: 'Give the .bed, .bim and .fam that were written together.',
    mendZh: '请提供同时生成的 .bed、.bim 和 .fam 文件。',
  },
  columns: {
    en: 'The line has {found} fields; {expected} are needed.',
    zh: '该行有 {found} 个字段，需要 {expected} 个。',
    mendEn: 'Add the missing fields; check that the divider is a tab or blanks throughout.',
    mendZh: '请补充缺失字段，并检查分隔符是否统一为制表符或空格。',
  },
  'not-a-number': {
    en: '“{found}” is not a number.',
    zh: '“{found}”不是数字。',
    mendEn: 'Write a number with a decimal point, or NA where it is missing.',
    mendZh: '请填写以小数点表示的数字；缺失请写 NA。',
  },
  'bad-position': {
    en: '“{found}” is not a position: a whole number from 0 on.',
    zh: '“{found}”不是有效位置，应为从 0 开始的整数。',
    mendEn: 'Write the position in base pairs.',
    mendZh: '请填写以碱基为单位的位置。',
  },
  'not-an-event': {
    en: '“{found}” is neither 1 (event) nor 0 (censored).',
    zh: '“{found}”既不是 1（发生）也不是 0（删失）。',
    mendEn: 'Code the event as 1 or 0, or NA where it is missing.',
    mendZh: '请以 1 或 0 表示事件；缺失请写 NA。',
  },
  'negative-time': {
    en: 'The time {found} is below zero.',
    zh: '时间 {found} 小于零。',
    mendEn: 'Count the time from entry into the study.',
    mendZh: '请从入组开始计算时间。',
  },
  'no-sequence': {
    en: 'This is not FASTA: “{found}” stands where a line with > and a name is needed.',
    zh: '不是 FASTA 格式：此处应为以 > 开头的名称行，却为“{found}”。',
    mendEn: 'Begin each genome with a line of > and its name.',
    mendZh: '请在每个基因组前加一行：> 与其名称。',
  },
  'not-aligned': {
    en: 'The genome has {found} places, the first one {expected}: they are not aligned.',
    zh: '该基因组有 {found} 个位置，第一个有 {expected} 个：尚未比对。',
    mendEn: 'Align all genomes to the reference that the institutions agreed on.',
    mendZh: '请将所有基因组比对到各机构约定的参考序列。',
  },
  'sample-twice': {
    en: 'The sample {found} stands here for the second time.',
    zh: '样本 {found} 重复出现。',
    mendEn: 'Keep one line for each sample.',
    mendZh: '每个样本请只保留一行。',
  },
  'no-column': {
    en: 'The table has no column {found}; it has {expected}.',
    zh: '表中没有列 {found}；现有列为 {expected}。',
    mendEn: 'Name the column as the job does, in the first line.',
    mendZh: '请在首行按任务中的名称命名该列。',
  },
  'column-twice': {
    en: 'The column {found} stands twice in the first line.',
    zh: '首行中列 {found} 重复。',
    mendEn: 'Rename or remove one of the two.',
    mendZh: '请重命名或删除其中之一。',
  },
  'no-samples': {
    en: 'The file holds no sample.',
    zh: '文件中没有样本。',
    mendEn: 'Give a file with genotypes of at least one individual.',
    mendZh: '请提供至少含一名个体基因型的文件。',
  },
  'vcf-header': {
    en: 'The column line #CHROM POS ID REF ALT QUAL FILTER INFO FORMAT … is missing.',
    zh: '缺少列名行 #CHROM POS ID REF ALT QUAL FILTER INFO FORMAT …。',
    mendEn: 'Export the file with its header and at least one sample.',
    mendZh: '请导出带头部且至少含一个样本的文件。',
  },
  'vcf-genotype': {
    en: '“{found}” is not a genotype.',
    zh: '“{found}”不是有效基因型。',
    mendEn: 'Write allele numbers divided by / or |, and . where missing.',
    mendZh: '请以 / 或 | 分隔等位基因序号；缺失写 .。',
  },
  'bcf-magic': {
    en: 'This is not a BCF file of version 2: its first bytes are {found}.',
    zh: '不是 BCF 2 文件：开头字节为 {found}。',
    mendEn: 'Give the decompressed bytes of a file written by bcftools view -Ob.',
    mendZh: '请提供 bcftools view -Ob 所写文件解压后的内容。',
  },
  'bcf-damaged': {
    en: 'The record breaks off or contradicts its own lengths ({found}).',
    zh: '记录中断或与自身长度不符（{found}）。',
    mendEn: 'Fetch the file anew and compare its checksum.',
    mendZh: '请重新获取文件并核对校验值。',
  },
  'line-too-long': {
    en: 'The line is longer than {expected} bytes.',
    zh: '该行超过 {expected} 字节。',
    mendEn: 'Check that this is the file you meant.',
    mendZh: '请检查文件是否正确。',
  },
  'too-many': {
    en: 'The file holds more than {expected} {found}.',
    zh: '文件中的{found}超过 {expected} 个。',
    mendEn: 'Split the data, or raise the limit in the party’s policy.',
    mendZh: '请拆分数据，或在参与方策略中提高上限。',
  },
} as const satisfies Record<string, Told>;

export type InputCode = keyof typeof told;

/** Where in the institution's own data something is wrong. Lines count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly field?: string;
}

type Values = Readonly<Record<string, string | number>>;

/** An input that cannot be used. It is for the institution that owns the data only: it never travels to a partner. */
export class InputProblem extends Error {
  readonly code: InputCode;
  readonly place: Place;
  readonly reason: { readonly en: string; readonly zh: string };
  readonly mend: { readonly en: string; readonly zh: string };

  constructor(code: InputCode, place: Place, values: Values = {}) {
    const { en, zh, mendEn, mendZh } = told[code];
    const where = [place.file, place.line, place.field].filter((part) => part !== undefined).join(':');
    super(`${where}: ${fill(en, values)} ${mendEn}`);
    this.name = 'InputProblem';
    this.code = code;
    this.place = place;
    this.reason = { en: fill(en, values), zh: fill(zh, values) };
    this.mend = { en: mendEn, zh: mendZh };
  }
}

const fill = (text: string, values: Values): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole).slice(0, 200));
