import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program as a person would, in a home of its own and with nothing of the caller's environment but what is given. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { PATH, GENEWARD_LANG: 'en', GENEWARD_HOME: join(tmpdir(), 'geneward-no-home'), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

/** Runs the command line from its source. */
export const geneward = (args: readonly string[], env: Record<string, string> = {}, cwd?: string): Promise<Ended> =>
  runProgram(process.execPath, [main, ...args], { env, ...(cwd !== undefined && { cwd }) });

export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'geneward-cli-'));
