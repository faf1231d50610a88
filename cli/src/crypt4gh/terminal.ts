import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ReadStream, WriteStream } from 'node:tty';

/** How the reference command line talks to people: secrets over the terminal itself, as standard input carries data. */
export interface Terminal {
  /** A secret without echo: from the terminal, else a line of standard input; undefined when there is neither. */
  secret(prompt: string): Promise<string | undefined>;
  /** A line of standard input; undefined at its end. */
  line(prompt: string): Promise<string | undefined>;
  close(): void;
}

/** With `data`, standard input carries a file and no answers. */
export function openTerminal(options: { readonly data: boolean }): Terminal {
  let lines: AsyncIterator<string> | undefined;
  let close = () => undefined as void;
  const line = async (prompt: string) => {
    process.stderr.write(prompt);
    if (!lines) {
      const reader = createInterface({ input: process.stdin });
      lines = reader[Symbol.asyncIterator]();
      close = () => reader.close();
    }
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  return {
    line,
    async secret(prompt) {
      const terminal = openTty();
      if (terminal !== undefined) return secretFrom(terminal, prompt);
      return options.data ? undefined : line(prompt);
    },
    close: () => close(),
  };
}

function openTty(): number | undefined {
  try {
    return openSync('/dev/tty', 'r+');
  } catch {
    return undefined;
  }
}

/** Reads one line in raw mode: nothing is shown; backspace works, Ctrl-C ends the program. */
async function secretFrom(descriptor: number, prompt: string): Promise<string> {
  const input = new ReadStream(descriptor);
  const output = new WriteStream(openSync('/dev/tty', 'w'));
  output.write(prompt);
  input.setRawMode(true);
  input.setEncoding('utf8');
  try {
    let secret = '';
    for await (const text of input as AsyncIterable<string>)
      for (const key of text) {
        if (key === '\r' || key === '\n' || key === '\u0004') return secret;
        if (key === '\u0003') process.exit(130);
        secret = key === '\u007f' || key === '\b' ? secret.slice(0, -1) : secret + key;
      }
    return secret;
  } finally {
    output.write('\n');
    output.end();
    input.destroy();
  }
}
