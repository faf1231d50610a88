import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileName = '.geneward-submission.json';

/** Which submission of which installation a study folder went into. */
interface Memory {
  readonly server: string;
  readonly submission: string;
}

/** The submission that this folder was sent to before, so that sending it again goes on with it instead of opening another. */
export function rememberedSubmission(folder: string, server: string): string | undefined {
  try {
    const kept = JSON.parse(readFileSync(join(folder, fileName), 'utf8')) as Memory;
    return kept.server === server ? kept.submission : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it beside the study; a folder that cannot be written to only loses the convenience. */
export function rememberSubmission(folder: string, memory: Memory): void {
  try {
    writeFileSync(join(folder, fileName), `${JSON.stringify(memory)}\n`);
  } catch {
    // Read-only media: `--into` goes on with the submission all the same.
  }
}
