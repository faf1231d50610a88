import { lines, type Bytes } from './lines.ts';
import { InputProblem } from './problem.ts';

/** Aligned genomes of one institution: all of one length. */
export interface Alignment {
  readonly names: readonly string[];
  readonly sequences: readonly string[];
}

/** Reads an aligned FASTA; a name is what stands before the first blank. Throws InputProblem where lengths differ. */
export async function readAlignment(source: Bytes, file = 'aligned.fasta'): Promise<Alignment> {
  const names: string[] = [];
  const parts: string[][] = [];
  let number = 0;
  for await (const batch of lines(source, file))
    for (const line of batch) {
      number += 1;
      if (line.startsWith('>')) {
        names.push(line.slice(1).trim().split(/\s/)[0] ?? '');
        parts.push([]);
      } else if (line.trim() !== '') {
        if (parts.length === 0)
          throw new InputProblem('no-sequence', { file, line: number }, { found: line.slice(0, 20) });
        parts.at(-1)?.push(line.trim());
      }
    }
  const sequences = parts.map((pieces) => pieces.join(''));
  const [first] = sequences;
  if (first === undefined || first === '') throw new InputProblem('no-sequence', { file }, { found: '(none)' });
  const other = sequences.findIndex(({ length }) => length !== first.length);
  if (other >= 0)
    throw new InputProblem(
      'not-aligned',
      { file, field: names[other] ?? '' },
      { found: sequences[other]?.length ?? 0, expected: first.length },
    );
  return { names, sequences };
}
