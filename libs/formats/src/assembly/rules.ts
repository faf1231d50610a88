import { rule } from '../rule.ts';

const ena = 'ENA genome assembly submission';
const agp = 'NCBI AGP specification 2.1';

/** What may be wrong in an assembly: its sequences, its AGP and its lists of chromosomes. */
export const assemblyRules = {
  noName: rule('GW5201', 'error', {
    message: ['The sequence has no name.', '序列没有名称。'],
    explanation: [
      'Each sequence starts with “>” and, right after it, a name without blanks.',
      '每条序列以“>”开头，其后紧跟不含空格的名称。',
    ],
    mend: ['Give each sequence a name.', '请为每条序列命名。'],
    refused: '>\\nACGT',
    accepted: '>contig1\\nACGT',
    source: ena,
  }),
  nameTwice: rule('GW5202', 'error', {
    message: [
      'The sequence name {name} is already used in line {earlier}.',
      '序列名称 {name} 已在第 {earlier} 行使用。',
    ],
    explanation: ['Names are unique within an assembly.', '组装内序列名称必须唯一。'],
    mend: ['Rename or remove one of them.', '请重命名或删除其一。'],
    refused: '>c1\\nACGT\\n>c1\\nGGGG',
    accepted: '>c1\\nACGT\\n>c2\\nGGGG',
    source: ena,
  }),
  notFasta: rule('GW5203', 'error', {
    message: ['Bases stand before the first name.', '首个序列名称之前出现碱基。'],
    explanation: ['A FASTA file starts with a line “>name”.', 'FASTA 文件以“>名称”行开始。'],
    mend: ['Add the name line or choose the right file.', '请补充名称行或选择正确的文件。'],
    refused: 'ACGT\\n>c1',
    accepted: '>c1\\nACGT',
    source: ena,
  }),
  base: rule('GW5204', 'error', {
    message: ['“{character}” is no base.', '“{character}”不是有效碱基。'],
    explanation: [
      'Bases are the IUPAC letters ACGTURYSWKMBDHVN in either case; gaps are written as N.',
      '碱基只能是 IUPAC 字母 ACGTURYSWKMBDHVN（大小写均可）；缺口用 N 表示。',
    ],
    mend: ['Replace it, and write gaps as runs of N.', '请替换该字符，并用连续的 N 表示缺口。'],
    refused: 'ACGT*ACGT',
    accepted: 'ACGTNNACGT',
    source: ena,
  }),
  tooShort: rule('GW5205', 'error', {
    message: ['{name} has {length} bases, fewer than {limit}.', '{name} 有 {length} 个碱基，少于 {limit} 个。'],
    explanation: [
      'Shorter sequences are not taken: 20 bases for assemblies, 200 for transcriptomes, 100 for others.',
      '过短的序列不予接受：组装至少 20 个碱基，转录组 200 个，其他 100 个。',
    ],
    mend: ['Remove the sequence.', '请删除该序列。'],
    refused: 'a contig of 10 bases',
    accepted: 'a contig of 500 bases',
    source: ena,
  }),
  endsWithN: rule('GW5206', 'warning', {
    message: ['{name} starts or ends with N.', '{name} 以 N 开头或结尾。'],
    explanation: [
      'Unknown bases at the ends carry nothing; archives trim or refuse them.',
      '两端的未知碱基没有意义，数据库会修剪或拒绝。',
    ],
    mend: ['Trim the ends.', '请修剪两端。'],
    refused: 'NNACGT',
    accepted: 'ACGT',
    source: ena,
  }),
  noSequences: rule('GW5207', 'error', {
    message: ['The file holds no sequences.', '文件中没有序列。'],
    explanation: ['An assembly needs at least one.', '组装至少需要一条序列。'],
    mend: ['Send the file that holds the sequences.', '请上传包含序列的文件。'],
    refused: '(blank lines)',
    accepted: '>c1\\nACGT…',
    source: ena,
  }),
  count: rule('GW5208', 'error', {
    message: [
      '{count} sequences at the level {level}: {least} to {most} are allowed.',
      '{level} 级别有 {count} 条序列，允许 {least} 至 {most} 条。',
    ],
    explanation: [
      'A contig assembly has 2 to 1,000,000 sequences, a scaffold assembly 1 to 1,000,000, a list of chromosomes 1 to 2,000. Metagenome assemblies are free of these limits.',
      'contig 级组装为 2 至 1,000,000 条，scaffold 级为 1 至 1,000,000 条，染色体列表为 1 至 2,000 条；宏基因组组装不受此限。',
    ],
    mend: [
      'Check the assembly level, or tell which sequences are chromosomes.',
      '请核对组装级别，或说明哪些序列是染色体。',
    ],
    refused: 'a contig assembly of one sequence',
    accepted: 'the same with a chromosome list',
    source: ena,
  }),
  agpColumns: rule('GW5211', 'error', {
    message: ['The AGP line is malformed at {field}.', 'AGP 行的 {field} 格式错误。'],
    explanation: [
      'Nine columns divided by tabs: object, its range, part number, component type, then a component with its range and orientation or a gap with its length, type, linkage and evidence.',
      '以制表符分隔的九列：对象、对象区间、部分编号、组成类型，其后为组成序列及其区间和方向，或缺口长度、类型、连接和证据。',
    ],
    mend: ['Correct the column.', '请更正该列。'],
    refused: 'component type X',
    accepted: 'component type W',
    source: agp,
  }),
  agpOrder: rule('GW5212', 'error', {
    message: ['{field} of {object} should be {expected}.', '{object} 的 {field} 应为 {expected}。'],
    explanation: [
      'Parts of an object are numbered from 1 and cover it from base 1 without holes and overlaps; objects stand in one piece.',
      '对象的各部分从 1 编号，从第 1 个碱基起无空缺、无重叠地覆盖对象；同一对象的行必须连续。',
    ],
    mend: ['Write the AGP file anew.', '请重新生成 AGP 文件。'],
    refused: 'parts 1, 3',
    accepted: 'parts 1, 2',
    source: agp,
  }),
  agpLength: rule('GW5213', 'error', {
    message: [
      'The object range holds {object} bases, the part {part}.',
      '对象区间为 {object} 个碱基，而组成部分为 {part} 个。',
    ],
    explanation: ['Both sides of a line tell the same number of bases.', '同一行两侧的碱基数必须相同。'],
    mend: ['Correct one of the ranges.', '请更正其中一个区间。'],
    refused: '1–100 of the object, 1–99 of the contig',
    accepted: '1–100 of the object, 1–100 of the contig',
    source: agp,
  }),
  agpComponent: rule('GW5214', 'error', {
    message: [
      'The component {name} is not in the sequences or shorter than {end}.',
      '组成序列 {name} 不在序列文件中，或短于 {end}。',
    ],
    explanation: [
      'Each component is a sequence of the FASTA file, and its range lies within it.',
      '每个组成部分必须是 FASTA 文件中的序列，区间不得越界。',
    ],
    mend: ['Check that FASTA and AGP belong together.', '请确认 FASTA 与 AGP 匹配。'],
    refused: '1–900 of a contig of 800 bases',
    accepted: '1–800 of a contig of 800 bases',
    source: agp,
  }),
  agpGapEnd: rule('GW5215', 'error', {
    message: ['{object} begins or ends with a gap.', '{object} 以缺口开头或结尾。'],
    explanation: [
      'A gap stands between components; only telomeres and the like end an object, and they are sequences.',
      '缺口位于组成部分之间，对象两端不能是缺口。',
    ],
    mend: ['Remove the gap line.', '请删除该缺口行。'],
    refused: 'N as part 1',
    accepted: 'W, N, W',
    source: agp,
  }),
  agpSingletons: rule('GW5216', 'error', {
    message: ['Every scaffold is a single contig.', '每个 scaffold 都只由一个 contig 组成。'],
    explanation: [
      'Such an AGP tells nothing; the assembly is one of contigs.',
      '这样的 AGP 没有信息，该组装应为 contig 级。',
    ],
    mend: ['Send the contigs without the AGP file.', '请只上传 contig，不要 AGP 文件。'],
    refused: 's1 = c1, s2 = c2',
    accepted: 's1 = c1 + gap + c2',
    source: ena,
  }),
  listColumns: rule('GW5221', 'error', {
    message: ['The line of the chromosome list is malformed at {field}.', '染色体列表行的 {field} 格式错误。'],
    explanation: [
      'Three or four columns divided by tabs: sequence, chromosome name, [linear- or circular-]type, location. The name has fewer than 33 characters A–Z a–z 0–9 _ . - and is not a mere chr, chromosome, plasmid, un or random.',
      '以制表符分隔的三或四列：序列名、染色体名、[linear-/circular-]类型、位置。染色体名少于 33 个字符（A–Z a–z 0–9 _ . -），且不能仅为 chr、chromosome、plasmid、un 或 random。',
    ],
    mend: ['Correct the column.', '请更正该列。'],
    refused: 'c1⇥chr⇥chromosome',
    accepted: 'c1⇥1⇥linear-chromosome',
    source: ena,
  }),
  listTwice: rule('GW5222', 'error', {
    message: ['{name} occurs more than once in the list.', '{name} 在列表中重复出现。'],
    explanation: ['Each sequence and each chromosome name occurs once.', '每条序列和每个染色体名只能出现一次。'],
    mend: ['Remove the repeated line.', '请删除重复行。'],
    refused: 'c1 and c2 both as chromosome 1',
    accepted: 'c1 as 1 and c2 as 2',
    source: ena,
  }),
  listUnknown: rule('GW5223', 'error', {
    message: [
      '{name} is not known: neither a sequence nor an object of the AGP.',
      '{name} 未知：既不是序列，也不是 AGP 对象。',
    ],
    explanation: [
      'Lists name sequences of the FASTA file or objects of the AGP file, and chromosomes of the chromosome list.',
      '列表中的名称必须是 FASTA 序列、AGP 对象或染色体列表中的染色体。',
    ],
    mend: ['Correct the name.', '请更正名称。'],
    refused: 'c9 without >c9',
    accepted: 'c1 with >c1',
    source: ena,
  }),
} as const;
