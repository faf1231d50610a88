import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack, plinkGenotypes, readBim, readFam, rowBytesOf, unpack } from '@geneward/mpc';
import { root } from '../process.ts';

type Files = Record<'bed' | 'bim' | 'fam', string | Uint8Array>;

/** A case-control cohort split over three institutions, as PLINK files. */
export async function threeInstitutions(): Promise<{ source: string; files: Files[] }> {
  const real = join(root, '..', 'shared', 'data', 'gwas');
  const [source, cohort] = existsSync(real)
    ? ['HapMap3: CHB as cases, JPT as controls', await hapmap(real)]
    : ['simulated: 600 individuals, 2,000 variants, one that matters', simulated()];
  return { source, files: [0, 1, 2].map((which) => part(cohort, which)) };
}

interface Cohort {
  readonly bim: string;
  readonly people: readonly string[];
  /** Copies by variant and individual; 3 = missing. */
  readonly copies: readonly Uint8Array[];
}

function part({ bim, people, copies }: Cohort, which: number): Files {
  const members = [...people.keys()].filter((i) => i % 3 === which);
  const rowBytes = rowBytesOf(members.length);
  const bed = new Uint8Array(3 + copies.length * rowBytes);
  bed.set([0x6c, 0x1b, 1]);
  for (const [at, row] of copies.entries())
    pack(
      Uint8Array.from(members, (i) => row[i] ?? 3),
      bed.subarray(3 + at * rowBytes, 3 + (at + 1) * rowBytes),
    );
  return { bed, bim, fam: members.map((i) => `${people[i] ?? ''}\n`).join('') };
}

async function hapmap(folder: string): Promise<Cohort> {
  const read = (name: string): Uint8Array => readFileSync(join(folder, name));
  const variants = await readBim(source(read('hapmap3_data.bim')));
  const samples = await readFam(source(read('hapmap3_data.fam')));
  const population = new Map(
    new TextDecoder()
      .decode(read('hapmap3_relationships_w_pops_121708.txt'))
      .split('\n')
      .map((line) => line.trim().split('\t'))
      .map((fields) => [fields[1] ?? '', fields[6] ?? '']),
  );
  const chosen = samples.flatMap(({ id }, at) => (['CHB', 'JPT'].includes(population.get(id) ?? '') ? [at] : []));
  const copies: Uint8Array[] = [];
  for await (const block of plinkGenotypes(() => source(read('hapmap3_data.bed')), variants, samples).blocks())
    for (const row of block.variants.keys()) {
      const whole = unpack(block.packed.subarray(row * block.rowBytes, (row + 1) * block.rowBytes), samples.length);
      copies.push(Uint8Array.from(chosen, (i) => whole[i] ?? 3));
    }
  const people = chosen.map((at) => {
    const { family = '', id = '' } = samples[at] ?? {};
    return `${family} ${id} 0 0 0 ${population.get(id) === 'CHB' ? 2 : 1}`;
  });
  return { bim: new TextDecoder().decode(read('hapmap3_data.bim')), people, copies };
}

/** Made up from a fixed seed: variants in Hardy-Weinberg proportions; carriers of the 1,000th are cases more often. */
function simulated(): Cohort {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const n = 600;
  const copies = Array.from({ length: 2000 }, () => {
    const share = 0.1 + 0.4 * random();
    return Uint8Array.from({ length: n }, () =>
      random() < 0.01 ? 3 : Number(random() < share) + Number(random() < share),
    );
  });
  const causal = copies[1000] ?? new Uint8Array(n);
  const people = Array.from({ length: n }, (_, i) => {
    const carried = causal[i] === 3 ? 0 : (causal[i] ?? 0);
    return `F${i} I${i} 0 0 0 ${random() < 0.25 + 0.25 * carried ? 2 : 1}`;
  });
  const bim = copies.map((_, at) => `${1 + Math.floor(at / 100)} sim${at} 0 ${1000 * (1 + (at % 100))} A C\n`).join('');
  return { bim, people, copies };
}

async function* source(bytes: Uint8Array) {
  yield bytes;
}
