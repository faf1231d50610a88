import type { Place } from '@geneward/metadata';
import type { Findings } from '../findings.ts';
import { isReferenceName, longestReference, type SamHeader } from './header.ts';
import { samRules } from './rules.ts';
import { otherType } from './tags.ts';

/** The fields of a record that later checks look at. */
export interface SamRecord {
  readonly flag: number;
  readonly reference: string;
  readonly position: number;
  readonly bases: number;
}

const flagLimit = 4095;
/** Sticky, so that a malformed CIGAR ends the reading instead of being searched through. */
const operations = /(\d+)([MIDNSHP=X])/gy;

/** Checks one alignment line (sections 1.4 and 1.5); undefined when it has no columns. */
export function readAlignment(
  text: string,
  line: number,
  header: SamHeader,
  findings: Findings,
): SamRecord | undefined {
  const columns = text.split('\t');
  if (columns.length < 11) {
    findings.add(samRules.columns, { line, column: 1 }, text, { actual: columns.length });
    return undefined;
  }
  const [
    qname = '',
    flag = '',
    rname = '',
    pos = '',
    mapq = '',
    cigar = '',
    rnext = '',
    pnext = '',
    tlen = '',
    seq = '',
    qual = '',
  ] = columns;
  const at = (column: number): Place => ({
    line,
    column: columns.slice(0, column).reduce((sum, field) => sum + field.length + 1, 1),
  });
  if (!/^[!-?A-~]{1,254}$/.test(qname)) findings.add(samRules.qname, at(0), qname);
  if (!isNumber(flag, 0, flagLimit)) findings.add(samRules.flag, at(1), flag);
  if (!isKnown(rname, header)) findings.add(samRules.reference, at(2), rname, { column: 'RNAME', name: rname });
  if (!isNumber(pos, 0, longestReference)) findings.add(samRules.position, at(3), pos, { column: 'POS' });
  if (!isNumber(mapq, 0, 255)) findings.add(samRules.mapq, at(4), mapq);
  if (rnext !== '=' && !isKnown(rnext, header))
    findings.add(samRules.reference, at(6), rnext, { column: 'RNEXT', name: rnext });
  if (!isNumber(pnext, 0, longestReference)) findings.add(samRules.position, at(7), pnext, { column: 'PNEXT' });
  if (!isNumber(tlen, -longestReference, longestReference)) findings.add(samRules.tlen, at(8), tlen);
  checkSequence(cigar, seq, qual, at, findings);
  checkEnd(rname, Number(pos), cigar, header, at(3), findings);
  checkTags(columns.slice(11), header, at, findings);
  return { flag: Number(flag), reference: rname, position: Number(pos), bases: seq === '*' ? 0 : seq.length };
}

function checkSequence(
  cigar: string,
  seq: string,
  qual: string,
  at: (column: number) => Place,
  findings: Findings,
): void {
  if (!isCigar(cigar)) findings.add(samRules.cigar, at(5), cigar);
  if (!/^(?:\*|[A-Za-z=.]+)$/.test(seq)) findings.add(samRules.seq, at(9), seq);
  if (!/^[!-~]+$/.test(qual)) findings.add(samRules.qual, at(10), qual);
  const expected = seq === '*' ? 0 : seq.length;
  if (qual !== '*' && qual.length !== expected)
    findings.add(samRules.lengths, at(10), qual, { column: 'QUAL', actual: qual.length, expected });
  const actual = consumed(cigar, 'MIS=X');
  if (cigar !== '*' && seq !== '*' && isCigar(cigar) && actual !== expected)
    findings.add(samRules.lengths, at(5), cigar, { column: 'CIGAR', actual, expected });
}

function checkEnd(
  name: string,
  position: number,
  cigar: string,
  header: SamHeader,
  place: Place,
  findings: Findings,
): void {
  const reference = header.references.get(name);
  if (reference === undefined || reference.circular || cigar === '*' || position === 0) return;
  const end = position + consumed(cigar, 'MDN=X') - 1;
  const { length } = reference;
  if (end > length) findings.add(samRules.beyond, place, cigar, { end, length, name });
}

function checkTags(
  fields: readonly string[],
  header: SamHeader,
  at: (column: number) => Place,
  findings: Findings,
): void {
  const seen = new Set<string>();
  for (const [index, field] of fields.entries()) {
    const [, tag = '', type = '', value = ''] = /^([A-Za-z][A-Za-z0-9]):([AifZHB]):(.*)$/s.exec(field) ?? [];
    if (tag === '' || !hasForm(type, value)) findings.add(samRules.tag, at(11 + index), field);
    else if (seen.has(tag)) findings.add(samRules.tagTwice, at(11 + index), field, { tag });
    else if (tag === 'RG' && header.readGroups.size > 0 && !header.readGroups.has(value))
      findings.add(samRules.readGroup, at(11 + index), field, { id: value });
    seen.add(tag);
    const expected = otherType(tag, type, value.charAt(0));
    if (expected !== undefined) findings.add(samRules.tagType, at(11 + index), field, { tag, type, expected });
  }
}

const float = /^[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  c: [-128, 127],
  C: [0, 255],
  s: [-32768, 32767],
  S: [0, 65535],
  i: [-(2 ** 31), 2 ** 31 - 1],
  I: [0, 2 ** 32 - 1],
};

/** The form of a value by its type letter (section 1.5). */
function hasForm(type: string, value: string): boolean {
  switch (type) {
    case 'A':
      return /^[!-~]$/.test(value);
    case 'i':
      return isNumber(value, -(2 ** 31), 2 ** 32 - 1);
    case 'f':
      return float.test(value);
    case 'Z':
      return /^[ -~]*$/.test(value);
    case 'H':
      return /^(?:[0-9A-F]{2})*$/.test(value);
    default: {
      const [kind = '', ...numbers] = value.split(',');
      if (kind === 'f') return numbers.every((number) => float.test(number));
      const range = ranges[kind];
      return range !== undefined && numbers.every((number) => isNumber(number, ...range));
    }
  }
}

/** Whether CIGAR is “*” or well formed, with clips at the ends only (section 1.4.6). */
function isCigar(cigar: string): boolean {
  return cigar === '*' || /^(?:\d+H)?(?:\d+S)?(?:\d+[MIDNP=X])+(?:\d+S)?(?:\d+H)?$|^(?:\d+[SH])+$/.test(cigar);
}

function consumed(cigar: string, kinds: string): number {
  let sum = 0;
  for (const [, length, kind = ''] of cigar.matchAll(operations)) if (kinds.includes(kind)) sum += Number(length);
  return sum;
}

function isKnown(name: string, { references }: SamHeader): boolean {
  return name === '*' || (isReferenceName(name) && (references.size === 0 || references.has(name)));
}

function isNumber(text: string, least: number, most: number): boolean {
  const value = Number(text);
  return /^[-+]?\d+$/.test(text) && value >= least && value <= most;
}
