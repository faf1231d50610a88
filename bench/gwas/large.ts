import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { approveAt, commitFiles, consortium, specification } from '../../cli/src/testing/consortium.ts';
import { runProgram } from '../../cli/src/testing/run.ts';

const usage = fileURLToPath(new URL('usage.ts', import.meta.url));
const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

/** A run of `geneward party run`, from the start of the processes to their end, and the most that one of three used. */
export interface Large {
  readonly seconds: number;
  readonly processor: number;
  /** MiB. */
  readonly most: number;
}

/** An association with malicious security from PLINK files of three institutions. */
export async function largeStudy(variants: number, individuals: number): Promise<Large> {
  const places = await consortium(['alpha', 'beta', 'gamma']);
  const commitments: string[] = [];
  const bim = Array.from({ length: variants }, (_, at) => `${1 + (at % 22)}\tv${at}\t0\t${at + 1}\tA\tC\n`).join('');
  for (const place of places) {
    const fam = Array.from({ length: individuals }, (_, i) => `${place.name}${i} i${i} 0 0 1 ${1 + (i % 2)}\n`).join(
      '',
    );
    commitments.push(await commitFiles(place, { bed: randomBed(variants, individuals), bim, fam }));
  }
  const job = specification(
    places,
    commitments,
    { kind: 'association', status: 'fam', release: 'statistic' },
    { security: 'malicious' },
  );
  for (const place of places) approveAt(place, job);
  const began = performance.now();
  const told = await Promise.all(
    places.map(async ({ folder, policy }) => {
      const run = ['party', 'run', join(folder, 'job.json'), '--policy', policy, '--out', join(folder, 'out')];
      const { code, err } = await runProgram(process.execPath, ['--import', usage, main, '--json', ...run]);
      if (code !== 0) throw new Error(err);
      return JSON.parse(/^USAGE (.*)$/m.exec(err)?.[1] ?? '{}') as Large;
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const top = (of: (one: Large) => number) => Math.max(...told.map(of));
  return { seconds, processor: top(({ processor }) => processor), most: top(({ most }) => most) };
}

/** Genotypes without missing ones: the low bit of a pair is set only where the high one is. */
function randomBed(variants: number, individuals: number): Uint8Array {
  const bed = randomBytes(3 + variants * Math.ceil(individuals / 4));
  for (let at = 3; at < bed.length; at += 1) {
    const byte = bed[at] as number;
    bed[at] = (byte & 0xaa) | (((byte & 0xaa) >> 1) & byte);
  }
  bed.set([0x6c, 0x1b, 1]);
  return bed;
}
