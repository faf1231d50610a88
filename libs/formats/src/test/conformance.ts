import type { CheckOptions, FileReport } from '../report.ts';
import type { Bytes } from '../bytes/reader.ts';
import { chunked } from './bytes.ts';
import { dataFile, dataFiles } from './shared-data.ts';

type Check = (source: Bytes, options?: CheckOptions) => Promise<FileReport>;

/** How a check judges a folder of files that must pass and one of files that must be refused. */
export async function conformance(folder: string, check: Check) {
  const judge = async (name: string) => ({ name, accepted: (await check(chunked(dataFile(name)))).accepted });
  const passed = await Promise.all(dataFiles(`${folder}/passed`).map(judge));
  const failed = await Promise.all(dataFiles(`${folder}/failed`).map(judge));
  return {
    wronglyRefused: passed.filter((file) => !file.accepted).map((file) => file.name),
    wronglyAccepted: failed.filter((file) => file.accepted).map((file) => file.name),
    refusedShare: failed.filter((file) => !file.accepted).length / failed.length,
  };
}

/** The codes that a check finds in a text. */
export const codesOf = async (check: Check, text: string | Uint8Array): Promise<string[]> =>
  Object.keys((await check(chunked(text))).counts);
