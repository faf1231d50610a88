interface Told {
  readonly en: string;
  readonly zh: string;
  readonly mend: { readonly en: string; readonly zh: string };
}

const told = (en: string, zh: string, mendEn: string, mendZh: string): Told => ({
  en,
  zh,
  mend: { en: mendEn, zh: mendZh },
});

/** What can be wrong with a genome or an annotation. Codes are stable and never reused. */
export const sequenceProblems = {
  'sequence.none': told(
    'There is no sequence in the file.',
    '文件中没有序列。',
    'Give a FASTA file with at least one record.',
    '请提供至少含一条记录的 FASTA 文件。',
  ),
  'sequence.format': told(
    'Line {line} is neither a FASTA name nor part of a record.',
    '第 {line} 行既不是 FASTA 名称行，也不属于任何记录。',
    'Start every record with a line “>name”.',
    '每条记录须以“>名称”行开始。',
  ),
  'sequence.name': told(
    'The record at line {line} has no name.',
    '第 {line} 行的记录没有名称。',
    'Write a name right after “>”.',
    '请在“>”后直接写名称。',
  ),
  'sequence.duplicate': told(
    'The name {name} occurs again at line {line}.',
    '名称 {name} 在第 {line} 行重复出现。',
    'Give every genome a name of its own.',
    '请为每条基因组使用唯一名称。',
  ),
  'sequence.empty': told(
    'The record has no bases.',
    '该记录没有碱基。',
    'Leave the record out or fetch its sequence again.',
    '请删除该记录或重新获取其序列。',
  ),
  'sequence.letter': told(
    '“{letter}” at base {position} is no base.',
    '第 {position} 个碱基“{letter}”不是合法碱基。',
    'Use the IUPAC letters of nucleotides.',
    '请使用 IUPAC 核苷酸字母。',
  ),
  'sequence.protein': told(
    'The record looks like a protein: “{letter}” at position {position}.',
    '该记录疑似蛋白质序列：位置 {position} 为“{letter}”。',
    'Give the nucleotide sequence of the genome.',
    '请提供基因组的核苷酸序列。',
  ),
  'sequence.size': told(
    'The record is longer than {limit} bases and was passed over.',
    '该记录超过 {limit} 个碱基，已跳过。',
    'Give one genome a record, or raise the limit.',
    '请每条记录只放一个基因组，或提高限制。',
  ),
  'annotation.syntax': told(
    'Line {line} of the annotation cannot be read: {reason}.',
    '注释文件第 {line} 行无法读取：{reason}。',
    'Write nine columns separated by tabs, as GFF3 says.',
    '请按 GFF3 规范写入以制表符分隔的九列。',
  ),
  'annotation.range': told(
    'Gene {name} ends at {end}, outside the reference of {length} bases.',
    '基因 {name} 止于 {end}，超出长度为 {length} 的参考序列。',
    'Use the annotation that belongs to this reference.',
    '请使用与该参考序列对应的注释。',
  ),
  'annotation.frame': told(
    'Gene {name} has {length} bases, which is no whole number of codons.',
    '基因 {name} 长 {length} 个碱基，不是密码子的整数倍。',
    'Correct the segments of the coding sequence.',
    '请更正编码序列的区段。',
  ),
} satisfies Record<string, Told>;

export type SequenceProblemCode = keyof typeof sequenceProblems;

/** Something given that cannot be used: a stable code, the values for its text, and the place. */
export class SequenceProblem extends Error {
  readonly code: SequenceProblemCode;
  readonly values: Readonly<Record<string, string | number>>;
  readonly place: string | undefined;

  constructor(code: SequenceProblemCode, values: Readonly<Record<string, string | number>> = {}, place?: string) {
    super(`${code}: ${fill(sequenceProblems[code].en, values)}${place === undefined ? '' : ` (${place})`}`);
    this.name = 'SequenceProblem';
    this.code = code;
    this.values = values;
    this.place = place;
  }

  /** The message in both languages, filled in. */
  get text(): { readonly en: string; readonly zh: string } {
    const { en, zh } = sequenceProblems[this.code];
    return { en: fill(en, this.values), zh: fill(zh, this.values) };
  }

  /** How to mend it, in both languages. */
  get mend(): { readonly en: string; readonly zh: string } {
    const { en, zh } = sequenceProblems[this.code].mend;
    return { en: fill(en, this.values), zh: fill(zh, this.values) };
  }
}

const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/gu, (whole, key: string) => String(values[key] ?? whole));
