import type { Text } from '@geneward/metadata';
import { exitCodeOf, isApiProblem, isNetworkError, Stop } from './exit.ts';

export type Language = 'en' | 'zh';

/** Where a command says things: text for people, or one JSON value on standard output for programs. */
export interface Output {
  readonly json: boolean;
  readonly language: Language;
  /** Progress bars and prompts are for terminals only. */
  readonly interactive: boolean;
  /** A line for a person; nothing with `--json`. */
  say(text: Text | string): void;
  /** A line on standard error, in either mode. */
  warn(text: Text | string): void;
  /** The result: with `--json` the value, otherwise what `print` makes of it. */
  result<T>(value: T, print: (value: T) => string | undefined): void;
  pick(text: Text | string): string;
}

export function createOutput(options: {
  json: boolean;
  language: Language;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  interactive: boolean;
}): Output {
  const { json, language } = options;
  const pick = (text: Text | string) => (typeof text === 'string' ? text : text[language]);
  return {
    json,
    language,
    interactive: options.interactive && !json,
    pick,
    say: (text) => void (json || options.stdout.write(`${pick(text)}\n`)),
    warn: (text) => void options.stderr.write(`${pick(text)}\n`),
    result(value, print) {
      const text = json ? JSON.stringify(value, undefined, 2) : print(value);
      if (text !== undefined && text !== '') options.stdout.write(`${text}\n`);
    },
  };
}

/** Columns of text, as wide as needed; Chinese characters count two. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => width(row[index] ?? ''))));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell))))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const characters = new Intl.Segmenter('und');
const width = (text: string): number =>
  [...characters.segment(text)].reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0);

/** Bytes for people. */
export function bytes(size: number | string | bigint): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = Number(size);
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Says an error to a person or a program: code, reason, place and mend; never a stack, unless it is our mistake and asked for. */
export function sayError(error: unknown, output: Output): number {
  const code = exitCodeOf(error);
  if (isApiProblem(error)) {
    const { body } = error;
    if (output.json) output.warn(JSON.stringify({ error: body }));
    else {
      output.warn(`${output.language === 'zh' ? '错误' : 'error'}: ${body.title} [${body.code}]`);
      for (const issue of body.issues ?? []) output.warn(`  ${issue.path}: ${issue.message}`);
      if (body.hint) output.warn(`  ${body.hint}`);
    }
    return code;
  }
  const text = messageOf(error, output);
  output.warn(
    output.json
      ? JSON.stringify({ error: { code: error instanceof Stop ? error.code : 'failed', title: text } })
      : `${output.language === 'zh' ? '错误' : 'error'}: ${text}`,
  );
  if (process.env['GENEWARD_DEBUG'] && error instanceof Error) output.warn(error.stack ?? '');
  return code;
}

function messageOf(error: unknown, output: Output): string {
  if (isNetworkError(error)) {
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    return output.pick({
      en: `The server cannot be reached (${reason}). Check the address and try again.`,
      zh: `无法连接服务器（${reason}）。请检查地址后重试。`,
    });
  }
  return error instanceof Error ? error.message : String(error);
}
