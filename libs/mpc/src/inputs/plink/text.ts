import type { Sample, Variant } from '../genotypes.ts';
import { lines, type Bytes } from '../lines.ts';
import { InputProblem } from '../problem.ts';

/** Most variants and samples of a file: what its lists may hold in memory. */
export const plinkLimits = { variants: 20_000_000, samples: 2_000_000 } as const;

/** Reads a .bim: chromosome, identifier, centimorgans, position, A1, A2 (PLINK 1.9 formats). Throws InputProblem. */
export async function readBim(source: Bytes, file = '.bim'): Promise<Variant[]> {
  const variants: Variant[] = [];
  for await (const { fields, number } of rows(source, file, 6)) {
    const [chromosome = '', id = '', , position = '', counted = '', other = ''] = fields;
    if (!/^\d{1,10}$/.test(position))
      throw new InputProblem('bad-position', { file, line: number, field: 'position' }, { found: position });
    if (variants.length === plinkLimits.variants)
      throw new InputProblem('too-many', { file }, { expected: plinkLimits.variants, found: 'variants' });
    variants.push({
      chromosome: chromosomeName(chromosome),
      id,
      position: Number(position),
      counted: counted.toUpperCase(),
      other: other.toUpperCase(),
    });
  }
  return variants;
}

/** Reads a .fam: family, individual, father, mother, sex, phenotype; -9 and what is no number are missing. */
export async function readFam(source: Bytes, file = '.fam'): Promise<Sample[]> {
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for await (const { fields, number } of rows(source, file, 6)) {
    const [family = '', id = '', , , sex, phenotype = ''] = fields;
    const key = `${family}\t${id}`;
    if (seen.has(key)) throw new InputProblem('sample-twice', { file, line: number }, { found: `${family} ${id}` });
    if (samples.length === plinkLimits.samples)
      throw new InputProblem('too-many', { file }, { expected: plinkLimits.samples, found: 'samples' });
    seen.add(key);
    const value = phenotype === '-9' ? Number.NaN : Number(phenotype);
    samples.push({
      family,
      id,
      sex: sex === '1' ? 'male' : sex === '2' ? 'female' : 'unknown',
      phenotype: value,
    });
  }
  if (samples.length === 0) throw new InputProblem('no-samples', { file });
  return samples;
}

/** One name for each chromosome: without chr, and PLINK's numbers 23 to 26 as letters. */
export function chromosomeName(name: string): string {
  const bare = name.replace(/^chr/i, '').toUpperCase();
  return { '23': 'X', '24': 'Y', '25': 'XY', '26': 'MT', M: 'MT' }[bare] ?? bare;
}

/** Autosomes carry two copies in everybody; the analyses here are for them. */
export const isAutosome = (chromosome: string): boolean => /^([1-9]|1\d|2[0-2])$/.test(chromosome);

async function* rows(source: Bytes, file: string, expected: number) {
  let number = 0;
  for await (const batch of lines(source, file, 1024 * 1024))
    for (const line of batch) {
      number += 1;
      const fields = line.trim().split(/[ \t]+/);
      if (fields[0] === '') continue;
      if (fields.length < expected)
        throw new InputProblem('columns', { file, line: number }, { found: fields.length, expected });
      yield { fields, number };
    }
}
