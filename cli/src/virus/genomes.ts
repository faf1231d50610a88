import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { readFasta, VirusProblem, type Genome } from '@geneward/phylo';
import type { Finding } from '@geneward/metadata';
import type { Progress } from '../progress.ts';
import { openBytes } from './files.ts';
import { inFile } from './saying.ts';

interface FilesRead {
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  /** Files of several that are no FASTA. */
  readonly faults: readonly Finding[];
}

/** Hands over the genomes of several files, one file after another. Of several, one that is no FASTA is told and the others go on; a single one is refused. */
export async function eachFile(
  paths: readonly string[],
  progress: Progress,
  tell: (genomes: AsyncIterable<Genome>, file: string) => Promise<void>,
): Promise<FilesRead> {
  const inputs: { name: string; sha256: string }[] = [];
  const faults: Finding[] = [];
  for (const path of paths) {
    const { bytes, hash } = openBytes(path, progress);
    const name = basename(path);
    try {
      await inFile(path, () => tell(readFasta(bytes), name));
      inputs.push({ name, sha256: hash() });
    } catch (error) {
      if (!(error instanceof VirusProblem) || paths.length === 1) throw error;
      faults.push(error.finding);
      inputs.push({ name, sha256: await hashOf(path) });
    }
  }
  return { inputs, faults };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}
