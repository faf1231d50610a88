import { rule } from '../rule.ts';

/** What may be wrong with the lines of any text format. */
export const textRules = {
  lineTooLong: rule('GW5017', 'error', {
    message: ['Line {line} is longer than {limit} bytes.', '第 {line} 行超过 {limit} 字节。'],
    explanation: [
      'No line of this format is that long; most likely line ends are missing. Checking stopped here.',
      '该格式不会有如此长的行；很可能缺少换行符。检查在此停止。',
    ],
    mend: ['Check the line ends of the file.', '请检查文件的换行符。'],
    refused: 'a gigabyte without a line feed',
    accepted: 'lines that end with LF',
  }),
  blankLine: rule('GW5018', 'warning', {
    message: ['Line {line} is blank.', '第 {line} 行为空行。'],
    explanation: [
      'The format has no blank lines; some programs stop at one.',
      '该格式不含空行；有些程序遇到空行会停止读取。',
    ],
    mend: ['Remove the blank lines.', '请删除空行。'],
    refused: 'a blank line between two records',
    accepted: 'records one after the other',
  }),
} as const;
