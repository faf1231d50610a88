import { objectRules, validateRecords, type ArchiveRecord, type Finding } from '@geneward/metadata';

/**
 * Judges records as the server will, as far as that can be known here. A reference that the sheets do not resolve may name
 * something that the archive holds already: offline that is no error.
 */
export function checkRecords(records: readonly ArchiveRecord[], today: Date): Finding[] {
  return validateRecords(records, { today: today.toISOString().slice(0, 10) }).map((finding) =>
    finding.code === objectRules.unresolved.code ? { ...finding, level: 'warning' } : finding,
  );
}
