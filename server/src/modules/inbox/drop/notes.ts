import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ours } from './look.ts';

/** What is known of a file that is being taken: written before its first byte is read, gone when it is moved. */
const note = z.object({ name: z.string(), upload: z.string(), identity: z.string() });
export type Note = z.infer<typeof note>;

/** Notes of a folder, each a file of its own that is whole or not there. */
export function notesOf(folder: string) {
  const place = join(folder, ours.notes);
  const pathOf = (name: string) => join(place, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`);
  const read = (path: string): Note | undefined => {
    try {
      return note.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch {
      return undefined;
    }
  };
  return {
    of: (name: string): Note | undefined => read(pathOf(name)),
    write(one: Note): void {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      const aside = `${pathOf(one.name)}.new`;
      const file = openSync(aside, 'w', 0o600);
      try {
        writeSync(file, JSON.stringify(one));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(aside, pathOf(one.name));
    },
    drop(name: string): void {
      rmSync(pathOf(name), { force: true });
    },
    /** Notes of files that are not there any more: they were moved, and only the note was left. */
    sweep(): void {
      let files: string[] = [];
      try {
        files = readdirSync(place);
      } catch {
        return;
      }
      for (const file of files) {
        const one = read(join(place, file));
        if (!one || !lstatSync(join(folder, one.name), { throwIfNoEntry: false }))
          rmSync(join(place, file), { force: true });
      }
    },
  };
}
