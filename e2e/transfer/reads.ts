import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeStudy } from '../../scripts/study.ts';

/** A study of one sample whose two read files have about so many bytes each; they hold other reads for another name. */
export function writeLongStudy(folder: string, name: string, size: number): { files: readonly string[] } {
  const { files } = writeStudy(folder, { name, samples: 1, pairs: 20 });
  const sheet = join(folder, 'run.tsv');
  let runs = readFileSync(sheet, 'utf8');
  for (const [mate, file] of files.entries()) {
    const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
    const bytes = gzipSync(readsOf(name, mate + 1, size), { level: 0 });
    runs = runs.replace(md5(readFileSync(join(folder, file))), md5(bytes));
    writeFileSync(join(folder, file), bytes);
  }
  writeFileSync(sheet, runs);
  return { files };
}

function readsOf(name: string, mate: number, size: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  let state = Buffer.from(`${name}/${mate}`);
  for (let nth = 0; length < size; nth += 1) {
    state = createHash('sha256').update(state).digest();
    const bases = Array.from(Buffer.concat([state, state, state, state]), (byte) => 'ACGT'[byte % 4]).join('');
    const read = Buffer.from(`@${name}.${nth}/${mate}\n${bases}\n+\n${'I'.repeat(bases.length)}\n`);
    parts.push(read);
    length += read.length;
  }
  return Buffer.concat(parts);
}
