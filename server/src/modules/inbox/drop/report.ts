import type { FileReport, FileView } from '@geneward/api';
import { problemBody, type Problem } from '../../../platform/problem.ts';

/** A file that was taken, with what its check found in both languages. */
export interface Outcome {
  readonly file: FileView;
  readonly en: FileReport;
  readonly zh: FileReport;
}

const words = {
  en: {
    taken: 'Taken into the inbox.',
    faulty: 'Taken into the inbox, but the file is faulty: nothing can be submitted with it.',
    refused: 'Refused.',
    checking: 'Taken into the inbox; its check goes on there.',
    mend: 'How to mend it',
    line: 'line',
  },
  zh: {
    taken: '已收入收件区。',
    faulty: '已收入收件区，但文件有误，无法用于提交。',
    refused: '已拒绝。',
    checking: '已收入收件区，检查仍在进行。',
    mend: '处理方法',
    line: '行',
  },
} as const;
type Language = keyof typeof words;

/** What lies beside a file that was taken: English, then Chinese. */
export function takenReport(name: string, outcome: Outcome): string {
  return both(name, (language) => {
    const { file } = outcome;
    const text = words[language];
    const verdict = file.state === 'faulty' ? text.faulty : file.state === 'checking' ? text.checking : text.taken;
    const sums = [`id ${file.id}`, `size ${file.size ?? ''}`, `sha256 ${file.sha256 ?? ''}`, `md5 ${file.md5 ?? ''}`];
    const figures = Object.entries(file.summary).map(([key, value]) => `${key} ${value}`);
    const findings = outcome[language].findings.map(({ code, level, place, message, mend }) => {
      const where = place.line === undefined ? '' : `${text.line} ${place.line}: `;
      return `[${code} ${level}] ${where}${message} ${text.mend}: ${mend}`;
    });
    return [verdict, ...sums, ...figures, ...findings];
  });
}

/** What lies beside a file that was refused. */
export function refusedReport(name: string, problem: Problem, requestId: string): string {
  return both(name, (language) => {
    const { title, hint = '', code } = problemBody(problem, language, requestId);
    return [`${words[language].refused} ${title} [${code}]`, `${words[language].mend}: ${hint}`];
  });
}

const both = (name: string, lines: (language: Language) => readonly string[]): string =>
  [name, '', ...lines('en'), '', ...lines('zh'), ''].join('\n');
