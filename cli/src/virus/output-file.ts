import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';

/** A file that is written piece by piece, and hashed as it is. */
export interface OutputFile {
  write(text: string): Promise<void>;
  /** Name and hash, or nothing where it went to standard output. */
  end(): Promise<{ name: string; sha256: string } | undefined>;
}

/** Opens a file for writing; without a path, what is written goes to standard output, or nowhere when that is for JSON. */
export function startFile(path: string | undefined, toTerminal: boolean): OutputFile {
  const hash = createHash('sha256');
  const stream = path === undefined ? (toTerminal ? process.stdout : undefined) : createWriteStream(path);
  return {
    async write(text) {
      hash.update(text);
      if (stream && !stream.write(text)) await once(stream, 'drain');
    },
    async end() {
      if (path === undefined || !stream) return undefined;
      stream.end();
      await once(stream, 'finish');
      return { name: basename(path), sha256: hash.digest('hex') };
    },
  };
}
