import { dictionary } from '@zxcvbn-ts/language-common';
import { z } from 'zod';
import profiles from './password-profiles.json' with { type: 'json' };

const lockOut = z.strictObject({
  /** Failures in a row from which on the subject is locked. */
  failures: z.int().min(1).max(100),
  firstSeconds: z.int().min(1),
  longestSeconds: z.int().min(1),
  /** After so long without an attempt the count begins anew. */
  forgetHours: z.int().min(1),
});
/** How long attempts are refused: the time doubles with each further failure. */
export type LockOut = z.infer<typeof lockOut>;

const rulesOf = z.strictObject({
  validFrom: z.iso.date(),
  source: z.array(z.string()).min(1),
  minLength: z.int().min(8),
  maxLength: z.int().min(64),
  /** Least number of kinds of characters: small letters, capitals, digits, others. */
  classes: z.int().min(0).max(4),
  maxAgeDays: z.int().min(1).nullable(),
  /** How many earlier passwords may not return. */
  history: z.int().min(0).max(24),
  accountLockOut: lockOut,
  addressLockOut: lockOut,
});
/** What an installation asks of passwords; lengths are Unicode characters after NFKC. */
export type PasswordRules = z.infer<typeof rulesOf>;
export type PasswordProfile = keyof typeof profiles;

const packs = z.record(z.enum(['asvs', 'mlps']), z.array(rulesOf).min(1)).parse(profiles);

/** The rules of a profile that are in force at a time. */
export function passwordRules(profile: PasswordProfile, at: Date): PasswordRules {
  const day = at.toISOString().slice(0, 10);
  const inForce = packs[profile].toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1));
  const rules = inForce.find((pack) => pack.validFrom <= day) ?? inForce.at(-1);
  if (!rules) throw new Error(`no password rules for ${profile}`);
  return rules;
}

export type PasswordFault =
  | { readonly code: 'password_too_short' | 'password_too_long' | 'password_classes'; readonly limit: number }
  | { readonly code: 'password_common' | 'password_context' };

/** The form in which passwords are compared and hashed (NIST SP 800-63B-4, 3.1.1.2). */
export const normalise = (password: string) => password.normalize('NFKC');

/**
 * The first fault of a new password, if it has one.
 * @param context words that say who this is and where: names, address, name of the installation
 */
export function faultOf(password: string, rules: PasswordRules, context: readonly string[]): PasswordFault | undefined {
  const text = normalise(password);
  const { length } = Array.from(text);
  if (length < rules.minLength) return { code: 'password_too_short', limit: rules.minLength };
  if (length > rules.maxLength) return { code: 'password_too_long', limit: rules.maxLength };
  if (kindsOf(text) < rules.classes) return { code: 'password_classes', limit: rules.classes };
  if (isCommon(text.toLowerCase())) return { code: 'password_common' };
  if (isContext(text.toLowerCase(), context)) return { code: 'password_context' };
  return undefined;
}

function kindsOf(text: string): number {
  return [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u].filter((kind) => kind.test(text)).length;
}

/** The 49,000 passwords that leaked most often. */
const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** A common password, one repeated, one with digits or signs behind it, or a run of neighbouring characters. */
function isCommon(text: string): boolean {
  const forms = [text, repeatedUnit(text), text.replace(/[^\p{L}]+$/u, '')];
  return forms.some((form) => common.has(form)) || new Set(text).size < 4 || isRun(text);
}

/** The shortest text of which the given one is a repetition. */
function repeatedUnit(text: string): string {
  const at = (text + text).indexOf(text, 1);
  return text.slice(0, at);
}

/** `abcdefg…`, `9876…`, `1234567890123…`. */
function isRun(text: string): boolean {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, at) => code - (codes[at] ?? 0));
  return [1, -1].some((step) => steps.every((found) => found === step || found === -9 * step));
}

/** Whether little is left when the words that anybody knows of this person are taken out. */
function isContext(text: string, context: readonly string[]): boolean {
  const words = context
    .flatMap((given) =>
      given
        .normalize('NFKC')
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u),
    )
    .filter((word) => word.length >= (/\p{Script=Han}/u.test(word) ? 2 : 4))
    .toSorted((a, b) => b.length - a.length);
  const left = words.reduce((rest, word) => rest.replaceAll(word, ''), text);
  return left !== text && Array.from(left).length < 8;
}
