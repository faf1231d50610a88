import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** A folder whose files go to the inbox of a person. */
export interface DropFolder {
  readonly email: string;
  readonly path: string;
}

/**
 * `alice@example.org=/cluster/alice/out, bob@example.org=/cluster/bob/out`. Throws Error that names what is wrong; one folder
 * belongs to one person.
 */
export function readDropFolders(text: string): readonly DropFolder[] {
  const folders = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, email, path] = /^([^=\s]+@[^=\s]+)\s*=\s*(.+)$/.exec(part) ?? [];
      if (email === undefined || path === undefined) throw new Error(`“${part}” is not of the form e-mail=/folder`);
      if (!isAbsolute(path)) throw new Error(`${path} is not an absolute path`);
      return { email: email.toLowerCase(), path };
    });
  const [twice] = folders.filter(({ path }, nth) => folders.findIndex((other) => other.path === path) !== nth);
  if (twice) throw new Error(`${twice.path} is named twice`);
  return folders;
}

/** The setting, refused with its reason. */
export const dropFoldersText = z.string().superRefine((text, context) => {
  try {
    readDropFolders(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});
