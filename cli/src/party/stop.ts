import { InputProblem } from '@geneward/mpc';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';
import { PartyProblem } from './problem.ts';

/** Says a party's expected ends as the command line does: code, reason, place and mend. */
export async function asStop<T>(output: Output, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PartyProblem) throw new Stop(exit.refused, `${output.pick(error.text)} [${error.code}]`);
    if (error instanceof InputProblem) {
      const { file, line, field } = error.place;
      const where = [file, line, field].filter((part) => part !== undefined).join(':');
      throw new Stop(exit.faults, `${where}: ${output.pick(error.reason)} ${output.pick(error.mend)} [${error.code}]`);
    }
    throw error;
  }
}
