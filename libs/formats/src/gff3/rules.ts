import { rule } from '../rule.ts';

const spec = 'GFF3 specification 1.26';

/** What may be wrong in a GFF3 file. */
export const gff3Rules = {
  version: rule('GW5501', 'error', {
    message: ['The first line is not ##gff-version 3.', '首行不是 ##gff-version 3。'],
    explanation: [
      'It tells GFF3 from its predecessors, which look alike and mean other things.',
      '用于区分 GFF3 与外观相似但含义不同的旧版本。',
    ],
    mend: ['Write ##gff-version 3 as the first line.', '请在首行写 ##gff-version 3。'],
    refused: '##gff-version 2',
    accepted: '##gff-version 3',
    source: spec,
  }),
  columns: rule('GW5502', 'error', {
    message: ['The line has {actual} columns, 9 are needed.', '该行有 {actual} 列，应为 9 列。'],
    explanation: ['Nine columns divided by tabs; empty ones hold “.”.', '九列以制表符分隔，空列写“.”。'],
    mend: ['Check for blanks in place of tabs.', '请检查是否用空格代替了制表符。'],
    refused: 'chr1 . gene 1 9',
    accepted: 'chr1 . gene 1 9 . + . ID=g1',
    source: spec,
  }),
  field: rule('GW5503', 'error', {
    message: ['The column {field} has a value that is not allowed.', '{field} 列的取值不合规范。'],
    explanation: [
      'seqid: letters, digits and . : ^ * $ @ ! + _ ? - |, others as %XX; start and end: whole numbers from 1; score: a number or “.”; strand: + - . or ?; type: a term or accession of the Sequence Ontology.',
      'seqid：字母、数字和 . : ^ * $ @ ! + _ ? - |，其余写作 %XX；start 和 end：从 1 起的整数；score：数字或“.”；strand：+ - . 或 ?；type：序列本体（SO）术语或编号。',
    ],
    mend: ['Correct the column.', '请更正该列。'],
    refused: 'strand *',
    accepted: 'strand +',
    source: spec,
  }),
  range: rule('GW5504', 'error', {
    message: ['The start {start} lies after the end {end}.', '起点 {start} 大于终点 {end}。'],
    explanation: ['Start is never greater than end, on either strand.', '无论哪条链，起点都不能大于终点。'],
    mend: ['Exchange the two; the strand has its own column.', '请交换两者；方向由 strand 列表示。'],
    refused: '100 50 on the minus strand',
    accepted: '50 100 on the minus strand',
    source: spec,
  }),
  phase: rule('GW5505', 'error', {
    message: ['The phase of a CDS must be 0, 1 or 2.', 'CDS 的 phase 必须为 0、1 或 2。'],
    explanation: [
      'It tells how many bases to skip to the next codon; other features have “.”.',
      '表示到下一个密码子需跳过的碱基数；其他特征写“.”。',
    ],
    mend: ['Write the phase of each CDS line.', '请填写每个 CDS 行的 phase。'],
    refused: 'CDS with phase .',
    accepted: 'CDS with phase 0',
    source: spec,
  }),
  attributes: rule('GW5506', 'error', {
    message: ['The attributes are malformed at “{part}”.', '属性在“{part}”处格式错误。'],
    explanation: [
      'Attributes are tag=value pairs divided by semicolons; “;”, “=”, “&”, “,” and control characters inside a value are written as %XX.',
      '属性为以分号分隔的 标签=值；值中的“;”“=”“&”“,”和控制字符须写作 %XX。',
    ],
    mend: ['Correct or encode the value.', '请更正或转义该值。'],
    refused: 'ID=g1;note',
    accepted: 'ID=g1;Note=50%25 identical',
    source: spec,
  }),
  attributeTwice: rule('GW5507', 'error', {
    message: ['The attribute {tag} occurs more than once.', '属性 {tag} 重复出现。'],
    explanation: ['Several values of one tag are divided by commas.', '同一标签的多个值应以逗号分隔。'],
    mend: ['Join them: Parent=a,b.', '请合并为 Parent=a,b。'],
    refused: 'Parent=a;Parent=b',
    accepted: 'Parent=a,b',
    source: spec,
  }),
  reservedTag: rule('GW5508', 'warning', {
    message: [
      'The attribute {tag} starts with a capital but is not one of the specification.',
      '属性 {tag} 以大写字母开头，但不是规范中的标签。',
    ],
    explanation: [
      'Tags that start with a capital are reserved for the specification.',
      '以大写字母开头的标签由规范保留。',
    ],
    mend: ['Start your own tags with a small letter.', '自定义标签请以小写字母开头。'],
    refused: 'Colour=red',
    accepted: 'colour=red',
    source: spec,
  }),
  identifier: rule('GW5509', 'error', {
    message: [
      'The ID {id} is used for features of different type or sequence.',
      'ID {id} 用于不同类型或不同序列的特征。',
    ],
    explanation: [
      'Lines that share an ID are parts of one feature, so that they agree in type and sequence.',
      '共享同一 ID 的行属于同一特征，类型和序列必须一致。',
    ],
    mend: ['Give each feature its own ID.', '请为每个特征设置唯一 ID。'],
    refused: 'ID=x for a gene and an mRNA',
    accepted: 'ID=x for the parts of one CDS',
    source: spec,
  }),
  parent: rule('GW5510', 'error', {
    message: ['The parent {id} does not occur in the file.', '父特征 {id} 未在文件中出现。'],
    explanation: [
      'Parent and Derives_from name the ID of another feature.',
      'Parent 和 Derives_from 必须引用另一特征的 ID。',
    ],
    mend: ['Add the feature or correct the name.', '请补充该特征或更正名称。'],
    refused: 'Parent=g9 without ID=g9',
    accepted: 'Parent=g1 with ID=g1',
    source: spec,
  }),
  cycle: rule('GW5511', 'error', {
    message: ['The feature {id} is its own ancestor.', '特征 {id} 是其自身的祖先。'],
    explanation: ['Part-of relations form no circles.', '从属关系不得成环。'],
    mend: ['Correct the Parent attributes.', '请更正 Parent 属性。'],
    refused: 'a part of b, b part of a',
    accepted: 'exon part of mRNA, mRNA part of gene',
    source: spec,
  }),
  bounds: rule('GW5512', 'error', {
    message: ['The feature lies outside of {name} {start}–{end}.', '特征超出 {name} 的范围 {start}–{end}。'],
    explanation: [
      '##sequence-region tells the bounds of a sequence; only circular ones may be exceeded.',
      '##sequence-region 声明了序列范围，仅环状序列可超出。',
    ],
    mend: ['Check that annotation and sequence belong together.', '请确认注释与序列匹配。'],
    refused: '1200 in a region of 1–1000',
    accepted: '900 in a region of 1–1000',
    source: spec,
  }),
  directive: rule('GW5513', 'error', {
    message: ['The directive is malformed or repeated.', '指令格式错误或重复。'],
    explanation: [
      '##sequence-region holds a name, a start and an end, once for each sequence.',
      '##sequence-region 由名称、起点和终点组成，每条序列一次。',
    ],
    mend: ['Correct the line.', '请更正该行。'],
    refused: '##sequence-region chr1 1',
    accepted: '##sequence-region chr1 1 1000',
    source: spec,
  }),
  type: rule('GW5514', 'hint', {
    message: [
      '“{type}” is not among the common terms of the Sequence Ontology.',
      '“{type}”不在序列本体（SO）的常用术语中。',
    ],
    explanation: [
      'It may be right: only the common terms are known here. Case matters: mRNA, not mrna.',
      '可能没有错误：此处仅收录常用术语。区分大小写：应为 mRNA 而非 mrna。',
    ],
    mend: ['Check the spelling of the term.', '请核对术语拼写。'],
    refused: 'mrna',
    accepted: 'mRNA',
    source: spec,
  }),
  noFeatures: rule('GW5515', 'warning', {
    message: ['The file holds no features.', '文件中没有特征。'],
    explanation: ['It is valid but empty.', '格式有效但没有内容。'],
    mend: ['Send the file that holds the annotation.', '请上传包含注释的文件。'],
    refused: '##gff-version 3 alone',
    accepted: '##gff-version 3 and features',
  }),
} as const;
