import { concat, equal, fromBase64, toBase64, utf8 } from '../bytes.ts';
import type { Crypto, SigningKey } from '../crypto/port.ts';

/** Ed25519 in the numbering of signed notes (C2SP signed-note). */
const ed25519Type = 1;

/** Who signed, and the key to check it with. */
export interface NoteKey {
  /** No space, no plus sign: the name of the archive. */
  readonly name: string;
  readonly publicKey: Uint8Array;
}

/** The first four bytes of SHA-256(name ‖ LF ‖ type ‖ public key): which of several keys to try. */
const keyId = (crypto: Crypto, { name, publicKey }: NoteKey): Uint8Array =>
  crypto.sha256(utf8(`${name}\n`), Uint8Array.of(ed25519Type), publicKey).subarray(0, 4);

export const isKeyName = (name: string): boolean => /^[!-*,-~]{1,200}$/.test(name);

/** The text, an empty line, and one line for each signature. */
export function signNote(crypto: Crypto, text: string, signers: readonly { name: string; key: SigningKey }[]): string {
  const signatures = signers.map(({ name, key }) => {
    const id = keyId(crypto, { name, publicKey: key.publicKey });
    return `\u2014 ${name} ${toBase64(concat(id, key.sign(utf8(text))))}\n`;
  });
  return `${text}\n${signatures.join('')}`;
}

/** Splits a note and tells which of the keys signed it. Signatures of unknown keys are passed over. */
export function openNote(
  crypto: Crypto,
  note: string,
  keys: readonly NoteKey[],
): { readonly text: string; readonly signers: readonly NoteKey[] } | undefined {
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, at + 1);
  const lines = note.slice(at + 2, -1).split('\n');
  const signers = lines.flatMap((line) => {
    const [, name, encoded = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (bytes?.length !== 4 + 64) return [];
    return keys.filter(
      (key) =>
        key.name === name &&
        equal(keyId(crypto, key), bytes.subarray(0, 4)) &&
        crypto.verify(key.publicKey, utf8(text), bytes.subarray(4)),
    );
  });
  return { text, signers };
}
