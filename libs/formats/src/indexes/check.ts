import type { Bytes, ByteReader } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { findingsFor, openAs, reportOf, type CheckOptions, type FileReport } from '../report.ts';
import { indexRules } from './rules.ts';

export interface IndexOptions extends CheckOptions {
  /** Bytes of the data file that the index belongs to: chunks must lie within it. */
  readonly dataSize?: number;
}

export interface IndexReport extends FileReport {
  readonly format: 'bai' | 'csi' | 'tabix';
  readonly statistics: { readonly references: number; readonly chunks: number };
}

/** Levels below the root and bits of the smallest bin: BAI and Tabix fix them (SAM section 5.1.1). */
interface Scheme {
  readonly depth: number;
  /** CSI bins carry an offset and there are no linear intervals. */
  readonly binOffsets: boolean;
}

const fixedScheme: Scheme = { depth: 5, binOffsets: false };
const limits = { references: 2 ** 24, chunks: 2 ** 28, intervals: 2 ** 17, aux: 2 ** 24, depth: 9 };

/** Bins of a scheme: (8^(depth+1) - 1) / 7; the one after the next holds metadata. */
const binsOf = ({ depth }: Scheme): number => (8 ** (depth + 1) - 1) / 7;

/** Ends the reading: what could not be read is already told. */
const broken = Symbol('broken');

/** A BAI file (SAM specification section 5.2). */
export const checkBai = (source: Bytes, options: IndexOptions = {}): Promise<IndexReport> =>
  checkIndex('bai', source, options, async (fields) => ({
    scheme: fixedScheme,
    references: await fields.references(),
  }));

/** A Tabix file (Tabix index file format). */
export const checkTabix = (source: Bytes, options: IndexOptions = {}): Promise<IndexReport> =>
  checkIndex('tabix', source, options, async (fields) => {
    const references = await fields.references();
    await tabixHeader(fields, await fields.bytes(28, 'header'), references);
    return { scheme: fixedScheme, references };
  });

/** A CSI file (CSI specification): its bins are of any depth, its auxiliary data may be a Tabix header. */
export const checkCsi = (source: Bytes, options: IndexOptions = {}): Promise<IndexReport> =>
  checkIndex('csi', source, options, async (fields) => {
    const shift = await fields.count('min_shift', 31);
    const depth = await fields.count('depth', limits.depth);
    if (shift + 3 * depth > 62) throw fields.refuse('header', { field: 'depth' });
    await fields.bytes(await fields.count('l_aux', limits.aux), 'aux');
    return { scheme: { depth, binOffsets: true }, references: await fields.references() };
  });

async function checkIndex(
  format: IndexReport['format'],
  source: Bytes,
  options: IndexOptions,
  header: (fields: IndexFields) => Promise<{ scheme: Scheme; references: number }>,
): Promise<IndexReport> {
  const findings = findingsFor(options);
  const { compression, content, state } = await openAs(source, [format], findings, options);
  const statistics = { references: 0, chunks: 0 };
  const fields = indexFields(content, findings, () => state.broken);
  try {
    if (!state.broken) {
      await fields.bytes(4, 'magic');
      const { scheme, references } = await header(fields);
      for (let reference = 0; reference < references; reference += 1) {
        statistics.chunks += await readReference(fields, scheme, reference, options.dataSize ?? Infinity, findings);
        statistics.references += 1;
      }
      await readEnd(content, fields);
    }
  } catch (error) {
    if (error !== broken) throw error;
  }
  await content.close();
  return { ...reportOf(format, compression, findings), format, statistics };
}

/** Bins with their chunks, then the linear index; answers how many chunks there were. */
async function readReference(
  fields: IndexFields,
  scheme: Scheme,
  reference: number,
  dataSize: number,
  findings: Findings,
): Promise<number> {
  const most = binsOf(scheme);
  const metadataBin = most + 1;
  const seen = new Set<number>();
  let chunks = 0;
  for (let bins = await fields.count('n_bin', most + 1); bins > 0; bins -= 1) {
    const head = await fields.bytes(scheme.binOffsets ? 16 : 8, 'bin');
    const bin = head.getUint32(0, true);
    const wrong = (reason: string) =>
      findings.add(indexRules.bin, fields.place(), undefined, { bin, reference, reason });
    if (bin >= most && bin !== metadataBin) wrong(`< ${most}`);
    if (seen.has(bin)) wrong('twice');
    seen.add(bin);
    const count = head.getInt32(head.byteLength - 4, true);
    if (count < 0 || count > limits.chunks)
      throw fields.refuse('count', { field: 'n_chunk', actual: count, limit: limits.chunks });
    if (bin === metadataBin && count !== 2) wrong('n_chunk != 2');
    for (let index = 0; index < count; index += 1) {
      const chunk = await fields.bytes(16, 'chunk');
      // The second chunk of the metadata bin holds numbers of reads, not places.
      if (bin === metadataBin && index === 1) continue;
      const [from, to] = [chunk.getBigUint64(0, true), chunk.getBigUint64(8, true)];
      chunks += bin === metadataBin ? 0 : 1;
      if (from > to || Number(to >> 16n) > dataSize)
        findings.add(indexRules.chunk, fields.place(), undefined, {
          bin,
          reference,
          from: place(from),
          to: place(to),
        });
    }
  }
  if (!scheme.binOffsets)
    for (let left = await fields.count('n_intv', limits.intervals); left > 0; left -= 1)
      await fields.bytes(8, 'interval');
  return chunks;
}

/** A virtual offset: of the block in the file, and within the block. */
const place = (offset: bigint): string => `${offset >> 16n}:${offset & 0xffffn}`;

/** The number of reads without a place may follow, nothing else. */
async function readEnd(content: ByteReader, fields: IndexFields): Promise<void> {
  const rest = (await content.take(9)).length;
  if (rest === 0 || rest === 8) return;
  if (rest < 8) throw fields.refuse('truncated', { field: 'n_no_coor' });
  let actual = rest - 8;
  for (let more = await content.read(); more !== undefined; more = await content.read()) actual += more.length;
  throw fields.refuse('trailing', { actual });
}

/** Format, columns, comment character, lines to skip, and the names. */
async function tabixHeader(fields: IndexFields, header: DataView, references: number): Promise<void> {
  const field = (index: number) => header.getInt32(4 * index, true);
  const known = (field(0) & 0xffff) <= 2 && field(0) >= 0 && field(0) <= 0x1ffff;
  if (!known) throw fields.refuse('header', { field: 'format' });
  if (field(1) < 1) throw fields.refuse('header', { field: 'col_seq' });
  if (field(2) < 1) throw fields.refuse('header', { field: 'col_beg' });
  if (field(3) < 0) throw fields.refuse('header', { field: 'col_end' });
  if (field(5) < 0) throw fields.refuse('header', { field: 'skip' });
  const length = field(6);
  if (length < 0 || length > limits.aux) throw fields.refuse('header', { field: 'l_nm' });
  const names = await fields.bytes(length, 'names');
  let ended = 0;
  for (let at = 0; at < length; at += 1) if (names.getUint8(at) === 0) ended += 1;
  const whole = length === 0 || names.getUint8(length - 1) === 0;
  if (!whole || ended !== references) throw fields.refuse('header', { field: 'names' });
}

interface IndexFields {
  bytes(length: number, field: string): Promise<DataView>;
  count(field: string, limit: number): Promise<number>;
  references(): Promise<number>;
  place(): { offset: number };
  /** Tells what is wrong and gives what ends the reading. */
  refuse(rule: keyof typeof indexRules, params: Record<string, string | number>): symbol;
}

function indexFields(content: ByteReader, findings: Findings, layerBroke: () => boolean): IndexFields {
  const place = () => ({ offset: content.offset });
  const refuse: IndexFields['refuse'] = (rule, params) => {
    // A layer that broke has told so itself.
    if (!layerBroke()) findings.add(indexRules[rule], place(), undefined, params);
    return broken;
  };
  const bytes: IndexFields['bytes'] = async (length, field) => {
    const taken = content.takeNow(length) ?? (await content.take(length));
    if (taken.length < length) throw refuse('truncated', { field });
    return new DataView(taken.buffer, taken.byteOffset, length);
  };
  const count: IndexFields['count'] = async (field, limit) => {
    const actual = (await bytes(4, field)).getInt32(0, true);
    if (actual < 0 || actual > limit) throw refuse('count', { field, actual, limit });
    return actual;
  };
  return { bytes, count, references: () => count('n_ref', limits.references), place, refuse };
}
