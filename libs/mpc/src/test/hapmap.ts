import { unpack, pack, rowBytesOf, type Genotypes, type Sample, type Variant } from '../inputs/genotypes.ts';
import { isAmbiguous, otherStrand } from '../inputs/harmonise.ts';
import { plinkGenotypes } from '../inputs/plink/bed.ts';
import { isAutosome, readBim, readFam } from '../inputs/plink/text.ts';
import { chunked } from './bytes.ts';
import { gwasFile } from './shared-data.ts';

/** HapMap3 CHB (cases) against JPT (controls): everybody's genotypes in memory. */
export interface Study {
  readonly variants: readonly Variant[];
  readonly samples: readonly Sample[];
  /** 1 for CHB, 0 for JPT. */
  readonly status: Float64Array;
  readonly genotypes: Genotypes;
  /** Copies by variant and individual; 3 = missing. */
  readonly copies: readonly Uint8Array[];
}

export async function readStudy(): Promise<Study> {
  const all = await readBim(chunked(gwasFile('hapmap3_data.bim')));
  const people = await readFam(chunked(gwasFile('hapmap3_data.fam')));
  const population = new Map(
    new TextDecoder()
      .decode(gwasFile('hapmap3_relationships_w_pops_121708.txt'))
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([, id = '', , , , , name = '']) => [id, name.trim()]),
  );
  const chosen = people.flatMap(({ id }, at) => (['CHB', 'JPT'].includes(population.get(id) ?? '') ? [at] : []));
  const variants: Variant[] = [];
  const copies: Uint8Array[] = [];
  const row = new Uint8Array(people.length);
  for await (const block of plinkGenotypes(() => chunked(gwasFile('hapmap3_data.bed')), all, people).blocks())
    for (const [at, variant] of block.variants.entries()) {
      // The reference has no strand question: what the alleles cannot tell is left to its own test.
      if (!isAutosome(variant.chromosome) || isAmbiguous(variant)) continue;
      unpack(block.packed.subarray(at * block.rowBytes, (at + 1) * block.rowBytes), people.length, row);
      variants.push(variant);
      copies.push(Uint8Array.from(chosen, (i) => row[i] as number));
    }
  const samples = chosen.map((at) => people[at] as Sample);
  return {
    variants,
    samples,
    copies,
    status: Float64Array.from(samples, ({ id }) => (population.get(id) === 'CHB' ? 1 : 0)),
    genotypes: inMemory(variants, samples, copies),
  };
}

/** Every third individual; the second institution counts the other allele, the third reports the other strand. */
export function institution(study: Study, which: 0 | 1 | 2) {
  const members = [...study.samples.keys()].filter((i) => i % 3 === which);
  const swap = which === 1;
  const variants = study.variants.map((variant): Variant => {
    if (which === 0) return variant;
    if (swap) return { ...variant, counted: variant.other, other: variant.counted };
    return { ...variant, counted: otherStrand(variant.counted) ?? '', other: otherStrand(variant.other) ?? '' };
  });
  const copies = study.copies.map((row) =>
    Uint8Array.from(members, (i) => (swap && row[i] !== 3 ? 2 - (row[i] as number) : (row[i] as number))),
  );
  return {
    members,
    genotypes: inMemory(
      variants,
      members.map((i) => study.samples[i] as Sample),
      copies,
    ),
    of: (values: Float64Array) => Float64Array.from(members, (i) => values[i] as number),
  };
}

/** Genotypes held in memory as a source in blocks. */
export function inMemory(
  variants: readonly Variant[],
  samples: readonly Sample[],
  copies: readonly ArrayLike<number>[],
): Genotypes {
  const rowBytes = rowBytesOf(samples.length);
  return {
    samples,
    async *blocks() {
      for (let from = 0; from < variants.length; from += 1000) {
        const part = variants.slice(from, from + 1000);
        const packed = new Uint8Array(part.length * rowBytes);
        for (const at of part.keys())
          pack(copies[from + at] ?? [], packed.subarray(at * rowBytes, (at + 1) * rowBytes));
        yield { variants: part, rowBytes, packed };
      }
    },
  };
}

/** The study as PLINK files. */
export function plinkFiles(study: Study, keep: (variant: number) => boolean = () => true) {
  const rowBytes = rowBytesOf(study.samples.length);
  const kept = [...study.variants.keys()].filter(keep);
  const bed = new Uint8Array(3 + kept.length * rowBytes);
  bed.set([0x6c, 0x1b, 1]);
  for (const [at, variant] of kept.entries())
    pack(study.copies[variant] ?? [], bed.subarray(3 + at * rowBytes, 3 + (at + 1) * rowBytes));
  const bim = kept
    .map((index) => study.variants[index] as Variant)
    .map(({ chromosome, id, position, counted, other }) => [chromosome, id, 0, position, counted, other].join('\t'));
  const fam = study.samples.map(({ family, id, sex }, i) =>
    [family, id, 0, 0, { male: 1, female: 2, unknown: 0 }[sex], (study.status[i] ?? 0) + 1].join(' '),
  );
  return { bed, bim: `${bim.join('\n')}\n`, fam: `${fam.join('\n')}\n` };
}
