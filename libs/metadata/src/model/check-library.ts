import { objectRules } from '../rules/catalogue/core.ts';
import { found } from '../rules/found.ts';
import type { Finding, Place } from '../rules/rule.ts';
import { readInstrument } from '../vocabulary/instrument.ts';
import { foldTerm } from '../vocabulary/vocabulary.ts';
import type { ArchiveRecord } from './record.ts';

const one = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : (value?.[0] ?? '');

/** Whether an experiment's instrument is one of its platform's. */
export function checkLibrary(record: ArchiveRecord, where: Place, findings: Finding[]): void {
  const platform = one(record.attributes['platform']);
  const model = one(record.attributes['instrument_model']);
  if (record.type !== 'experiment' || platform === '' || model === '') return;
  const match = readInstrument(model);
  if (
    match.kind === 'none' ||
    match.term.platform === undefined ||
    foldTerm(match.term.platform) === foldTerm(platform)
  )
    return;
  const detail = { value: model, params: { platform }, suggestion: match.term.platform };
  findings.push(found(objectRules.instrument, { ...where, column: 'platform' }, detail));
}

/** Runs of paired libraries that declare a single FASTQ file. */
export function checkPairing(records: readonly ArchiveRecord[]): Finding[] {
  const paired = new Set(
    records
      .filter(
        ({ type, attributes }) =>
          type === 'experiment' && one(attributes['library_layout']).toUpperCase().startsWith('PAIRED'),
      )
      .map(({ alias }) => alias),
  );
  return records.flatMap(({ type, references, files, place, alias }) => {
    const reads = files.filter(({ format }) => format.toLowerCase() === 'fastq');
    if (type !== 'run' || reads.length !== 1 || files.length !== 1) return [];
    if (!references.some((reference) => reference.type === 'experiment' && paired.has(reference.target))) return [];
    return [found(objectRules.pairing, { ...place, alias }, { params: { count: reads.length } })];
  });
}
