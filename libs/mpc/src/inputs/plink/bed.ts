import { rowBytesOf, type GenotypeBlock, type Genotypes, type Sample, type Variant } from '../genotypes.ts';
import type { Bytes } from '../lines.ts';
import { InputProblem } from '../problem.ts';

/** Bytes of genotypes in one block at most. */
const blockBytes = 1024 * 1024;

/** The genotypes of a .bed with its .bim and .fam; `open` gives the bytes from the start, once for each pass. */
export const plinkGenotypes = (
  open: () => Bytes,
  variants: readonly Variant[],
  samples: readonly Sample[],
  file = '.bed',
): Genotypes => ({ samples, blocks: () => readBed(open(), variants, samples.length, file) });

/**
 * Reads a variant-major .bed in blocks of whole variants, at most about 1 MiB each (PLINK 1.9 formats, .bed). The memory
 * of a block belongs to who receives it. Throws InputProblem when the length does not fit .bim and .fam.
 */
async function* readBed(
  source: Bytes,
  variants: readonly Variant[],
  samples: number,
  file: string,
): AsyncGenerator<GenotypeBlock> {
  const rowBytes = rowBytesOf(samples);
  const perBlock = Math.max(1, Math.floor(blockBytes / rowBytes));
  const magic: number[] = [];
  let done = 0;
  let packed = new Uint8Array(0);
  let filled = 0;
  const expect = { expected: variants.length, samples };
  const start = () => {
    packed = new Uint8Array(Math.min(perBlock, variants.length - done) * rowBytes);
    filled = 0;
  };
  start();
  for await (const chunk of source) {
    let at = 0;
    while (magic.length < 3 && at < chunk.length) magic.push(chunk[at++] as number);
    if (magic.length === 3) checkMagic(magic, file);
    while (at < chunk.length) {
      if (packed.length === 0) throw new InputProblem('bed-excess', { file }, expect);
      const taken = chunk.subarray(at, at + packed.length - filled);
      packed.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < packed.length) continue;
      const count = packed.length / rowBytes;
      const block = { variants: variants.slice(done, done + count), rowBytes, packed };
      done += count;
      start();
      yield block;
    }
  }
  if (magic.length < 3) checkMagic(magic, file);
  if (done < variants.length)
    throw new InputProblem('bed-size', { file }, { ...expect, found: done + Math.floor(filled / rowBytes) });
}

function checkMagic(magic: readonly number[], file: string): void {
  if (magic[0] !== 0x6c || magic[1] !== 0x1b || magic[2] !== 1)
    throw new InputProblem(
      'bed-magic',
      { file },
      { found: magic.map((byte) => byte.toString(16).padStart(2, '0')).join(' ') || '(none)' },
    );
}
