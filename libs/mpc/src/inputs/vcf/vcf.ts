import { pack, rowBytesOf, type GenotypeBlock, type Sample, type Variant } from '../genotypes.ts';
import { lines, type Bytes } from '../lines.ts';
import { chromosomeName } from '../plink/text.ts';
import { InputProblem } from '../problem.ts';

/** A reader of VCF or BCF, once its header is known. */
export interface CallReader {
  readonly samples: readonly Sample[];
  /** Biallelic records with a GT; the rest is counted in `skipped`. One pass only. */
  blocks(): AsyncIterable<GenotypeBlock>;
  /** Records left out so far, by reason. */
  readonly skipped: { multiallelic: number; symbolic: number; withoutGenotypes: number };
}

const perBlock = 512;

/**
 * Reads genotypes of a VCF (VCFv4.5 section 1.6.2), given its decompressed bytes. ALT is counted. A haploid call counts
 * as homozygous; a call of which a part is missing is missing. Throws InputProblem.
 */
export async function openVcf(source: Bytes, file = '.vcf'): Promise<CallReader> {
  const batches = lines(source, file)[Symbol.asyncIterator]();
  let number = 0;
  for (;;) {
    const next = await batches.next();
    if (next.done === true) throw new InputProblem('vcf-header', { file, line: number + 1 });
    for (const [at, line] of next.value.entries()) {
      number += 1;
      if (line.startsWith('##')) continue;
      const columns = line.split('\t');
      if (!line.startsWith('#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t'))
        throw new InputProblem('vcf-header', { file, line: number });
      const samples = samplesOf(columns.slice(9), { file, line: number });
      const skipped = { multiallelic: 0, symbolic: 0, withoutGenotypes: 0 };
      const rest = next.value.slice(at + 1);
      return {
        samples,
        skipped,
        blocks: () => blocksOf(rest, batches, { file, number, samples: samples.length, skipped }),
      };
    }
  }
}

/** Samples named in a header, each once. */
export function samplesOf(names: readonly string[], place: { file: string; line?: number }): Sample[] {
  if (names.length === 0) throw new InputProblem('no-samples', place);
  const seen = new Set<string>();
  return names.map((id) => {
    if (seen.has(id)) throw new InputProblem('sample-twice', place, { found: id });
    seen.add(id);
    return { family: id, id, sex: 'unknown', phenotype: Number.NaN };
  });
}

interface Reading {
  readonly file: string;
  readonly number: number;
  readonly samples: number;
  readonly skipped: CallReader['skipped'];
}

async function* blocksOf(
  first: string[],
  batches: AsyncIterator<string[]>,
  reading: Reading,
): AsyncGenerator<GenotypeBlock> {
  const collect = startBlocks(reading.samples);
  const counts = new Uint8Array(reading.samples);
  let number = reading.number;
  for (let batch: string[] | undefined = first; batch; batch = await nextOf(batches)) {
    for (const line of batch) {
      number += 1;
      if (line === '') continue;
      const variant = record(line, { file: reading.file, line: number }, counts, reading.skipped);
      const block = variant && collect.add(variant, counts);
      if (block) yield block;
    }
  }
  const last = collect.end();
  if (last) yield last;
}

async function nextOf(batches: AsyncIterator<string[]>): Promise<string[] | undefined> {
  const next = await batches.next();
  return next.done === true ? undefined : next.value;
}

/** Gathers rows into blocks. */
export function startBlocks(samples: number) {
  const rowBytes = rowBytesOf(samples);
  let variants: Variant[] = [];
  let packed = new Uint8Array(perBlock * rowBytes);
  const cut = (): GenotypeBlock => {
    const block = { variants, rowBytes, packed: packed.subarray(0, variants.length * rowBytes) };
    variants = [];
    packed = new Uint8Array(perBlock * rowBytes);
    return block;
  };
  return {
    add(variant: Variant, counts: Uint8Array): GenotypeBlock | undefined {
      pack(counts, packed.subarray(variants.length * rowBytes, (variants.length + 1) * rowBytes));
      return variants.push(variant) === perBlock ? cut() : undefined;
    },
    end: () => (variants.length > 0 ? cut() : undefined),
  };
}

function record(
  line: string,
  place: { file: string; line: number },
  counts: Uint8Array,
  skipped: CallReader['skipped'],
): Variant | undefined {
  const fields = line.split('\t');
  if (fields.length !== counts.length + 9)
    throw new InputProblem('columns', place, { found: fields.length, expected: counts.length + 9 });
  const [chromosome = '', position = '', id = '', reference = '', alternate = '', , , , format = ''] = fields;
  if (!/^\d{1,10}$/.test(position))
    throw new InputProblem('bad-position', { ...place, field: 'POS' }, { found: position });
  if (!usable(alternate.split(','), skipped)) return undefined;
  const at = format.split(':').indexOf('GT');
  if (at < 0) {
    skipped.withoutGenotypes += 1;
    return undefined;
  }
  for (let i = 0; i < counts.length; i += 1) {
    const call = fields[i + 9] ?? '';
    const text = (at === 0 ? call.split(':', 1)[0] : call.split(':')[at]) ?? '.';
    counts[i] = copiesOf(text, { ...place, field: `sample ${i + 1}` });
  }
  return {
    chromosome: chromosomeName(chromosome),
    id: id === '.' ? '' : id,
    position: Number(position),
    counted: alternate.toUpperCase(),
    other: reference.toUpperCase(),
  };
}

/** Whether a record has exactly one plain alternate allele. */
export function usable(alternates: readonly string[], skipped: CallReader['skipped']): boolean {
  if (alternates.length !== 1) skipped.multiallelic += 1;
  else if (!/^[ACGTNacgtn]+$/.test(alternates[0] ?? '')) skipped.symbolic += 1;
  else return true;
  return false;
}

const calls: Readonly<Record<string, number>> = {
  '0/0': 0,
  '0|0': 0,
  '0/1': 1,
  '0|1': 1,
  '1/0': 1,
  '1|0': 1,
  '1/1': 2,
  '1|1': 2,
  './.': 3,
  '.|.': 3,
  '.': 3,
  '0': 0,
  '1': 2,
};

function copiesOf(call: string, place: { file: string; line: number; field: string }): number {
  const known = calls[call];
  if (known !== undefined) return known;
  if (!/^[/|]?(\.|[01])([/|](\.|[01]))?$/.test(call)) throw new InputProblem('vcf-genotype', place, { found: call });
  return call.includes('.') ? 3 : copiesOf(call.slice(1), place);
}
