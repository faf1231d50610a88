import type { Dataset } from '../dataset/read.ts';
import type { GenomeReport } from './assess.ts';

/** Columns of the table of genomes, those of lineages after the clade. */
export const reportColumns = (dataset: Pick<Dataset, 'lineages'>): readonly string[] => [
  'name',
  'accepted',
  'codes',
  'qc',
  'score',
  'clade',
  ...dataset.lineages,
  'coverage',
  'substitutions',
  'deletions',
  'insertions',
  'missing',
  'ambiguous',
  'aminoAcids',
  'frameShifts',
  'stops',
  'nearest',
  'distance',
  'neighbours',
];

/** One genome as a row of that table. */
export function reportRow(dataset: Pick<Dataset, 'lineages'>, report: GenomeReport): readonly string[] {
  const { nucleotides, nearest, qc } = report;
  const list = (values: readonly string[] | undefined): string => values?.join(',') ?? '';
  return [
    report.name,
    report.accepted ? 'yes' : 'no',
    list(report.findings.map(({ code }) => code)),
    qc?.status ?? '',
    qc ? String(Math.round(qc.score * 100) / 100) : '',
    report.clade ?? '',
    ...dataset.lineages.map((key) => report.lineages?.[key] ?? ''),
    report.coverage === undefined ? '' : String(report.coverage),
    list(nucleotides?.substitutions),
    list(nucleotides?.deletions),
    list(nucleotides?.insertions),
    list(nucleotides?.missing),
    list(nucleotides?.ambiguous),
    list(report.aminoAcids),
    list(report.frameShifts),
    list(report.stops),
    nearest?.node ?? '',
    nearest ? String(nearest.distance) : '',
    list(report.neighbours?.map(({ name, distance }) => `${name}(${distance})`)),
  ];
}
