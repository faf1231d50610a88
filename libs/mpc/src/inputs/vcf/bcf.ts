import type { GenotypeBlock } from '../genotypes.ts';
import type { Bytes } from '../lines.ts';
import { chromosomeName } from '../plink/text.ts';
import { InputProblem } from '../problem.ts';
import { samplesOf, startBlocks, usable, type CallReader } from './vcf.ts';

/** Most bytes of a header and of a record. */
const limits = { header: 256 * 1024 * 1024, record: 256 * 1024 * 1024 } as const;

/** Reads genotypes of a BCF2 (VCFv4.5 section 6), given its decompressed bytes; the same rules as for VCF. */
export async function openBcf(source: Bytes, file = '.bcf'): Promise<CallReader> {
  const bytes = pieces(source);
  const start = await bytes.take(9);
  const magic = [...start.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  if (start.length < 9 || !magic.startsWith('42 43 46 02'))
    throw new InputProblem('bcf-magic', { file }, { found: magic });
  const length = view(start).getUint32(5, true);
  if (length > limits.header) throw new InputProblem('line-too-long', { file }, { expected: limits.header });
  const header = headerOf(new TextDecoder().decode(await bytes.take(length)).replace(/\0+$/, ''), file);
  const skipped = { multiallelic: 0, symbolic: 0, withoutGenotypes: 0 };
  return { samples: header.samples, skipped, blocks: () => blocksOf(bytes, header, skipped, file) };
}

type Header = ReturnType<typeof headerOf>;

/** Contig names and the number of GT in the dictionary of strings (section 6.2.1: PASS is 0, IDX= overrides). */
function headerOf(text: string, file: string) {
  const contigs: string[] = [];
  const strings = new Map<string, number>([['PASS', 0]]);
  let nextString = 1;
  let columns: string[] | undefined;
  for (const line of text.split('\n')) {
    const [, kind, body = ''] = /^##(contig|INFO|FILTER|FORMAT)=<(.*)>\s*$/.exec(line) ?? [];
    const id = /(?:^|,)ID=([^,>]+)/.exec(body)?.[1];
    const index = /(?:^|,)IDX=(\d+)/.exec(body)?.[1];
    if (kind === 'contig' && id !== undefined) contigs[index === undefined ? contigs.length : Number(index)] = id;
    else if (kind !== undefined && id !== undefined && !strings.has(id)) {
      const at = index === undefined ? nextString : Number(index);
      strings.set(id, at);
      nextString = Math.max(nextString, at + 1);
    }
    if (line.startsWith('#CHROM')) columns = line.split('\t').slice(9);
  }
  if (!columns) throw new InputProblem('vcf-header', { file });
  return { contigs, genotype: strings.get('GT'), samples: samplesOf(columns, { file }) };
}

async function* blocksOf(
  bytes: ReturnType<typeof pieces>,
  header: Header,
  skipped: CallReader['skipped'],
  file: string,
): AsyncGenerator<GenotypeBlock> {
  const collect = startBlocks(header.samples.length);
  const counts = new Uint8Array(header.samples.length);
  for (let number = 1; ; number += 1) {
    const lengths = await bytes.take(8);
    if (lengths.length === 0) break;
    const place = { file, line: number };
    if (lengths.length < 8) throw new InputProblem('bcf-damaged', place, { found: 'lengths' });
    const shared = view(lengths).getUint32(0, true);
    const individual = view(lengths).getUint32(4, true);
    if (shared < 24 || shared + individual > limits.record)
      throw new InputProblem('bcf-damaged', place, { found: `${shared}, ${individual}` });
    const record = await bytes.take(shared + individual);
    if (record.length < shared + individual) throw new InputProblem('bcf-damaged', place, { found: 'end of file' });
    let variant: ReturnType<typeof recordOf>;
    try {
      variant = recordOf(record, shared, header, counts, skipped);
    } catch (error) {
      if (error instanceof RangeError) throw new InputProblem('bcf-damaged', place, { found: error.message });
      throw error;
    }
    const block = variant && collect.add(variant, counts);
    if (block) yield block;
  }
  const last = collect.end();
  if (last) yield last;
}

/** One record (section 6.3.1, table of the fixed fields; 6.3.3 for genotypes). RangeError where lengths contradict. */
function recordOf(
  record: Uint8Array,
  shared: number,
  header: Header,
  counts: Uint8Array,
  skipped: CallReader['skipped'],
) {
  const data = view(record);
  const chromosome = header.contigs[data.getInt32(0, true)];
  if (chromosome === undefined) throw new RangeError('contig');
  const alleleCount = data.getUint32(16, true) >>> 16;
  const formats = data.getUint32(20, true);
  if ((formats & 0xffffff) !== counts.length) throw new RangeError('samples');
  const cursor = { at: 24 };
  const id = text(record, data, cursor);
  const alleles = Array.from({ length: alleleCount }, () => text(record, data, cursor));
  if (!usable(alleles.slice(1), skipped)) return undefined;
  if (!genotypes(record, data, shared, { count: formats >>> 24, key: header.genotype }, counts)) {
    skipped.withoutGenotypes += 1;
    return undefined;
  }
  const [other = '', counted = ''] = alleles;
  return {
    chromosome: chromosomeName(chromosome),
    id: id === '.' ? '' : id,
    position: data.getInt32(4, true) + 1,
    counted: counted.toUpperCase(),
    other: other.toUpperCase(),
  };
}

function genotypes(
  record: Uint8Array,
  data: DataView,
  shared: number,
  format: { count: number; key: number | undefined },
  counts: Uint8Array,
): boolean {
  const cursor = { at: shared };
  for (let i = 0; i < format.count; i += 1) {
    const key = integer(data, cursor);
    const { type, length } = typed(data, cursor);
    const width = widths[type] ?? 0;
    if (cursor.at + width * length * counts.length > record.length) throw new RangeError('FORMAT');
    if (key === format.key && type <= 3 && length > 0) {
      for (let s = 0; s < counts.length; s += 1) counts[s] = copies(data, cursor.at + s * width * length, type, length);
      return true;
    }
    cursor.at += width * length * counts.length;
  }
  return false;
}

/** (allele + 1) << 1 | phased; the least value of the type ends a shorter vector. */
function copies(data: DataView, at: number, type: number, length: number): number {
  let sum = 0;
  let called = 0;
  for (let i = 0; i < length; i += 1) {
    const value = signed(data, at + i * (widths[type] ?? 1), type);
    if (value < 0) break;
    const allele = (value >> 1) - 1;
    if (allele < 0) return 3;
    if (allele > 1 || i > 1) throw new RangeError('GT');
    sum += allele;
    called += 1;
  }
  return called === 0 ? 3 : called === 1 ? 2 * sum : sum;
}

/** Bytes of a value by type: 1 int8, 2 int16, 3 int32, 5 float, 7 character (table of section 6.3.3). */
const widths: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 4, 5: 4, 7: 1 };

function signed(data: DataView, at: number, type: number): number {
  if (type === 1) return data.getInt8(at);
  return type === 2 ? data.getInt16(at, true) : data.getInt32(at, true);
}

function typed(data: DataView, cursor: { at: number }): { type: number; length: number } {
  const byte = data.getUint8(cursor.at);
  cursor.at += 1;
  const type = byte & 15;
  const length = byte >> 4 === 15 ? integer(data, cursor) : byte >> 4;
  if (type !== 0 && widths[type] === undefined) throw new RangeError('type');
  if (length < 0) throw new RangeError('length');
  return { type, length };
}

function integer(data: DataView, cursor: { at: number }): number {
  const type = data.getUint8(cursor.at) & 15;
  if (type < 1 || type > 3) throw new RangeError('integer');
  const value = signed(data, cursor.at + 1, type);
  cursor.at += 1 + (widths[type] ?? 1);
  return value;
}

function text(record: Uint8Array, data: DataView, cursor: { at: number }): string {
  const { type, length } = typed(data, cursor);
  if (type !== 7 && length > 0) throw new RangeError('text');
  const from = cursor.at;
  cursor.at += length;
  if (cursor.at > record.length) throw new RangeError('text');
  return length === 0 ? '.' : new TextDecoder().decode(record.subarray(from, cursor.at));
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Takes exact lengths from chunks of any size; fewer only at the end. */
function pieces(source: Bytes) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  return {
    async take(count: number): Promise<Uint8Array> {
      const parts: Uint8Array[] = [held];
      let length = held.length;
      while (length < count) {
        const next = await chunks.next();
        if (next.done === true) break;
        parts.push(next.value);
        length += next.value.length;
      }
      const whole = parts.length === 1 ? held : new Uint8Array(length);
      if (parts.length > 1) {
        let at = 0;
        for (const part of parts) {
          whole.set(part, at);
          at += part.length;
        }
      }
      held = whole.subarray(count);
      return whole.subarray(0, count);
    },
  };
}
