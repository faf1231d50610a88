import { fromIntegers, toIntegers, type Sum } from '../analyses/sum.ts';
import type { SecureSum } from './secure-sum.ts';

/** The secure addition in the shape that the analyses ask for. */
export const analysisSum =
  (sum: SecureSum): Sum =>
  async (phase, values, bits) =>
    fromIntegers(await sum.addIntegers(phase, toIntegers(values, bits)), bits);
