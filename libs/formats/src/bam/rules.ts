import { rule } from '../rule.ts';

const spec = 'SAM specification section 4.2';

/** What may be wrong in the binary form of alignments. */
export const bamRules = {
  truncated: rule('GW5331', 'error', {
    message: ['The file ends inside record {record}.', '文件在第 {record} 条记录中途结束。'],
    explanation: [
      'The blocks are whole, but the last record or the header is cut.',
      '压缩块完整，但最后一条记录或头部被截断。',
    ],
    mend: [
      'Take the file from its origin again or write it anew with `samtools view -b`.',
      '请从源头重新获取，或用 `samtools view -b` 重写。',
    ],
    refused: 'a BAM file whose last record lacks its qualities',
    accepted: 'a file for which `samtools quickcheck` says nothing',
    source: spec,
  }),
  header: rule('GW5332', 'error', {
    message: ['The binary header is damaged at {field}.', '二进制头部的 {field} 损坏。'],
    explanation: [
      'Lengths in the header point beyond what they may, or a name does not end with NUL.',
      '头部中的长度超出允许范围，或名称未以 NUL 结尾。',
    ],
    mend: ['Write the file anew with `samtools view -b`.', '请用 `samtools view -b` 重写文件。'],
    refused: 'n_ref = -1',
    accepted: 'n_ref = 25',
    source: spec,
  }),
  references: rule('GW5333', 'error', {
    message: [
      'Reference {index} is “{binary}” in binary and “{text}” in text.',
      '第 {index} 条参考序列在二进制部分为“{binary}”，在文本部分为“{text}”。',
    ],
    explanation: [
      'The binary list of references must repeat the @SQ lines, name and length, in the same order.',
      '二进制参考列表必须按相同顺序重复 @SQ 行的名称和长度。',
    ],
    mend: ['Rewrite the header with `samtools reheader`.', '请用 `samtools reheader` 重写头部。'],
    refused: '@SQ SN:chr1 LN:100 and chr1 of 99 bases',
    accepted: 'the same names and lengths',
    source: spec,
  }),
  record: rule('GW5334', 'error', {
    message: ['The field {field} of record {record} is damaged.', '第 {record} 条记录的字段 {field} 损坏。'],
    explanation: [
      'A length or index of the record points beyond its bounds, or a value is not one of those allowed.',
      '记录中的长度或索引越界，或取值不在允许范围内。',
    ],
    mend: ['Take the file from its origin again or write it anew.', '请从源头重新获取或重新生成文件。'],
    refused: 'refID = 30 with 25 references',
    accepted: 'refID = 24 with 25 references',
    source: spec,
  }),
  noReads: rule('GW5335', 'error', {
    message: ['The file holds no reads.', '文件中没有读段。'],
    explanation: [
      'It is sent as the reads of a run, and a run needs at least one.',
      '作为 run 的读段提交时，至少需要一条。',
    ],
    mend: ['Send the file that holds the reads.', '请上传包含读段的文件。'],
    refused: 'a header alone',
    accepted: 'a header and reads',
    source: 'ENA read submission',
  }),
  emptyRead: rule('GW5336', 'error', {
    message: ['Record {record} has no bases.', '第 {record} 条记录没有碱基。'],
    explanation: [
      'It is sent as a read, and a read needs its bases; only secondary alignments may leave them out.',
      '作为读段提交时必须有碱基；仅次要比对可省略。',
    ],
    mend: ['Write the bases of each primary record.', '请写出每条主要记录的碱基。'],
    refused: 'a primary record with SEQ *',
    accepted: 'a primary record with SEQ ACGT',
    source: 'ENA read submission',
  }),
} as const;
