import { splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import { collectFindings } from '../findings.ts';
import { openAs } from '../report.ts';
import type { Inflate } from '../layers/inflate.ts';

/** Sequences that REF is held against. They answer at once: from memory, or from a file that can be read at any place. */
export interface Reference {
  /** Undefined for a name that is not in the reference. */
  lengthOf(contig: string): number | undefined;
  /** Bases [from, to) counted from 0, within the sequence, as they stand in the file. */
  bases(contig: string, from: number, to: number): string;
}

/** A reference that cannot be used, and why. */
export class ReferenceProblem extends Error {
  readonly reason: 'not_fasta' | 'too_large' | 'index_malformed' | 'index_differs';

  constructor(reason: ReferenceProblem['reason'], message: string) {
    super(message);
    this.name = 'ReferenceProblem';
    this.reason = reason;
  }
}

/** Bases that are held in memory unless told otherwise: no virus, bacterium or fungus has more. */
export const heldBases = 256 * 1024 * 1024;

/** Reads a FASTA file (plain or compressed) into memory. Throws {@link ReferenceProblem}. */
export async function heldReference(
  source: Bytes,
  options: { readonly inflate?: Inflate; readonly most?: number } = {},
): Promise<Reference> {
  const { most = heldBases } = options;
  const findings = collectFindings();
  const { content } = await openAs(source, ['fasta'], findings, options);
  const sequences = new Map<string, string>();
  let name: string | undefined;
  let parts: string[] = [];
  let sum = 0;
  const keep = () => {
    if (name !== undefined) sequences.set(name, parts.join(''));
    parts = [];
  };
  const lines = splitLines({
    tooLong: () => findings.refused,
    line(text) {
      if (text.startsWith('>')) {
        keep();
        name = text.slice(1).trim().split(/\s/, 1)[0] ?? '';
      } else {
        parts.push(text.trim());
        sum += text.length;
      }
    },
  });
  for (let chunk = await content.read(); chunk !== undefined; chunk = await content.read()) {
    lines.push(chunk);
    if (sum > most) {
      await content.close();
      throw new ReferenceProblem('too_large', `more than ${most} bases`);
    }
  }
  await content.close();
  lines.end(true);
  keep();
  if (findings.refused || sequences.size === 0) throw new ReferenceProblem('not_fasta', 'not a FASTA file');
  return {
    lengthOf: (contig) => sequences.get(contig)?.length,
    bases: (contig, from, to) => (sequences.get(contig) ?? '').slice(from, to),
  };
}

interface Indexed {
  readonly length: number;
  readonly offset: number;
  readonly lineBases: number;
  readonly lineBytes: number;
}

/** Bases that are read at a time: records of a sorted file ask for places near each other. */
const window = 65_536;

/**
 * A FASTA file through its `.fai` (samtools faidx): name, length, offset, bases and bytes of a line.
 * @param read gives bytes [from, to) of the FASTA file, fewer only at its end
 * Throws {@link ReferenceProblem}
 */
export function indexedReference(index: string, read: (from: number, to: number) => Uint8Array): Reference {
  const sequences = new Map<string, Indexed>();
  for (const line of index.split(/\r?\n/)) {
    if (line === '') continue;
    const [name = '', ...fields] = line.split('\t');
    const [length = -1, offset = -1, lineBases = 0, lineBytes = 0] = fields.map(Number);
    const sound = [length, offset, lineBases, lineBytes].every((field) => Number.isSafeInteger(field) && field >= 0);
    if (name === '' || !sound || (length > 0 && (lineBases === 0 || lineBytes <= lineBases)))
      throw new ReferenceProblem('index_malformed', `not a line of a FASTA index: ${line.slice(0, 100)}`);
    sequences.set(name, { length, offset, lineBases, lineBytes });
  }
  if (sequences.size === 0) throw new ReferenceProblem('index_malformed', 'the index names no sequence');
  const decoder = new TextDecoder('latin1');
  let held: { readonly contig: string; readonly from: number; readonly text: string } | undefined;
  const load = (contig: string, from: number, to: number): string => {
    const { offset, lineBases, lineBytes } = sequences.get(contig) ?? { offset: 0, lineBases: 1, lineBytes: 1 };
    const place = (base: number) => offset + Math.floor(base / lineBases) * lineBytes + (base % lineBases);
    const text = decoder.decode(read(place(from), place(to))).replaceAll(/[\r\n]/g, '');
    if (text.length !== to - from || text.includes('>'))
      throw new ReferenceProblem('index_differs', `the index is not of this FASTA file: it errs at ${contig}`);
    return text;
  };
  return {
    lengthOf: (contig) => sequences.get(contig)?.length,
    bases(contig, from, to) {
      if (held?.contig !== contig || from < held.from || to > held.from + held.text.length) {
        const end = Math.min(sequences.get(contig)?.length ?? to, Math.max(to, from + window));
        held = { contig, from, text: load(contig, from, end) };
      }
      return held.text.slice(from - held.from, to - held.from);
    },
  };
}
