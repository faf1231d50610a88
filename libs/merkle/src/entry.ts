import { equal, fromBase64, parseDecimal, toBase64, utf8 } from './bytes.ts';
import { LogError } from './error.ts';
import { hashLength, type Sha256 } from './hash.ts';

/** What the log holds of an act: enough to count and order acts, nothing that says who did what to whom. */
export interface ActEntry {
  /** Part of the platform that acted. */
  readonly module: string;
  /** Counts the acts of a module from 1, without gaps. */
  readonly sequence: bigint;
  /** `module.past_participle` */
  readonly type: string;
  /** UTC with milliseconds, as `Date.toISOString` writes it. */
  readonly time: string;
  /** SHA-256 over the salt and the statement. */
  readonly commitment: Uint8Array;
}

const header = 'geneward-act/1';
const entryBytesLimit = 1000;
const form = /^geneward-act\/1\n([a-z_]{1,40}) ([1-9]\d*|0)\n([a-z_]{1,40}\.[a-z_]{1,80})\n(\S{24})\n(\S{44})\n$/;

/** Random bytes before a statement, so that nobody can guess a statement and try whether it fits. */
export const saltLength = 32;

/** Five lines: form, module and count, type, time, commitment. */
export const formatActEntry = ({ module, sequence, type, time, commitment }: ActEntry): Uint8Array =>
  utf8(`${header}\n${module} ${sequence}\n${type}\n${time}\n${toBase64(commitment)}\n`);

/** Reads an entry, in its one form. @throws LogError `entry_malformed` */
export function parseActEntry(bytes: Uint8Array): ActEntry {
  const text = bytes.length > entryBytesLimit ? '' : new TextDecoder().decode(bytes);
  const [, module = '', sequence = '', type = '', time = '', commitment = ''] = form.exec(text) ?? [];
  try {
    const entry = { module, sequence: parseDecimal(sequence), type, time, commitment: fromBase64(commitment) };
    const day = new Date(time);
    if (
      entry.commitment.length === hashLength &&
      !Number.isNaN(day.getTime()) &&
      day.toISOString() === time &&
      type.startsWith(`${module}.`) &&
      equal(formatActEntry(entry), bytes)
    )
      return entry;
  } catch {
    // Told below.
  }
  throw new LogError('entry_malformed', `not an entry of the form ${header}`);
}

/**
 * What stands for a statement in the log. Without the salt it says nothing about the statement; once salt and statement are
 * destroyed, nothing can be learnt from it any more.
 * @param salt 32 random bytes
 * @param envelope the DSSE envelope, byte for byte as it was made
 */
export function commit(hash: Sha256, salt: Uint8Array, envelope: Uint8Array): Uint8Array {
  if (salt.length !== saltLength) throw new LogError('commitment_wrong', `a salt has ${saltLength} bytes`);
  const bytes = new Uint8Array(saltLength + envelope.length);
  bytes.set(salt);
  bytes.set(envelope, saltLength);
  return hash(bytes);
}
