import { rule } from '@geneward/formats';

const fasta = 'FASTA; IUPAC nucleotide codes';
const gff3 = 'GFF3 1.26; Nextclade data sets';

/** What may be wrong with a genome that is given, or with the annotation of a reference. */
export const sequenceRules = {
  none: rule('GW7001', 'error', {
    message: ['There is no sequence in the file.', '文件中没有序列。'],
    explanation: ['A FASTA file holds at least one record.', 'FASTA 文件至少含一条记录。'],
    mend: ['Give the file that holds the genomes.', '请提供包含基因组的文件。'],
    refused: '(empty file)',
    accepted: '>a\\nACGT',
    source: fasta,
  }),
  format: rule('GW7002', 'error', {
    message: [
      'Line {line} is neither a FASTA name nor part of a record.',
      '第 {line} 行既不是 FASTA 名称行，也不属于任何记录。',
    ],
    explanation: ['Every record starts with a line “>name”.', '每条记录以“>名称”行开始。'],
    mend: ['Add the name line or choose the right file.', '请补充名称行或选择正确的文件。'],
    refused: 'ACGT\\n>a',
    accepted: '>a\\nACGT',
    source: fasta,
  }),
  name: rule('GW7003', 'error', {
    message: ['The record at line {line} has no name.', '第 {line} 行的记录没有名称。'],
    explanation: ['Results are told by the name of the genome.', '结果以基因组名称标识。'],
    mend: ['Write a name right after “>”.', '请在“>”后直接写名称。'],
    refused: '>\\nACGT',
    accepted: '>a\\nACGT',
    source: fasta,
  }),
  duplicate: rule('GW7004', 'error', {
    message: ['The name {name} occurs again at line {line}.', '名称 {name} 在第 {line} 行重复出现。'],
    explanation: ['Two genomes under one name cannot be told apart in a tree.', '同名的两条基因组在树中无法区分。'],
    mend: ['Give every genome a name of its own.', '请为每条基因组使用唯一名称。'],
    refused: '>a … >a …',
    accepted: '>a … >b …',
  }),
  empty: rule('GW7005', 'error', {
    message: ['The record has no known base.', '该记录没有确定的碱基。'],
    explanation: ['Nothing, or N only, says nothing about a virus.', '空记录或全为 N 的记录不含任何信息。'],
    mend: ['Leave the record out or fetch its sequence again.', '请删除该记录或重新获取其序列。'],
    refused: '>a\\nNNNN',
    accepted: '>a\\nACGT…',
  }),
  letter: rule('GW7006', 'error', {
    message: ['“{letter}” at base {position} is no base.', '第 {position} 个碱基“{letter}”不是合法碱基。'],
    explanation: [
      'Bases are the IUPAC letters ACGTURYSWKMBDHVN in either case; gaps of an earlier alignment (- and .) are left out.',
      '碱基为 IUPAC 字母 ACGTURYSWKMBDHVN（大小写均可）；先前比对产生的空位（- 和 .）将被忽略。',
    ],
    mend: ['Use the IUPAC letters of nucleotides.', '请使用 IUPAC 核苷酸字母。'],
    refused: 'AC1T',
    accepted: 'ACNT',
    source: fasta,
  }),
  protein: rule('GW7007', 'error', {
    message: [
      'The record looks like a protein: “{letter}” at position {position}.',
      '该记录疑似蛋白质序列：位置 {position} 为“{letter}”。',
    ],
    explanation: ['The letters EFILPQZJOX* occur in proteins only.', '字母 EFILPQZJOX* 只出现在蛋白质序列中。'],
    mend: ['Give the nucleotide sequence of the genome.', '请提供基因组的核苷酸序列。'],
    refused: 'MFVFLVLL',
    accepted: 'ATGTTTGTT',
    source: fasta,
  }),
  size: rule('GW7008', 'error', {
    message: ['The record is longer than {limit} bases and was passed over.', '该记录超过 {limit} 个碱基，已跳过。'],
    explanation: ['A record is held in memory whole, so its length is limited.', '记录需整条载入内存，因此长度受限。'],
    mend: ['Give one genome a record, or raise the limit.', '请每条记录只放一个基因组，或提高限制。'],
    refused: 'a chromosome of 200 million bases',
    accepted: 'a virus of 30,000 bases',
  }),
  short: rule('GW7009', 'error', {
    message: [
      'The sequence has {known} known bases; {least} are needed.',
      '序列仅有 {known} 个确定的碱基，至少需要 {least} 个。',
    ],
    explanation: ['A few bases fit many places of any genome.', '过短的序列可匹配任意基因组的多处位置。'],
    mend: ['Give a longer part of the genome.', '请提供更长的基因组片段。'],
    refused: '>a\\nA',
    accepted: 'a read-through of one gene',
  }),
  other: rule('GW7010', 'error', {
    message: [
      'The sequence has too little in common with the reference {reference} ({percent} % of it found).',
      '序列与参考 {reference} 相似度过低（仅找到 {percent} %）。',
    ],
    explanation: [
      'Less than the share that the data set asks for was found in its reference, in either direction.',
      '无论正向或反向，在参考序列中找到的比例均低于数据集的要求。',
    ],
    mend: ['Choose the data set of this virus.', '请选择该病毒对应的数据集。'],
    refused: 'RSV-A given to SARS-CoV-2',
    accepted: 'the same given to RSV-A',
    source: 'Nextclade 3, min_seed_cover',
  }),
  diverged: rule('GW7011', 'error', {
    message: [
      'A stretch of {query} bases cannot be fitted to {reference} bases of the reference.',
      '一段 {query} 个碱基无法与参考的 {reference} 个碱基匹配。',
    ],
    explanation: [
      'Between two stretches that fit lies one that is too different in length or letters to be aligned.',
      '两段匹配区之间的序列在长度或内容上差异过大，无法比对。',
    ],
    mend: ['Check the assembly for rearrangements or a wrong join.', '请检查拼接是否存在重排或错误连接。'],
    refused: 'two halves in the wrong order',
    accepted: 'the halves in their order',
  }),
  reversed: rule('GW7012', 'warning', {
    message: ['The genome was given as its reverse complement and was turned.', '该基因组为反向互补序列，已自动翻转。'],
    explanation: [
      'The other strand fits the reference; results are in the coordinates of the reference.',
      '其反向链与参考匹配；结果采用参考坐标。',
    ],
    mend: ['Give genomes in the direction of the reference.', '请按参考序列的方向提供基因组。'],
    refused: 'the strand that pairs with the reference',
    accepted: 'the strand of the reference',
  }),
  unknown: rule('GW7013', 'warning', {
    message: ['{percent} % of the genome is not known.', '基因组有 {percent} % 未知。'],
    explanation: [
      'What lies in runs of N, or outside of what was sequenced, cannot tell clades apart; the place is less certain.',
      'N 区段或未测序区域无法区分谱系，放置结果不够确定。',
    ],
    mend: ['Sequence deeper, or take the place as a rough one.', '请加深测序，或仅将结果作为大致参考。'],
    refused: '80 % N',
    accepted: '2 % N',
  }),
  elsewhere: rule('GW7014', 'error', {
    message: ['The genome is of {virus}, not of {given}.', '该基因组属于 {virus}，而非 {given}。'],
    explanation: [
      'It has more words in common with the reference of another installed data set.',
      '它与另一已安装数据集的参考序列有更多共同片段。',
    ],
    mend: ['Use the data set {virus}.', '请使用数据集 {virus}。'],
    refused: 'RSV-A given to SARS-CoV-2',
    accepted: 'the same given to RSV-A',
  }),
  mosaic: rule('GW7015', 'hint', {
    message: [
      'The genome looks like a recombinant: bases {from} to {to} of {donor}, the rest of {acceptor}; that explains {gain} mutations.',
      '该基因组疑似重组体：第 {from} 至 {to} 个碱基来自 {donor}，其余来自 {acceptor}，可解释 {gain} 个突变。',
    ],
    explanation: [
      'Two places of the tree explain it better than one, by six mutations at least.',
      '树上两处比一处更能解释该基因组，至少多解释六个突变。',
    ],
    mend: [
      'Look at the reads: a mixture of two samples looks the same. Take its clade as that of its larger part.',
      '请检查测序数据：两个样本混合也会如此。其分支仅代表较大的部分。',
    ],
    refused: 'half 21K, half 21J',
    accepted: 'all 21K',
    source: 'RIPPLES (Turakhia et al. 2022)',
  }),
  annotationSyntax: rule('GW7021', 'error', {
    message: ['Line {line} of the annotation cannot be read: {reason}.', '注释文件第 {line} 行无法读取：{reason}。'],
    explanation: [
      'Nine columns divided by tabs; coding sequences have a name.',
      '以制表符分隔的九列；编码序列须有名称。',
    ],
    mend: ['Write the line as GFF3 says.', '请按 GFF3 规范书写该行。'],
    refused: 'a line of two columns',
    accepted: 'v\\t.\\tCDS\\t1\\t9\\t.\\t+\\t0\\tName=S',
    source: gff3,
  }),
  annotationRange: rule('GW7022', 'error', {
    message: [
      'Gene {name} ends at {end}, outside the reference of {length} bases.',
      '基因 {name} 止于 {end}，超出长度为 {length} 的参考序列。',
    ],
    explanation: ['Annotation and reference belong together.', '注释与参考序列必须对应。'],
    mend: ['Use the annotation that belongs to this reference.', '请使用与该参考序列对应的注释。'],
    refused: 'a gene to 30,500 of 29,903 bases',
    accepted: 'a gene to 29,533',
    source: gff3,
  }),
  annotationFrame: rule('GW7023', 'error', {
    message: [
      'Gene {name} has {length} bases, which is no whole number of codons.',
      '基因 {name} 长 {length} 个碱基，不是密码子的整数倍。',
    ],
    explanation: ['The segments of a coding sequence add up to codons.', '编码序列各区段之和必须是密码子的整数倍。'],
    mend: ['Correct the segments of the coding sequence.', '请更正编码序列的区段。'],
    refused: '1-10',
    accepted: '1-9',
    source: gff3,
  }),
};
