/** A text in both languages of the house. */
interface Text {
  readonly en: string;
  readonly zh: string;
}

const told = (message: Text, mend: Text) => ({ message, mend });

/** Why a genome is not aligned; the rest of a batch goes on. Codes are stable. */
export const alignProblems = {
  'align.empty': told(
    { en: 'The sequence holds no base.', zh: '序列中没有碱基。' },
    { en: 'Check the export; a consensus of N only cannot be used.', zh: '请检查导出结果；全为 N 的序列无法使用。' },
  ),
  'align.letters': told(
    { en: 'The letter {letter} at position {position} is no base.', zh: '位置 {position} 的字符 {letter} 不是碱基。' },
    {
      en: 'Give nucleotides (IUPAC); a protein cannot be aligned here.',
      zh: '请提供核苷酸序列（IUPAC）；蛋白序列无法在此比对。',
    },
  ),
  'align.short': told(
    {
      en: 'The sequence has {known} known bases; {least} are needed.',
      zh: '序列仅有 {known} 个确定的碱基，至少需要 {least} 个。',
    },
    { en: 'Give a longer part of the genome.', zh: '请提供更长的基因组片段。' },
  ),
  'align.other': told(
    {
      en: 'The sequence has too little in common with the reference ({percent} % of it found).',
      zh: '序列与参考相似度过低（仅找到 {percent} %）。',
    },
    { en: 'Choose the data set of this virus.', zh: '请选择该病毒对应的数据集。' },
  ),
  'align.diverged': told(
    {
      en: 'A stretch of {query} bases cannot be fitted to {reference} bases of the reference.',
      zh: '一段 {query} 个碱基无法与参考的 {reference} 个碱基匹配。',
    },
    { en: 'Check the assembly for rearrangements or a wrong join.', zh: '请检查拼接是否存在重排或错误连接。' },
  ),
  'align.long': told(
    {
      en: 'The sequence has {length} bases; at most {most} are taken.',
      zh: '序列长 {length} 个碱基，最多 {most} 个。',
    },
    { en: 'Give one genome a record.', zh: '每条记录请只放一个基因组。' },
  ),
} as const satisfies Record<string, { message: Text; mend: Text }>;

export type AlignCode = keyof typeof alignProblems;

/** What stands in the way of one genome. */
export interface AlignProblem {
  readonly code: AlignCode;
  readonly params: Readonly<Record<string, string | number>>;
}
