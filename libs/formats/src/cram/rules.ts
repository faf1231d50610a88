import { rule } from '../rule.ts';

const spec = (section: string) => `CRAM format specification 3.x section ${section}`;

/** What may be wrong in the containers and blocks of a CRAM file. */
export const cramRules = {
  version: rule('GW5341', 'error', {
    message: ['CRAM version {version} is not known.', '未知的 CRAM 版本 {version}。'],
    explanation: ['Versions 2.1, 3.0 and 3.1 are taken.', '接受 2.1、3.0 和 3.1 版本。'],
    mend: ['Write the file anew with `samtools view -C`.', '请用 `samtools view -C` 重写文件。'],
    refused: 'CRAM 9.0',
    accepted: 'CRAM 3.0',
    source: spec('6'),
  }),
  truncated: rule('GW5342', 'error', {
    message: ['The file ends inside container {container}.', '文件在第 {container} 个容器中途结束。'],
    explanation: ['The tail of the file is missing.', '文件末尾缺失。'],
    mend: ['Send the whole file again.', '请重新上传完整文件。'],
    refused: 'a CRAM file cut in half',
    accepted: 'a file for which `samtools quickcheck` says nothing',
    source: spec('7'),
  }),
  checksum: rule('GW5343', 'error', {
    message: [
      'The CRC-32 of the {part} in container {container} does not match.',
      '第 {container} 个容器中 {part} 的 CRC-32 不符。',
    ],
    explanation: ['Bytes were changed on the way or on the disk.', '数据在传输过程中或磁盘上被改动。'],
    mend: [
      'Send the file again; if the original is damaged too, write it anew.',
      '请重新上传；若原文件也已损坏，请重新生成。',
    ],
    refused: 'one byte changed in a block',
    accepted: 'the file as it was written',
    source: spec('7, 8'),
  }),
  container: rule('GW5344', 'error', {
    message: ['Container {container} is damaged at {field}.', '第 {container} 个容器的 {field} 损坏。'],
    explanation: [
      'Its length must be that of its blocks, it starts with a compression header, and each slice starts where a landmark says.',
      '容器长度必须等于其各块之和，首块为压缩头，各 slice 必须从 landmark 指定处开始。',
    ],
    mend: ['Take the file from its origin again or write it anew.', '请从源头重新获取或重新生成文件。'],
    refused: 'a container whose blocks are longer than it',
    accepted: 'a container as samtools wrote it',
    source: spec('7, 8'),
  }),
  end: rule('GW5345', 'error', {
    message: ['The end-of-file container is missing.', '缺少文件结束容器。'],
    explanation: [
      'A CRAM file ends with a fixed empty container. Without it nobody can tell whether containers are missing.',
      'CRAM 文件以固定的空容器结束；缺少它就无法判断是否丢失数据。',
    ],
    mend: ['Take the file from its origin again or write it anew.', '请从源头重新获取或重新生成文件。'],
    refused: 'sample.cram without its last 38 bytes',
    accepted: 'sample.cram as samtools wrote it',
    source: spec('9'),
  }),
  trailing: rule('GW5346', 'error', {
    message: ['Bytes follow the end of the CRAM data.', 'CRAM 数据结束后仍有字节。'],
    explanation: [
      'Readers stop at the end container and lose what follows.',
      '读取程序会在结束容器处停止，其后的内容将丢失。',
    ],
    mend: [
      'Remove what follows, or join the files with `samtools cat`.',
      '请删除其后的内容，或用 `samtools cat` 合并文件。',
    ],
    refused: 'two CRAM files put together with `cat`',
    accepted: 'two CRAM files put together with `samtools cat`',
    source: spec('9'),
  }),
  counter: rule('GW5347', 'error', {
    message: [
      'Container {container} counts {actual} records before it, there are {expected}.',
      '第 {container} 个容器声明此前有 {actual} 条记录，实际为 {expected} 条。',
    ],
    explanation: [
      'The running count of records has a hole, so that a container was lost or put in.',
      '记录累计数不连续，说明有容器丢失或被插入。',
    ],
    mend: ['Take the file from its origin again or write it anew.', '请从源头重新获取或重新生成文件。'],
    refused: 'a container taken out of the middle',
    accepted: 'all containers in order',
    source: spec('7'),
  }),
  md5: rule('GW5348', 'warning', {
    message: ['The reference {name} has no MD5.', '参考序列 {name} 没有 MD5。'],
    explanation: [
      'CRAM leaves out the bases of the reference; without its MD5 (M5 of @SQ) it may not be found again.',
      'CRAM 省略参考碱基；没有 @SQ 的 M5 就可能无法找回参考序列。',
    ],
    mend: [
      'Add M5 to each @SQ line, for example with `samtools dict`.',
      '请为每个 @SQ 行补充 M5，例如 `samtools dict`。',
    ],
    refused: '@SQ SN:chr1 LN:1000',
    accepted: '@SQ SN:chr1 LN:1000 M5:7fc5…',
    source: spec('8.2'),
  }),
} as const;
