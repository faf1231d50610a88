import { concat, fromBase64, toBase64, utf8 } from './bytes.ts';
import { LogError } from './error.ts';
import { isKeyName, type Signer, type Verifier } from './key.ts';

/** Limits on what a stranger may make us read: bytes of a note, and signatures on it. */
export const noteLimit = 1_000_000;
export const signatureLimit = 100;

/** One signature line. */
export interface NoteSignature {
  readonly name: string;
  readonly id: number;
  readonly signature: Uint8Array;
  /** As it stands in the note, without its newline. */
  readonly line: string;
}

/** A note taken apart, not yet believed. */
export interface Note {
  /** What is signed, with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A line that a known key has signed. `time`: seconds since 1970, 0 when the line tells none. */
export interface Signed {
  readonly verifier: Verifier;
  readonly time: bigint;
  readonly line: string;
}

// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const control = /[\u0000-\u0009\u000b-\u001f]/;
const linePattern = /^\u2014 (\S+) (\S+)$/u;

/**
 * Takes a signed note apart (C2SP signed-note).
 * @throws LogError `note_malformed`, `note_too_large`, `base64`
 */
export function parseNote(note: string | Uint8Array): Note {
  const whole = typeof note === 'string' ? note : decode(note);
  if (whole.length > noteLimit) throw new LogError('note_too_large', `a note has at most ${noteLimit} bytes`);
  if (control.test(whole) || !whole.isWellFormed())
    throw new LogError('note_malformed', 'a note holds no control characters');
  const end = whole.lastIndexOf('\n\n');
  if (end < 0 || !whole.endsWith('\n')) throw new LogError('note_malformed', 'a note ends with signatures');
  const lines = whole.slice(end + 2, -1).split('\n');
  if (lines.length > signatureLimit)
    throw new LogError('note_too_large', `a note has at most ${signatureLimit} signatures`);
  return { text: whole.slice(0, end + 1), signatures: lines.map(parseSignatureLine) };
}

/** `— name base64(id, signature)` @throws LogError */
export function parseSignatureLine(line: string): NoteSignature {
  const [, name = '', encoded = ''] = linePattern.exec(line) ?? [];
  if (!isKeyName(name)) throw new LogError('note_malformed', 'a line behind the text is no signature');
  const bytes = fromBase64(encoded);
  if (bytes.length < 5) throw new LogError('note_malformed', 'a signature is too short');
  return { name, id: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), signature: bytes.slice(4), line };
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > noteLimit) throw new LogError('note_too_large', `a note has at most ${noteLimit} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new LogError('note_malformed', 'a note is UTF-8');
  }
}

/**
 * Finds the lines that known keys have signed. Lines of unknown keys mean nothing; a wrong line of a known key condemns the
 * whole note.
 * @throws LogError `bad_signature`
 */
export function verifyNote(note: Note, verifiers: readonly Verifier[]): Signed[] {
  const signed: Signed[] = [];
  for (const { name, id, signature, line } of note.signatures) {
    const verifier = verifiers.find((one) => one.name === name && one.id === id);
    if (!verifier || signed.some((one) => one.line === line)) continue;
    const time = verifier.verify(note.text, signature);
    if (time === undefined) throw new LogError('bad_signature', `the signature of ${name} is wrong`);
    signed.push({ verifier, time, line });
  }
  return signed;
}

/**
 * A note that at least one of these keys has signed.
 * @throws LogError `not_signed`, and as `parseNote` and `verifyNote`
 */
export function openNote(
  note: string | Uint8Array,
  verifiers: readonly Verifier[],
): Note & { readonly signed: readonly Signed[] } {
  const parsed = parseNote(note);
  const signed = verifyNote(parsed, verifiers);
  if (signed.length === 0) throw new LogError('not_signed', 'no known key has signed the note');
  return { ...parsed, signed };
}

/** @param time seconds since 1970 */
export function signatureLine(text: string, signer: Signer, time: bigint): string {
  const id = new Uint8Array(4);
  new DataView(id.buffer).setUint32(0, signer.id);
  return `\u2014 ${signer.name} ${toBase64(concat(id, signer.sign(text, time)))}`;
}

/**
 * Signs a text.
 * @param time seconds since 1970
 * @throws LogError `note_malformed` when the text cannot be the text of a note
 */
export function signNote(text: string, signers: readonly Signer[], time: bigint = 0n): string {
  if (!text.endsWith('\n') || control.test(text) || utf8(text).length > noteLimit)
    throw new LogError('note_malformed', 'the text of a note ends with a newline and holds no control characters');
  return formatNote(
    text,
    signers.map((signer) => signatureLine(text, signer, time)),
  );
}

/** A text with signature lines, as `line` tells them. */
export const formatNote = (text: string, lines: readonly string[]): string => `${text}\n${lines.join('\n')}\n`;
