import { splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import { excerpt } from '../findings.ts';
import { feed, findingsFor, reportOf, type CheckOptions, type FileReport } from '../report.ts';
import { assemblyRules } from './rules.ts';

/** What kind of sequences a FASTA file holds: it decides how short one may be. */
type FastaContent = 'assembly' | 'transcriptome' | 'sequence';

export interface FastaOptions extends CheckOptions {
  readonly content?: FastaContent;
}

interface FastaStatistics {
  readonly sequences: number;
  readonly bases: number;
  /** Share of G and C among A, C, G, T and U. */
  readonly gc: number;
  readonly unknown: number;
  readonly longest: number;
  readonly shortest: number;
  /** Half of the bases lie in sequences of at least this length. */
  readonly n50: number;
}

export interface FastaReport extends FileReport {
  readonly format: 'fasta';
  readonly statistics: FastaStatistics;
  /** Length of each sequence by name; memory grows with the number of names, not of bases. */
  readonly lengths: ReadonlyMap<string, number>;
}

/** ENA: fewest bases by content. */
const fewestBases: Readonly<Record<FastaContent, number>> = { assembly: 20, transcriptome: 200, sequence: 100 };
/** Sequences that are remembered by name. */
const nameLimit = 5_000_000;
const unknownBase = /^[Nn]$/;

interface Sequence {
  readonly name: string;
  readonly line: number;
  length: number;
  first: string;
  last: string;
}

/** Checks a FASTA file of nucleotide sequences as ENA does. Never throws for what is in the file. */
export async function checkFasta(source: Bytes, options: FastaOptions = {}): Promise<FastaReport> {
  const findings = findingsFor(options);
  const fewest = fewestBases[options.content ?? 'assembly'];
  const lines = new Map<string, number>();
  const lengths = new Map<string, number>();
  const sum = { sequences: 0, bases: 0, gc: 0, unknown: 0, ambiguous: 0 };
  let current: Sequence | undefined;

  const finish = () => {
    if (current === undefined) return;
    const { name, line, length, first, last } = current;
    lengths.set(name, length);
    if (length < fewest) findings.add(assemblyRules.tooShort, { line }, name, { name, length, limit: fewest });
    if (unknownBase.test(first) || unknownBase.test(last))
      findings.add(assemblyRules.endsWithN, { line }, name, { name });
  };

  const begin = (text: string, line: number) => {
    finish();
    const name = text.slice(1).split(/\s/, 1)[0] ?? '';
    sum.sequences += 1;
    current = { name, line, length: 0, first: '', last: '' };
    if (name === '') findings.add(assemblyRules.noName, { line, column: 1 }, text);
    const earlier = lines.get(name);
    if (name !== '' && earlier !== undefined)
      findings.add(assemblyRules.nameTwice, { line, column: 2 }, name, { name, earlier });
    else if (lines.size < nameLimit) lines.set(name, line);
  };

  const addBases = (text: string, line: number, column: number) => {
    if (current === undefined) {
      findings.add(assemblyRules.notFasta, { line, column: 1 }, text);
      current = { name: '', line, length: 0, first: '', last: '' };
    }
    const { wrong, gc, unknown, ambiguous } = countBases(text);
    if (wrong >= 0) {
      const character = excerpt(new TextEncoder().encode(text.charAt(wrong)));
      findings.add(assemblyRules.base, { line, column: column + wrong }, text, { character });
    }
    if (current.length === 0) current.first = text.charAt(0);
    if (text !== '') current.last = text.charAt(text.length - 1);
    current.length += text.length;
    sum.bases += text.length;
    sum.gc += gc;
    sum.unknown += unknown;
    sum.ambiguous += ambiguous;
  };

  /** Whether the long line at hand is one of bases; names and comments are not read to such an end. */
  let bases = false;
  const splitter = splitLines({
    // A chromosome may stand on one line.
    piece(text, line, column) {
      if (column === 1) {
        bases = !text.startsWith('>') && !text.startsWith(';');
        if (text.startsWith('>')) begin(text, line);
      }
      if (bases) addBases(text, line, column);
    },
    tooLong: () => undefined,
    line(text, line) {
      if (text.startsWith('>')) begin(text, line);
      else if (text !== '' && !text.startsWith(';')) addBases(text, line, 1);
    },
  });
  const { compression, complete } = await feed(source, ['fasta', 'text'], splitter, findings, options);
  splitter.end(complete);
  finish();
  if (complete && sum.sequences === 0 && !findings.refused) findings.add(assemblyRules.noSequences, {});
  const sorted = [...lengths.values()].sort((a, b) => b - a);
  const statistics: FastaStatistics = {
    sequences: sum.sequences,
    bases: sum.bases,
    gc: sum.bases > sum.ambiguous ? sum.gc / (sum.bases - sum.ambiguous) : 0,
    unknown: sum.unknown,
    longest: sorted[0] ?? 0,
    shortest: sorted.at(-1) ?? 0,
    n50: n50(sorted),
  };
  return { ...reportOf('fasta', compression, findings), format: 'fasta', statistics, lengths };
}

const kinds = { plain: 1, gc: 2, ambiguous: 3, unknown: 4 } as const;
/** What each letter stands for, in either case; 0 is no base (IUPAC). */
const kindOf = new Uint8Array(128);
for (const [letters, kind] of [
  ['ATU', kinds.plain],
  ['GC', kinds.gc],
  ['RYSWKMBDHV', kinds.ambiguous],
  ['N', kinds.unknown],
] as const)
  for (const letter of letters + letters.toLowerCase()) kindOf[letter.charCodeAt(0)] = kind;

/** Counts the bases of a line. @returns with the place of the first character that is none, or -1 */
function countBases(text: string) {
  const counts = [0, 0, 0, 0, 0];
  let wrong = -1;
  for (let at = 0; at < text.length; at += 1) {
    const kind = kindOf[text.charCodeAt(at)] ?? 0;
    if (kind === 0 && wrong < 0) wrong = at;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const [, , gc = 0, ambiguous = 0, unknown = 0] = counts;
  return { wrong, gc, unknown, ambiguous: ambiguous + unknown };
}

function n50(descending: readonly number[]): number {
  const half = descending.reduce((sum, length) => sum + length, 0) / 2;
  let reached = 0;
  return descending.find((length) => (reached += length) >= half) ?? 0;
}
