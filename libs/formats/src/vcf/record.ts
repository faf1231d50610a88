import type { Findings } from '../findings.ts';
import { isAlternate, isReference } from './alleles.ts';
import { isContig, type VcfHeader } from './meta.ts';
import { diploidCounts, isPlainSample, plainFields } from './plain-sample.ts';
import { notNegative, reservedFields, type FieldDefinition } from './reserved.ts';
import { vcfRules } from './rules.ts';
import { expectedCount, hasType, isCigar, isFloat, ploidyOf, type Cardinality } from './values.ts';

/** A data line with the fields that later checks look at. */
export interface VcfRecord {
  readonly contig: string;
  readonly position: number;
  readonly ref: string;
  readonly alternates: readonly string[];
}

/** What the records use but the header does not declare, each told once. */
export type Undeclared = Set<string>;

const columnNames = ['CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT'] as const;
const undeclaredLimit = 10_000;

/** Checks one data line by the specification (section 1.4 of 4.2, 1.6 of 4.3 and later); undefined when it has no columns. */
export function readRecord(
  text: string,
  line: number,
  header: VcfHeader,
  undeclared: Undeclared,
  findings: Findings,
): VcfRecord | undefined {
  const ends = columnEnds(text);
  if (ends.length !== header.columns) {
    findings.add(vcfRules.columns, { line }, text, { actual: ends.length, expected: header.columns });
    return undefined;
  }
  const columns = text.split('\t', 9);
  const [contig = '', pos = '', id = '', ref = '', alt = '', qual = '', filter = '', info = '', format] = columns;
  const startOf = (column: number) => (column === 0 ? 0 : (ends[column - 1] as number) + 1);
  const at = (column: number) => ({ line, column: startOf(column) + 1 });
  const { version } = header;
  const unknown = (kind: string, name: string, known: boolean, column: number) => {
    const key = `${kind} ${name}`;
    if (known || undeclared.has(key) || undeclared.size >= undeclaredLimit) return;
    undeclared.add(key);
    findings.add(vcfRules.undeclared, at(column), name, { kind, name });
  };

  const name = contig.replace(/^<(.*)>$/, '$1');
  if (!isContig(name, version)) findings.add(vcfRules.chrom, at(0), contig);
  else if (header.contigs.size > 0) unknown('contig', name, header.contigs.has(name), 0);
  if (!/^\d+$/.test(pos)) findings.add(vcfRules.pos, at(1), pos);
  if (id !== '.' && id.split(';').some((part) => part === '' || /\s/.test(part))) findings.add(vcfRules.id, at(2), id);
  if (!isReference(ref)) findings.add(vcfRules.ref, at(3), ref);
  const alternates = alt === '.' ? [] : alt.split(',');
  const alleles = alt === '.' ? undefined : alternates.length;
  for (const allele of alternates) if (!isAlternate(allele, version)) findings.add(vcfRules.alt, at(4), allele);
  if (qual !== '.' && (!isFloat(qual) || qual.startsWith('-'))) findings.add(vcfRules.qual, at(5), qual);
  if (filter !== '.') {
    const filters = filter.split(';');
    if (filters.some((part) => part === '' || part === '0' || part === '.' || /\s/.test(part)))
      findings.add(vcfRules.filter, at(6), filter);
    else for (const part of filters) unknown('FILTER', part, header.filters.has(part), 6);
    if (filters.length > 1 && filters.includes('PASS')) findings.add(vcfRules.passAndMore, at(6), filter);
  }
  if (info !== '.') checkInfo(info);
  if (format !== undefined) checkSamples(format);
  return { contig: name, position: Number(pos), ref, alternates };

  function checkInfo(info: string): void {
    if (version < 3 ? /\s/.test(info) : /[\t\r\n]/.test(info)) {
      findings.add(vcfRules.info, at(7), info);
      return;
    }
    const reserved = reservedFields('INFO', version);
    const seen = new Set<string>();
    for (const entry of info.split(';')) {
      const split = entry.indexOf('=');
      const key = split < 0 ? entry : entry.slice(0, split);
      const value = split < 0 ? undefined : entry.slice(split + 1);
      if (key === '' || value === '') {
        findings.add(vcfRules.info, at(7), entry);
        continue;
      }
      if (seen.has(key)) findings.add(vcfRules.infoTwice, at(7), entry, { key });
      seen.add(key);
      const declared = header.info.get(key);
      const definition = declared ?? reserved.get(key);
      unknown('INFO', key, declared !== undefined, 7);
      if (definition === undefined) continue;
      const place = at(7);
      const wrong = (expected: string) => findings.add(vcfRules.infoValue, place, entry, { key, expected });
      if (definition.type === 'Flag') {
        if (value !== undefined && !(reserved.has(key) && /^[01]$/.test(value))) wrong('Flag');
        continue;
      }
      if (value === undefined) {
        wrong(definition.type);
        continue;
      }
      checkValues(value, definition, { alternates: alleles, ploidy: undefined }, wrong);
      if (reserved.has(key) && notNegative.has(key) && value.split(',').some((part) => part.startsWith('-')))
        wrong('≥ 0');
      if (key === 'CIGAR' && !value.split(',').every((part) => part === '.' || isCigar(part))) wrong('CIGAR');
    }
  }

  function checkSamples(format: string): void {
    const keys = format.split(':');
    const reserved = reservedFields('FORMAT', version);
    const wellFormed = (key: string) =>
      version >= 3 || header.format.has(key) ? /^[A-Za-z0-9_][\w.]*$/.test(key) : /^[A-Za-z0-9]+$/.test(key);
    if (!keys.every(wellFormed) || keys.indexOf('GT') > 0 || new Set(keys).size < keys.length) {
      findings.add(vcfRules.format, at(8), format);
      return;
    }
    const definitions = keys.map((key) => {
      unknown('FORMAT', key, header.format.has(key), 8);
      return header.format.get(key) ?? reserved.get(key);
    });
    const fields = plainFields(keys, definitions);
    const counts = diploidCounts(fields, alleles);
    for (let column = 9; column < ends.length; column += 1) {
      const [start, end] = [startOf(column), ends[column] as number];
      if (!isPlainSample(text, start, end, fields, counts, alleles ?? 1)) checkSample(column, keys, definitions);
    }
  }

  function checkSample(
    column: number,
    keys: readonly string[],
    definitions: readonly (FieldDefinition | undefined)[],
  ): void {
    const sample = text.slice(startOf(column), ends[column]);
    const values = sample.split(':');
    const who = header.samples[column - 9] ?? '';
    if (values.length > keys.length || sample === '') {
      findings.add(vcfRules.sampleFields, at(column), sample, {
        sample: who,
        actual: values.length,
        expected: keys.length,
      });
      return;
    }
    let ploidy: number | undefined = 2;
    for (const [index, value] of values.entries()) {
      const key = keys[index] ?? '';
      if (key === 'GT') {
        const genotype = version >= 4 ? /^(?:[/|]?(?:\.|\d+)(?:[/|](?:\.|\d+))*)$/ : /^(?:\.|\d+)(?:[/|](?:\.|\d+))*$/;
        const named = value.match(/\d+/g) ?? [];
        if (!genotype.test(value)) findings.add(vcfRules.genotype, at(column), sample, { sample: who, value });
        else if (named.some((allele) => Number(allele) > (alleles ?? 1)))
          findings.add(vcfRules.alleleRange, at(column), sample, { sample: who, value, alleles: alleles ?? 1 });
        ploidy = ploidyOf(value);
        continue;
      }
      const definition = definitions[index];
      if (definition === undefined || value === '.') continue;
      const wrong = (expected: string) =>
        findings.add(vcfRules.sampleValue, at(column), sample, { sample: who, key, expected });
      checkValues(value, definition, { alternates: alleles, ploidy }, wrong);
    }
  }
}

/** Where the columns of a line end. */
function columnEnds(text: string): number[] {
  const ends: number[] = [];
  for (let end = text.indexOf('\t'); end >= 0; end = text.indexOf('\t', end + 1)) ends.push(end);
  ends.push(text.length);
  return ends;
}

function checkValues(
  value: string,
  definition: FieldDefinition,
  cardinality: Cardinality,
  wrong: (expected: string) => void,
): void {
  // A quoted text is one value, commas and all.
  const values = /^"[^"]*"$/.test(value) ? [value] : value.split(',');
  const expected = expectedCount(definition, cardinality);
  const missing = values.length === 1 && value === '.';
  if (!missing && expected !== undefined && values.length !== expected)
    wrong(`Number=${definition.number} (${expected})`);
  else if (!values.every((part) => hasType(part, definition.type))) wrong(`Type=${definition.type}`);
}

/** The fixed columns of the header line, without `#` on the first. */
export const fixedColumns: readonly string[] = columnNames;
