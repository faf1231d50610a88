import { fromBase64, toBase64 } from '../bytes.ts';
import { Crypt4ghProblem } from '../problem.ts';

/** Key files are small; a wrong file named as a key shall not be read whole. */
export const keyFileLimit = 65_536;

const lines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const malformed = (reason: string) => new Crypt4ghProblem('key_format', { reason });

/** The bytes between BEGIN and END, in one line (as Python writes them) or many (as Go and OpenSSH do). */
export function fromPem(text: string): { readonly label: string; readonly bytes: Uint8Array } {
  if (text.length > keyFileLimit) throw malformed('larger than any key');
  const [first = '', ...rest] = lines(text);
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----$/.exec(first)?.[1];
  if (label === undefined || rest.pop() !== `-----END ${label}-----`) throw malformed('BEGIN or END is missing');
  const bytes = fromBase64(rest.join(''));
  if (!bytes) throw malformed('what stands between BEGIN and END is not base64');
  return { label, bytes };
}

export const toPem = (label: string, bytes: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${toBase64(bytes)}\n-----END ${label}-----\n`;
