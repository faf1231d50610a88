import type { Bytes } from '../bytes/reader.ts';
import { excerpt, type Findings } from '../findings.ts';
import { layerRules } from '../layers/rules.ts';
import { feed, findingsFor, reportOf, type CheckOptions, type FileReport } from '../report.ts';
import { confirmDuplicates } from './confirm.ts';
import { countBases, isBase } from './bases.ts';
import { duplicateFilter } from './duplicates.ts';
import { casavaMate, emptyReadName, nameHash, readName, withMate } from './names.ts';
import { recordLimit, splitRecords, type Break, type RecordView } from './records.ts';
import { fastqRules } from './rules.ts';
import { buildSketch, type NameSketch } from './sketch.ts';
import {
  emptyTally,
  encodingOf,
  everyRead,
  least,
  most,
  sampleEvery,
  sumQualities,
  tallyQualities,
  statisticsOf,
  tallyLength,
  type FastqStatistics,
} from './statistics.ts';

/** The names of a file as far as pairing needs them. */
export interface FastqNames {
  readonly reads: number;
  readonly casava: boolean;
  /** Mate numbers that the names tell, the first ten. */
  readonly mates: readonly number[];
  /** Identifiers without mate suffix; absent when not every name has one. */
  readonly stems?: NameSketch;
  readonly identifiers: NameSketch;
}

export interface FastqReport extends FileReport {
  readonly format: 'fastq';
  readonly statistics: FastqStatistics;
  readonly names: FastqNames;
}

/** What of a check goes on beyond one file: the hashes of names that may be duplicates. */
interface FastqState {
  readonly statistics: FastqStatistics;
  readonly names: FastqNames;
  readonly suspects: ReadonlySet<number>;
  readonly suspected: number;
}

/** A FASTQ check that bytes are pushed into, for callers that do other things with the same bytes. */
export interface FastqCheck {
  push(chunk: Uint8Array): void;
  /** `complete` is false when the data broke off in a layer below. */
  end(complete: boolean): FastqState;
  /** True once nothing more can be learnt: the structure is broken. */
  readonly over: boolean;
}

/** ENA's limits: characters in a name, share of bases that are not A, U, T, C or G. */
const nameLimit = 256;
const ambiguousLimit = 0.5;
const mateLabels = 10;
/** Candidates of duplicate names that the second pass looks for. */
const suspectLimit = 100_000;

const blank = (byte: number | undefined) => byte === undefined || byte === 32 || byte === 9;

/** Starts a check of plain FASTQ text; findings go to `findings`. Memory is bounded whatever the size of the file. */
export function startFastq(findings: Findings): FastqCheck {
  const tally = emptyTally();
  const name = emptyReadName();
  const identifiers = buildSketch();
  const mates = new Set<number>();
  const suspects = new Set<number>();
  let stems: ReturnType<typeof buildSketch> | undefined = buildSketch();
  let suspected = 0;
  const filter = duplicateFilter((first, second) => {
    suspected += 1;
    if (suspects.size < suspectLimit) suspects.add(nameHash({ first, second }));
  });
  let casava = false;
  let crlf = 0;
  let crlfLine = 0;
  let blankLines = 0;
  let blankLine = 0;

  const checkName = (view: RecordView) => {
    const { bytes, nameEnd } = view;
    const start = view.nameStart + 1;
    if (start >= nameEnd || blank(bytes[start])) {
      findings.add(fastqRules.blankName, { line: view.line, column: 1, record: view.record }, '@', { line: view.line });
      return;
    }
    readName(name, bytes, start, nameEnd);
    const { length, limit } = { length: name.end - start, limit: nameLimit };
    if (length > limit)
      findings.add(
        fastqRules.longName,
        { line: view.line, column: 2, record: view.record },
        excerpt(bytes, start, name.end),
        { length, limit },
      );
    identifiers.add(name.first, name.second);
    let { mate } = name;
    if (casava || view.record === 1) {
      const told = casavaMate(bytes, start, nameEnd);
      if (view.record === 1) casava = told > 0;
      if (told > 0) {
        mate = told;
        withMate(name, told);
      } else if (casava)
        findings.add(
          fastqRules.casava,
          { line: view.line, column: 2, record: view.record },
          excerpt(bytes, start, nameEnd),
        );
    }
    if (mate > 0 && mates.size < mateLabels) mates.add(mate);
    if (casava || !name.suffixed) stems = undefined;
    else stems?.add(name.stemFirst, name.stemSecond);
    filter.add(name.first, name.second);
  };

  const checkBases = (view: RecordView) => {
    const { bytes, sequenceStart, sequenceEnd } = view;
    if (countBases(tally, bytes, sequenceStart, sequenceEnd) === 0) return;
    const at = bytes.subarray(sequenceStart, sequenceEnd).findIndex((byte) => !isBase(byte));
    const place = { line: view.line + 1, column: at + 1, record: view.record };
    const character = excerpt(bytes, sequenceStart + at, sequenceStart + at + 1);
    findings.add(fastqRules.base, place, excerpt(bytes, sequenceStart, sequenceEnd), { character });
  };

  const checkQualities = (view: RecordView) => {
    const { bytes, qualityStart, qualityEnd } = view;
    const length = qualityEnd - qualityStart;
    if (length === 0) return;
    const sum = sumQualities(tally, bytes, qualityStart, qualityEnd);
    if (sum < 0) {
      const wrong = bytes.subarray(qualityStart, qualityEnd).findIndex((byte) => byte < least || byte > most);
      const place = { line: view.line + 3, column: wrong + 1, record: view.record };
      const character = excerpt(bytes, qualityStart + wrong, qualityStart + wrong + 1);
      findings.add(fastqRules.quality, place, excerpt(bytes, qualityStart, qualityEnd), { character });
      return;
    }
    if (tally.reads <= everyRead || tally.reads % sampleEvery === 0)
      tallyQualities(tally, bytes, qualityStart, qualityEnd);
    tally.qualities += sum;
    tally.qualityBases += length;
    const mean = Math.floor(sum / length);
    tally.meanCharacters[mean] = (tally.meanCharacters[mean] as number) + 1;
  };

  const checkRecord = (view: RecordView) => {
    if (blankLines > 0) {
      findings.add(fastqRules.blankLine, { line: blankLine, record: view.record }, undefined, { line: blankLine });
      blankLines = 0;
    }
    if (view.crlf) {
      if (crlf === 0) crlfLine = view.line;
      crlf += 1;
    }
    checkName(view);
    const bases = view.sequenceEnd - view.sequenceStart;
    const qualities = view.qualityEnd - view.qualityStart;
    tally.reads += 1;
    tally.bases += bases;
    tallyLength(tally, bases);
    if (bases === 0)
      findings.add(fastqRules.emptySequence, { line: view.line + 1, record: view.record }, undefined, {
        line: view.line,
      });
    else checkBases(view);
    if (bases !== qualities)
      findings.add(
        fastqRules.lengths,
        { line: view.line + 3, record: view.record },
        excerpt(view.bytes, view.qualityStart, view.qualityEnd),
        { bases, qualities },
      );
    checkQualities(view);
    if (view.plusEnd - view.plusStart > 1 && !sameName(view))
      findings.add(
        fastqRules.plusName,
        { line: view.line + 2, column: 2, record: view.record },
        excerpt(view.bytes, view.plusStart, view.plusEnd),
        { line: view.line + 2 },
      );
  };

  const splitter = splitRecords({
    record: checkRecord,
    broken: (fault) => reportBreak(findings, fault),
    blankLine(line) {
      if (blankLines === 0) blankLine = line;
      blankLines += 1;
    },
  });

  return {
    push: (chunk) => splitter.push(chunk),
    get over() {
      return splitter.over;
    },
    end(complete) {
      const whole = complete && !splitter.over;
      splitter.end(complete);
      filter.end();
      if (whole) reportEnd();
      const names = {
        reads: tally.reads,
        casava,
        mates: [...mates].sort((a, b) => a - b),
        identifiers,
        ...(stems && { stems }),
      };
      return { statistics: statisticsOf(tally), names, suspects, suspected };
    },
  };

  function reportEnd(): void {
    if (tally.reads === 0 && !findings.refused) findings.add(fastqRules.noReads, { line: 1 });
    if (blankLines > 0) findings.add(fastqRules.blankEnd, { line: blankLine }, undefined, { line: blankLine });
    if (crlf > 0) findings.add(fastqRules.crlf, { line: crlfLine }, undefined, { count: crlf });
    const share = tally.ambiguous / Math.max(1, tally.bases);
    if (share > ambiguousLimit)
      findings.add(fastqRules.ambiguous, {}, undefined, { percent: (share * 100).toFixed(1) });
    const encoding = encodingOf(tally);
    if (tally.reads > 0 && encoding !== 'phred+33') findings.add(fastqRules.oldQuality, {}, undefined, { encoding });
  }
}

function sameName({ bytes, nameStart, nameEnd, plusStart, plusEnd }: RecordView): boolean {
  if (plusEnd - plusStart !== nameEnd - nameStart) return false;
  for (let at = 1; at < plusEnd - plusStart; at += 1) if (bytes[nameStart + at] !== bytes[plusStart + at]) return false;
  return true;
}

function reportBreak(findings: Findings, { reason, line, record, bytes }: Break): void {
  const place = { line, column: 1, record };
  const value = excerpt(bytes);
  switch (reason) {
    case 'no name':
      if (line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
        findings.add(layerRules.encoding, { ...place, offset: 0 }, value, { encoding: 'UTF-8 + BOM' });
      else findings.add(fastqRules.noName, place, value, { line });
      break;
    case 'no plus':
      if (bytes.length > 0 && bytes.every((byte) => isBase(byte) || byte === 13))
        findings.add(fastqRules.multiLine, place, value, { line });
      else findings.add(fastqRules.noPlus, place, value, { line });
      break;
    case 'truncated':
      findings.add(fastqRules.truncated, place, value, { record });
      break;
    case 'line too long':
      findings.add(fastqRules.tooLong, place, value, { record, limit: recordLimit });
      break;
  }
}

/**
 * Checks a FASTQ file, plain or compressed, by the rules that ENA runs. Constant memory; never throws for what is in
 * the file, only for what `source` itself throws. Without `options.reopen` duplicate names remain a suspicion.
 */
export async function checkFastq(source: Bytes, options: CheckOptions = {}): Promise<FastqReport> {
  const findings = findingsFor(options);
  const check = startFastq(findings);
  const { compression, complete } = await feed(source, ['fastq'], check, findings, options);
  const { statistics, names, suspects, suspected } = check.end(complete);
  if (suspected > 0 && options.reopen !== undefined)
    await confirmDuplicates(options.reopen(), names.casava, suspects, findings, options);
  else if (suspected > 0) findings.add(fastqRules.suspectedDuplicate, {}, undefined, { count: suspected });
  return { ...reportOf('fastq', compression, findings), format: 'fastq', statistics, names };
}
