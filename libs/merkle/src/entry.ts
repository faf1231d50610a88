import { concat, equal, fromBase64, parseDecimal, toBase64, utf8 } from './bytes.ts';
import { LogError } from './error.ts';
import { hashLength, type Sha256 } from './hash.ts';

/** What the log holds of an act: enough to count and order acts, nothing that says who did what to whom. */
export interface ActEntry {
  /** Part of the platform that acted. */
  readonly module: string;
  /** Counts the acts of a module from 1, without gaps. */
  readonly sequence: bigint;
  /** Number of the act in the audit trail. Entries of the first form have none. */
  readonly act?: bigint;
  /** `module.past_participle` */
  readonly type: string;
  /** UTC with milliseconds, as `Date.toISOString` writes it. */
  readonly time: string;
  /** SHA-256 over the salt and the statement: over what is signed of it; in the first form, over its whole envelope. */
  readonly commitment: Uint8Array;
}

const header = 'geneward-act';
const entryBytesLimit = 1000;
const form =
  /^geneward-act\/[12]\n([a-z_]{1,40}) (\d+)(?: (\d+))?\n([a-z_]{1,40}\.[a-z_]{1,80})\n(\S{24})\n(\S{44})\n$/;

/** Random bytes before a statement, so that nobody can guess a statement and try whether it fits. */
export const saltLength = 32;

/** Five lines: form; module, count and number; type; time; commitment. */
export const formatActEntry = ({ module, sequence, act, type, time, commitment }: ActEntry): Uint8Array =>
  utf8(
    `${header}/${act === undefined ? `1\n${module} ${sequence}` : `2\n${module} ${sequence} ${act}`}\n${type}\n${time}\n${toBase64(commitment)}\n`,
  );

/** Reads an entry, in its one form. @throws LogError `entry_malformed` */
export function parseActEntry(bytes: Uint8Array): ActEntry {
  const text = bytes.length > entryBytesLimit ? '' : new TextDecoder().decode(bytes);
  const [, module = '', sequence = '', act, type = '', time = '', commitment = ''] = form.exec(text) ?? [];
  try {
    const entry = {
      module,
      sequence: parseDecimal(sequence),
      ...(act !== undefined && { act: parseDecimal(act) }),
      type,
      time,
      commitment: fromBase64(commitment),
    };
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
 * @param signed what is signed of it (`signedStatement`); in the first form of entries, the envelope byte for byte
 */
export function commit(hash: Sha256, salt: Uint8Array, signed: Uint8Array): Uint8Array {
  if (salt.length !== saltLength) throw new LogError('commitment_wrong', `a salt has ${saltLength} bytes`);
  return hash(concat(salt, signed));
}
