import { lineLimit, splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import { excerpt } from '../findings.ts';
import { textRules } from '../layers/text-rules.ts';
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

  const addBases = (text: string, line: number) => {
    if (current === undefined) {
      findings.add(assemblyRules.notFasta, { line, column: 1 }, text);
      current = { name: '', line, length: 0, first: '', last: '' };
    }
    const wrong = text.search(/[^ACGTURYSWKMBDHVN]/i);
    if (wrong >= 0) {
      const character = excerpt(new TextEncoder().encode(text.charAt(wrong)));
      findings.add(assemblyRules.base, { line, column: wrong + 1 }, text, { character });
    }
    if (current.length === 0) current.first = text.charAt(0);
    current.last = text.charAt(text.length - 1);
    current.length += text.length;
    sum.bases += text.length;
    sum.gc += count(text, /[GC]/gi);
    sum.unknown += count(text, /N/gi);
    sum.ambiguous += count(text, /[RYSWKMBDHVN]/gi);
  };

  const splitter = splitLines({
    tooLong: (line) => findings.add(textRules.lineTooLong, { line }, undefined, { line, limit: lineLimit }),
    line(text, line) {
      if (text.startsWith('>')) begin(text, line);
      else if (text !== '' && !text.startsWith(';')) addBases(text, line);
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

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function n50(descending: readonly number[]): number {
  const half = descending.reduce((sum, length) => sum + length, 0) / 2;
  let reached = 0;
  return descending.find((length) => (reached += length) >= half) ?? 0;
}
