import { InputProblem } from '../problem.ts';
import type { Variant } from '../genotypes.ts';
import { lines, type Bytes } from '../lines.ts';
import { chromosomeName } from '../plink/text.ts';

/** Effects that one institution has estimated by itself: one a variant, of allele A1; NaN where there is no estimate. */
export interface Effects {
  readonly variants: readonly Variant[];
  readonly beta: Float64Array;
  readonly error: Float64Array;
  /** Individuals behind them: the most of any variant. */
  readonly individuals: number;
}

const needed = ['CHR', 'BP', 'SNP', 'A1', 'A2', 'BETA', 'SE', 'N'] as const;

/** Reads a table of effects with the columns CHR, BP, SNP, A1, A2, BETA, SE and N, divided by tabs or blanks. Throws InputProblem. */
export async function readEffects(source: Bytes, file = 'effects.tsv'): Promise<Effects> {
  let at: number[] | undefined;
  const variants: Variant[] = [];
  const beta: number[] = [];
  const error: number[] = [];
  let individuals = 0;
  let number = 0;
  for await (const batch of lines(source, file, 1024 * 1024))
    for (const line of batch) {
      number += 1;
      const fields = line.trim().split(/[ \t]+/);
      if (fields[0] === '') continue;
      if (!at) {
        const names = fields.map((name) => name.replace(/^\uFEFF?#/, '').toUpperCase());
        at = needed.map((name) => {
          const found = names.indexOf(name);
          if (found < 0)
            throw new InputProblem('no-column', { file, line: 1 }, { found: name, expected: names.join(', ') });
          return found;
        });
        continue;
      }
      if (fields.length <= Math.max(...at))
        throw new InputProblem(
          'columns',
          { file, line: number },
          { found: fields.length, expected: Math.max(...at) + 1 },
        );
      const [chromosome = '', position = '', id = '', counted = '', other = '', ...values] = at.map(
        (k) => fields[k] ?? '',
      );
      if (!/^\d{1,10}$/.test(position))
        throw new InputProblem('bad-position', { file, line: number, field: 'BP' }, { found: position });
      const [b = Number.NaN, se = Number.NaN, n = Number.NaN] = values.map((text, k) =>
        numberOf(text, { file, line: number, field: needed[5 + k] ?? '' }),
      );
      variants.push({
        chromosome: chromosomeName(chromosome),
        id,
        position: Number(position),
        counted: counted.toUpperCase(),
        other: other.toUpperCase(),
      });
      const usable = Number.isFinite(b) && se > 0;
      beta.push(usable ? b : Number.NaN);
      error.push(usable ? se : Number.NaN);
      if (n > individuals) individuals = n;
    }
  if (!at) throw new InputProblem('no-column', { file, line: 1 }, { found: 'CHR', expected: '(none)' });
  return {
    variants,
    beta: Float64Array.from(beta),
    error: Float64Array.from(error),
    individuals: Math.floor(individuals),
  };
}

function numberOf(text: string, place: { file: string; line: number; field: string }): number {
  if (/^(NA|NaN|\.)$/i.test(text)) return Number.NaN;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InputProblem('not-a-number', place, { found: text });
  return value;
}
