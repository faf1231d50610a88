import { hash, parseOptions, verify } from '@node-rs/argon2';
import { normalise } from './password-rules.ts';

/**
 * OWASP Password Storage Cheat Sheet: Argon2id (number 2 of the library's list) with 19 MiB, two passes, one lane. Changing them
 * rehashes at the next sign-in.
 */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(normalise(password), parameters);
}

let nobody: Promise<string> | undefined;

/** Whether the password is that of `stored`. Without a stored hash it takes the same time and says no. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password');
  const matches = await verify(stored ?? (await nobody), normalise(password));
  return stored ? matches : false;
}

/** Whether a hash was made with other parameters than the present ones. */
export function isOutdated(stored: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(stored);
  return (
    memoryCost !== parameters.memoryCost || timeCost !== parameters.timeCost || parallelism !== parameters.parallelism
  );
}
