import { collectFindings, type Findings } from '../findings.ts';
import type { Finding } from '@geneward/metadata';
import type { FastqNames } from './check.ts';
import { fastqRules } from './rules.ts';
import { hashesAtLevel, type NameSketch } from './sketch.ts';

/** Whether the files of a run belong together. */
export interface PairingReport {
  readonly accepted: boolean;
  /** Share of the reads of the largest file that have a mate in another file, between 0 and 1. */
  readonly paired: number;
  /** True when `paired` was counted over all names, false when it was estimated from a sample by hash. */
  readonly exact: boolean;
  readonly findings: readonly Finding[];
}

/** ENA: at least this share of the larger file must pair. */
const pairedLimit = 0.2;
const filesLimit = 10;
/** Below this share of reads with a barcode something was left out; above it, it may be the sample of names. */
const nearlyAll = 0.99;

/**
 * Checks the 2-10 files of one run by the names that their checks gathered: enough reads must occur in more than one
 * file, and there may be no more mates than files. Exact up to 65,536 names a file, ±0.5 % beyond.
 * @param readTypes what the sheet says of each file: a file of barcodes or UMIs alone must tell them for the other reads
 */
export function checkPairing(
  files: readonly FastqNames[],
  readTypes: readonly (readonly string[])[] = [],
): PairingReport {
  const findings = collectFindings();
  const singles = readTypes.length > 0 && readTypes.every((types) => types.length === 1 && types[0] === 'single');
  const told = () => ({ accepted: !findings.refused, findings: findings.list });
  if (files.length < 2 || files.length > filesLimit) {
    findings.add(fastqRules.pairingFiles, {}, undefined, { files: files.length });
    return { paired: 0, exact: true, ...told() };
  }
  // Several single-end files of one run have nothing in common.
  if (singles) return { paired: 0, exact: true, ...told() };
  const byIdentifier = share(files.map((file) => file.identifiers));
  const stems = files.flatMap((file) => (file.stems === undefined ? [] : [file.stems]));
  const byStem = stems.length === files.length ? share(stems) : { paired: 0, exact: true };
  const oneMateEach = stems.length === files.length && files.every((file) => file.mates.length === 1);
  const suffixes = oneMateEach || byStem.paired > byIdentifier.paired;
  const { paired, exact } = suffixes ? byStem : byIdentifier;
  if (paired < pairedLimit)
    findings.add(fastqRules.unpaired, {}, undefined, { percent: (paired * 100).toFixed(1), limit: pairedLimit * 100 });

  checkTechnical(files, readTypes, suffixes, findings);
  const mates = suffixes || files.every((file) => file.casava) ? files.map((file) => file.mates) : [];
  const labels = [...new Set(mates.flat())].sort((a, b) => a - b);
  const list = labels.map((label) => `/${label}`).join(', ');
  if (labels.length > files.length)
    findings.add(fastqRules.mates, {}, list, { labels: labels.length, files: files.length, list });
  else if (labels.length === 1 && mates.every((own) => own.length === 1))
    findings.add(fastqRules.sameMate, {}, list, { list });
  return { paired, exact, ...told() };
}

/** Read types of Webin that are bases of the sample itself; all others tell where a read comes from. */
const biological: ReadonlySet<string> = new Set(['single', 'paired']);

/** Reads of barcodes and UMIs: some other file has the sample's own bases, and its reads find theirs by name. */
function checkTechnical(
  files: readonly FastqNames[],
  readTypes: readonly (readonly string[])[],
  suffixes: boolean,
  findings: Findings,
): void {
  const technical = files.map((_, nth) => {
    const types = readTypes[nth] ?? [];
    return types.length > 0 && !types.some((type) => biological.has(type));
  });
  if (!technical.includes(true)) return;
  if (!technical.includes(false)) {
    findings.add(fastqRules.onlyTechnical, {}, readTypes.flat().join(', '), { files: files.length });
    return;
  }
  const sketchOf = (file: FastqNames) => (suffixes && file.stems) || file.identifiers;
  const own = files.filter((_, nth) => !technical[nth]);
  const largest = own.reduce((most, file) => (file.reads > most.reads ? file : most));
  for (const [nth, file] of files.entries()) {
    if (!technical[nth]) continue;
    const { paired } = covered(sketchOf(largest), sketchOf(file));
    const params = { types: (readTypes[nth] ?? []).join(', '), percent: (paired * 100).toFixed(1) };
    if (paired < pairedLimit)
      findings.add(fastqRules.technicalApart, {}, params.types, { ...params, limit: pairedLimit * 100 });
    else if (paired < nearlyAll) findings.add(fastqRules.technicalFew, {}, params.types, params);
  }
}

/** Share of the names of one sketch that another has. */
function covered(of: NameSketch, by: NameSketch): { paired: number } {
  const level = Math.max(of.level, by.level);
  const [names, others] = [hashesAtLevel(of, level), hashesAtLevel(by, level)];
  let found = 0;
  for (const hash of names) if (others.has(hash)) found += 1;
  return { paired: names.size > 0 ? found / names.size : 0 };
}

/** Share of the names of the largest sketch that occur in more than one, all sampled alike. */
function share(sketches: readonly NameSketch[]): { paired: number; exact: boolean } {
  const level = Math.max(...sketches.map((sketch) => sketch.level));
  const samples = sketches.map((sketch) => hashesAtLevel(sketch, level));
  const largest = samples.reduce((most, sample) => (sample.size > most.size ? sample : most));
  let paired = 0;
  for (const hash of largest) if (samples.some((sample) => sample !== largest && sample.has(hash))) paired += 1;
  return { paired: largest.size > 0 ? paired / largest.size : 0, exact: level === 0 };
}
