import type { VcfVersion } from './version.ts';

/** How many values a field has: a count, or one per A alternate allele, R allele, G genotype, `.` unknown. */
type VcfNumber = string;
export type VcfType = 'Integer' | 'Float' | 'Flag' | 'Character' | 'String';

/** The definition of an INFO or FORMAT field. */
export interface FieldDefinition {
  readonly number: VcfNumber;
  readonly type: VcfType;
}

type Table = readonly (readonly [key: string, number: VcfNumber, type: VcfType, since?: VcfVersion])[];

/** VCF specification 4.2 section 1.4.1 point 8; 4.3 and later, table 1. */
const info: Table = [
  ['AA', '1', 'String'],
  ['AC', 'A', 'Integer'],
  ['AD', 'R', 'Integer', 3],
  ['ADF', 'R', 'Integer', 3],
  ['ADR', 'R', 'Integer', 3],
  ['AF', 'A', 'Float'],
  ['AN', '1', 'Integer'],
  ['BQ', '1', 'Float'],
  ['CIGAR', 'A', 'String'],
  ['DB', '0', 'Flag'],
  ['DP', '1', 'Integer'],
  ['END', '1', 'Integer'],
  ['H2', '0', 'Flag'],
  ['H3', '0', 'Flag'],
  ['MQ', '1', 'Float'],
  ['MQ0', '1', 'Integer'],
  ['NS', '1', 'Integer'],
  ['SOMATIC', '0', 'Flag'],
  ['VALIDATED', '0', 'Flag'],
  ['1000G', '0', 'Flag'],
];

/** VCF specification 4.2 section 1.4.2; 4.3 and later, table 2. */
const format: Table = [
  ['AD', 'R', 'Integer', 3],
  ['ADF', 'R', 'Integer', 3],
  ['ADR', 'R', 'Integer', 3],
  ['DP', '1', 'Integer'],
  ['EC', 'A', 'Integer'],
  ['FT', '1', 'String'],
  ['GL', 'G', 'Float'],
  ['GLE', 'G', 'String'],
  ['GP', 'G', 'Float'],
  ['GQ', '1', 'Integer'],
  ['GT', '1', 'String'],
  ['HQ', '2', 'Integer'],
  ['MQ', '1', 'Integer'],
  ['PL', 'G', 'Integer'],
  ['PQ', '1', 'Integer'],
  ['PS', '1', 'Integer'],
];

const ofVersion = (table: Table, version: number): ReadonlyMap<string, FieldDefinition> =>
  new Map(table.filter(([, , , since = 1]) => version >= since).map(([key, number, type]) => [key, { number, type }]));

const versions = [0, 1, 2, 3, 4, 5];
const tables = {
  INFO: versions.map((version) => ofVersion(info, version)),
  FORMAT: versions.map((version) => ofVersion(format, version)),
} as const;

/** Fields whose meaning the specification of that version fixes. */
export function reservedFields(kind: 'INFO' | 'FORMAT', version: VcfVersion): ReadonlyMap<string, FieldDefinition> {
  return tables[kind][version] ?? new Map<string, FieldDefinition>();
}

/** Reserved INFO fields that count or measure and so cannot be negative. */
export const notNegative: ReadonlySet<string> = new Set([
  'AC',
  'AD',
  'ADF',
  'ADR',
  'AF',
  'AN',
  'DP',
  'END',
  'MQ0',
  'NS',
]);
