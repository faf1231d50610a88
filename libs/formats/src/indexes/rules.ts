import { rule } from '../rule.ts';

/** What may be wrong in index files. */
export const indexRules = {
  truncated: rule('GW5351', 'error', {
    message: ['The index ends inside {field}.', '索引在 {field} 中途结束。'],
    explanation: [
      'The tail of the file is missing; programs that use it read beyond its end or find nothing.',
      '文件末尾缺失；使用它的程序会越界读取或找不到数据。',
    ],
    mend: [
      'Make the index anew with `samtools index`, `tabix` or `bcftools index`.',
      '请用 `samtools index`、`tabix` 或 `bcftools index` 重新建立索引。',
    ],
    refused: 'a BAI file cut in half',
    accepted: 'the index as samtools wrote it',
    source: 'SAM specification section 5.2, CSI and Tabix specifications',
  }),
  count: rule('GW5352', 'error', {
    message: ['{field} is {actual}; at most {limit} is possible.', '{field} 为 {actual}，至多为 {limit}。'],
    explanation: [
      'A number of references, bins, chunks or intervals is negative or greater than the scheme allows.',
      '参考序列、bin、chunk 或 interval 的数目为负，或超出索引方案允许的范围。',
    ],
    mend: ['Make the index anew.', '请重新建立索引。'],
    refused: 'n_bin = -1',
    accepted: 'n_bin = 5',
    source: 'SAM specification section 5.2, CSI and Tabix specifications',
  }),
  bin: rule('GW5353', 'error', {
    message: [
      'Bin {bin} of reference {reference} is not possible: {reason}.',
      '第 {reference} 条参考序列的 bin {bin} 无效：{reason}。',
    ],
    explanation: [
      'Bins are numbered by the scheme, each stands once, and the metadata bin has exactly two chunks.',
      'bin 按方案编号，每个只出现一次，元数据 bin 恰有两个 chunk。',
    ],
    mend: ['Make the index anew.', '请重新建立索引。'],
    refused: 'bin 40000 in a BAI file',
    accepted: 'bin 4681',
    source: 'SAM specification sections 5.1.1, 5.2 and 5.3',
  }),
  chunk: rule('GW5354', 'error', {
    message: [
      'A chunk of bin {bin} of reference {reference} runs from {from} to {to}.',
      '第 {reference} 条参考序列 bin {bin} 的一个 chunk 从 {from} 到 {to}。',
    ],
    explanation: [
      'A chunk begins before it ends and lies within the data file (virtual offsets).',
      'chunk 的起点必须在终点之前，且位于数据文件之内（虚拟偏移）。',
    ],
    mend: ['Make the index anew from the very file that is sent.', '请用所提交的文件本身重新建立索引。'],
    refused: 'a chunk that ends before it begins',
    accepted: 'a chunk within the BAM file',
    source: 'SAM specification section 5.2',
  }),
  header: rule('GW5355', 'error', {
    message: ['The header of the index is damaged at {field}.', '索引头部的 {field} 损坏。'],
    explanation: [
      'Columns and format are those of the Tabix specification, and there are as many names as references.',
      '列号和格式须符合 Tabix 规范，名称数须等于参考序列数。',
    ],
    mend: ['Make the index anew with `tabix`.', '请用 `tabix` 重新建立索引。'],
    refused: 'col_seq = 0',
    accepted: 'col_seq = 1, col_beg = 2',
    source: 'Tabix index file format; CSI specification',
  }),
  trailing: rule('GW5356', 'error', {
    message: ['{actual} bytes follow the end of the index.', '索引结束之后还有 {actual} 字节。'],
    explanation: [
      'After the last reference only the number of reads without a place may stand.',
      '最后一条参考序列之后只能有未定位 read 的数目。',
    ],
    mend: ['Make the index anew.', '请重新建立索引。'],
    refused: 'an index with another file behind it',
    accepted: 'the index as samtools wrote it',
    source: 'SAM specification section 5.2',
  }),
  cramLine: rule('GW5357', 'error', {
    message: [
      'Line {line} of the CRAM index is not six numbers in their bounds.',
      'CRAM 索引第 {line} 行不是六个有效数字。',
    ],
    explanation: [
      'A line tells sequence (from -2), start, span, container offset, slice offset and slice size.',
      '每行依次为序列号（自 -2 起）、起点、跨度、容器偏移、slice 偏移和 slice 大小。',
    ],
    mend: ['Make the index anew with `samtools index`.', '请用 `samtools index` 重新建立索引。'],
    refused: '0\t1\t100\t-5\t10\t20',
    accepted: '0\t1\t100\t389\t30\t500',
    source: 'CRAM format specification section 12',
  }),
};
