import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Account } from '../installation.ts';
import { environment, root } from '../process.ts';
import { say } from './say.ts';

/** The command line as one person uses it. */
export interface CommandLine {
  /** Runs a command, shows it with its output, and fails when it ends otherwise than expected. */
  run(args: readonly string[], options?: { code?: number; quiet?: boolean }): Promise<string>;
  /** The value that a command prints with `--json`. */
  json(args: readonly string[]): Promise<unknown>;
}

export function commandLine(who: string, account: Account, address: string): CommandLine {
  const env = { ...environment, GENEWARD_URL: address, GENEWARD_TOKEN: account.token, GENEWARD_LANG: 'en' };
  const call = (args: readonly string[]): Promise<{ code: number; output: string; errors: string }> =>
    new Promise((done, fail) => {
      const child = spawn(process.execPath, [join(root, 'cli/src/main.ts'), ...args], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [output, errors] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      child.once('error', fail);
      child.once('close', (code) => done({ code: code ?? 1, output, errors }));
    });
  const expect = async (args: readonly string[], wanted: number) => {
    const { code, output, errors } = await call(args);
    if (code !== wanted)
      throw new Error(`geneward ${args.join(' ')} ended with ${code}, not ${wanted}:\n${output}${errors}`);
    return output + (wanted === 0 ? '' : errors);
  };
  return {
    async run(args, { code = 0, quiet = false } = {}) {
      const shown = args
        .map((word) => (/[\s"]/.test(word) ? `"${word}"` : word))
        .join(' ')
        .replaceAll(`${root}/`, '');
      say(`${who} $ geneward ${shown}`);
      const output = await expect(args, code);
      if (!quiet) say(output.trimEnd());
      return output;
    },
    async json(args) {
      return JSON.parse(await expect([...args, '--json'], 0));
    },
  };
}
