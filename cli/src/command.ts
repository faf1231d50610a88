import type { Client } from '@geneward/api';
import type { Command } from 'commander';
import { createOutput, sayError, type Language, type Output } from './output.ts';
import { clientOf, readSession, type Session } from './session.ts';

/** What every command gets: where to say things, and the way to the server when it needs one. */
export interface Tools {
  readonly output: Output;
  /** Reads the session on first use: offline commands need none. */
  readonly session: () => Session;
  readonly client: () => Client;
}

interface Globals {
  json?: boolean;
  lang?: Language;
  server?: string;
}

/** Wraps a use of the command line: builds the tools, says errors and sets the exit code. */
export function action<A extends unknown[]>(
  work: (tools: Tools, ...args: A) => Promise<number | void>,
): (...args: [...A, Command]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const globals = command.optsWithGlobals<Globals>();
    const output = createOutput({
      json: globals.json ?? false,
      language: globals.lang ?? languageOf(process.env),
      stdout: process.stdout,
      stderr: process.stderr,
      interactive: process.stdin.isTTY && process.stderr.isTTY,
    });
    const tools: Tools = {
      output,
      session: () => readSession(output, globals.server),
      client: () => clientOf(readSession(output, globals.server), output),
    };
    try {
      process.exitCode = (await work(tools, ...(given.slice(0, -1) as A))) ?? 0;
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
