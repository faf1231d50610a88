import { Crypt4ghProblem, type Crypt4ghCode } from '@geneward/crypt4gh';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';

/** The reference command line ends with 2 when a key file does not open, and with 1 for everything else. */
const keyCodes: ReadonlySet<Crypt4ghCode> = new Set([
  'key_format',
  'key_unsupported',
  'key_too_costly',
  'passphrase_needed',
  'passphrase_wrong',
]);

/** Runs a work and says what is wrong with a file or key in the language of the person, with the mend. */
export async function saying<T>(output: Output, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Crypt4ghProblem)) throw error;
    const told = `${output.pick(error.text)} [${error.code}]\n  ${output.pick(error.mend)}`;
    throw new Stop(keyCodes.has(error.code) ? exit.usage : exit.faults, told, error.code);
  }
}
