import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

/** The command line in a process of its own, which may be killed. */
export interface Running {
  readonly process: ChildProcess;
  /** Code and what was said, once it has ended; the code of a killed one is null. */
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
  /** Resolves when standard error holds something that fits. */
  said(pattern: RegExp): Promise<void>;
}

export function startCommand(args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', GENEWARD_LANG: 'en', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return {
    process: child,
    ended,
    said: (pattern) =>
      Promise.race([
        new Promise<void>((resolve) => {
          const look = () => {
            if (!pattern.test(err)) return;
            listeners.delete(look);
            resolve();
          };
          listeners.add(look);
          look();
        }),
        (async () => {
          const { code, out: printed, err: told } = await ended;
          if (!pattern.test(told)) throw new Error(`it ended with ${code} first:\n${printed}${told}`);
        })(),
      ]),
  };
}
