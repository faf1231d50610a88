import { isatty } from 'node:tty';
import type { Command } from 'commander';
import { createOutput, sayError, type Language, type Output } from './output.ts';

interface Globals {
  json?: boolean;
  lang?: Language;
  server?: string;
}

/**
 * The same as `action` without the way to a server, which takes a third of a second to load. The streams of the process are not
 * touched before something is said: Node makes pipes non-blocking, and then they cannot be waited for.
 * @param work is given what `--server` names
 */
export function offline<A extends unknown[]>(
  work: (output: Output, server: string | undefined, ...args: A) => Promise<number | void>,
): (...args: [...A, Command]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const globals = command.optsWithGlobals<Globals>();
    const output = createOutput({
      json: globals.json ?? false,
      language: globals.lang ?? languageOf(process.env),
      get stdout() {
        return process.stdout;
      },
      get stderr() {
        return process.stderr;
      },
      interactive: isatty(0) && isatty(2),
    });
    try {
      process.exitCode = (await work(output, globals.server, ...(given.slice(0, -1) as A))) ?? 0;
    } catch (error) {
      process.exitCode = sayError(error, output);
    }
  };
}

/** `GENEWARD_LANG`, else what the terminal speaks. */
function languageOf(env: NodeJS.ProcessEnv): Language {
  const told = env['GENEWARD_LANG'] ?? env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '';
  return /^zh/i.test(told) ? 'zh' : 'en';
}
