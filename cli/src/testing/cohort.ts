/** A made-up cohort: copies of A1 by variant and individual, 3 = missing, and who is a case (2) or a control (1). */
export interface MadeCohort {
  readonly copies: readonly (readonly number[])[];
  readonly phenotypes: readonly number[];
}

/** Variants of many shapes: common, rare, without variation, all missing, missing in half, and every pattern of a small generator. */
export function madeCohort(variants: number, individuals: number, seed: number): MadeCohort {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const phenotypes = Array.from({ length: individuals }, (_, i) => (i % 7 === 6 ? -9 : 1 + (i % 2)));
  const copies = Array.from({ length: variants }, (_, at) => {
    const shape = at % 8;
    const frequency = shape === 0 ? 0 : shape === 1 ? 1 : shape === 2 ? 0.02 : 0.1 + 0.8 * next();
    return Array.from({ length: individuals }, (__, i) => {
      if (shape === 3 || next() < (shape === 4 ? 0.5 : 0.02)) return 3;
      const more = (phenotypes[i] === 2 ? 0.1 : 0) * (shape > 4 ? 1 : 0);
      return Number(next() < frequency + more) + Number(next() < frequency + more);
    });
  });
  return { copies, phenotypes };
}

const bits = [3, 2, 0, 1];

/** The cohort as PLINK files. */
export function plinkFiles({ copies, phenotypes }: MadeCohort, name: string) {
  const rowBytes = Math.ceil(phenotypes.length / 4);
  const bed = new Uint8Array(3 + copies.length * rowBytes);
  bed.set([0x6c, 0x1b, 1]);
  for (const [at, row] of copies.entries())
    for (const [i, value] of row.entries()) {
      const place = 3 + at * rowBytes + (i >> 2);
      bed[place] = (bed[place] ?? 0) | ((bits[value] ?? 0) << ((i & 3) << 1));
    }
  const bim = copies.map((_, at) => `1\tv${at}\t0\t${at + 1}\tA\tC\n`).join('');
  const fam = phenotypes.map((value, i) => `${name}${i} ${name}${i} 0 0 1 ${value}\n`).join('');
  return { bed, bim, fam };
}

/** Cohorts of different institutions as one. */
export const pooled = (cohorts: readonly MadeCohort[]): MadeCohort => ({
  phenotypes: cohorts.flatMap(({ phenotypes }) => phenotypes),
  copies: (cohorts[0]?.copies ?? []).map((_, at) => cohorts.flatMap(({ copies }) => copies[at] ?? [])),
});
