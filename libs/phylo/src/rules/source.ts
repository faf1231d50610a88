import { rule } from '@geneward/formats';

/** What may be wrong with a place that genomes are fetched from. */
export const sourceRules = {
  away: rule('GW7401', 'error', {
    message: [
      'The source {address} does not give what was asked for: {reason}.',
      '来源 {address} 未能提供所需内容：{reason}。',
    ],
    explanation: [
      'Genomes are fetched again and again; what has come stays, and the next try goes on from there.',
      '基因组会定期获取；已取得的内容保留，下次从中断处继续。',
    ],
    mend: ['Make sure that the address is right and answers.', '请确认地址正确且可访问。'],
    refused: 'https://feed.example.org/ (404)',
    accepted: 'https://feed.example.org/ (200)',
  }),
  form: rule('GW7402', 'error', {
    message: ['What the source {address} gives cannot be read: {reason}.', '来源 {address} 的内容无法读取：{reason}。'],
    explanation: [
      'A feed is metadata.tsv beside sequences.fasta; a partner is another installation; a folder holds FASTA files, each beside a table of the same name.',
      '数据源为 metadata.tsv 与 sequences.fasta；合作方为另一套本平台；文件夹内为 FASTA 及同名表格。',
    ],
    mend: ['Ask who gives the source for the right form.', '请与来源方确认格式。'],
    refused: 'a page of HTML as metadata.tsv',
    accepted: 'a table divided by tabs',
  }),
  rows: rule('GW7403', 'warning', {
    message: [
      '{count} rows of {file} have faults, the first in line {line}: {reason}.',
      '{file} 有 {count} 行存在问题，首处在第 {line} 行：{reason}。',
    ],
    explanation: [
      'A row whose date cannot be read is taken without it; the rest goes on.',
      '日期无法读取的行按无日期处理，其余继续。',
    ],
    mend: ['Correct the rows at the source.', '请在来源处更正这些行。'],
    refused: '2021-02-30',
    accepted: '2021-02-28',
  }),
};
