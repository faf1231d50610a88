import { basename } from 'node:path';
import { ruleCatalogue, type FindingView } from '@geneward/api';
import { render, type Finding } from '@geneward/metadata';
import { VirusProblem } from '@geneward/phylo';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';

/** Runs a work and says what is wrong with an input: code, reason, place and mend, in the language of the person. */
export async function saying<T>(output: Output, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VirusProblem)) throw error;
    const { message, mend, place } = viewOf(error.finding, output);
    const where = [place.file, place.line, place.alias].filter((part) => part !== undefined).join(', ');
    throw new Stop(
      exit.faults,
      `${message} [${error.code}]${where === '' ? '' : ` (${where})`}\n  ${mend}`,
      error.code,
    );
  }
}

/** Does a work on one file: what is wrong with it is told with its name. */
export async function inFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof VirusProblem ? error.within(basename(path)) : error;
  }
}

/** A finding with its texts. */
export function viewOf(finding: Finding, output: Output): FindingView {
  const { code, level, place, value, suggestion } = finding;
  return { code, level, place, value, suggestion, ...render(finding, output.language, ruleCatalogue) };
}
