import type { Findings } from '../findings.ts';
import { reservedFields, type FieldDefinition, type VcfType } from './reserved.ts';
import { vcfRules } from './rules.ts';
import type { VcfVersion } from './version.ts';

/** What the meta lines declare. */
export interface VcfHeader {
  version: VcfVersion;
  readonly info: Map<string, FieldDefinition>;
  readonly format: Map<string, FieldDefinition>;
  readonly filters: Set<string>;
  readonly contigs: Map<string, number | undefined>;
  readonly symbolic: Set<string>;
  samples: readonly string[];
  columns: number;
}

interface Entry {
  readonly value: string;
  readonly quoted: boolean;
}
type Entries = ReadonlyMap<string, Entry>;

const types: ReadonlySet<string> = new Set<VcfType>(['Integer', 'Float', 'Flag', 'Character', 'String']);
/** First level of symbolic alleles (1.2.5), and the two names of "any other allele" (5.5). */
const symbolicTypes = /^(?:(?:DEL|INS|DUP|INV|CNV)(?::[^\s,<>:]+)*|\*|NON_REF|[RYSWKMBDHVN])$/;
const quotedFields: ReadonlySet<string> = new Set(['Description', 'Source', 'Version']);

export function emptyHeader(): VcfHeader {
  return {
    version: 2,
    info: new Map(),
    format: new Map(),
    filters: new Set(['PASS']),
    contigs: new Map(),
    symbolic: new Set(),
    samples: [],
    columns: 8,
  };
}

/** Reads one `##` line into the header (VCF specification section 1.2 of 4.2, 1.4 of 4.3 and later). */
export function readMeta(line: string, number: number, header: VcfHeader, findings: Findings): void {
  const place = { line: number, column: 1 };
  const [, key = '', value = ''] = /^##([^=\s][^=]*)=(.+)$/.exec(line) ?? [];
  if (key === '') {
    findings.add(vcfRules.meta, place, line);
    return;
  }
  if (key === 'assembly' || key === 'pedigreeDB') {
    if (!isUrl(value.replace(/^<(.*)>$/, '$1'))) findings.add(vcfRules.url, place, line, { key });
    return;
  }
  const structured = structuredKeys.has(key);
  if (!value.startsWith('<')) {
    if (structured) findings.add(vcfRules.metaShape, place, line, { key });
    return;
  }
  const entries = readEntries(value);
  if (entries === undefined) {
    if (structured || !/^<"[^"]*">$/.test(value)) findings.add(vcfRules.metaShape, place, line, { key });
    return;
  }
  checkEntries(key, entries, { line, place, header, findings });
}

interface Context {
  readonly line: string;
  readonly place: { line: number; column: number };
  readonly header: VcfHeader;
  readonly findings: Findings;
}

const structuredKeys: ReadonlySet<string> = new Set([
  'INFO',
  'FORMAT',
  'FILTER',
  'ALT',
  'contig',
  'SAMPLE',
  'PEDIGREE',
  'META',
]);

function checkEntries(key: string, entries: Entries, context: Context): void {
  const { line, place, header, findings } = context;
  const wrong = (field: string) => findings.add(vcfRules.metaField, place, line, { key, field });
  const need = (...fields: string[]) => {
    for (const field of fields)
      if (!entries.has(field)) findings.add(vcfRules.metaMissing, place, line, { key, field });
  };
  for (const [field, { quoted }] of entries)
    if (quotedFields.has(field) && !quoted) findings.add(vcfRules.metaQuote, place, line, { key, field });
  const number = entries.get('Number')?.value;
  const type = entries.get('Type')?.value;
  if (number !== undefined && !isNumber(number, key, header.version)) wrong('Number');
  if (type !== undefined && (!types.has(type) || (key === 'FORMAT' && type === 'Flag'))) wrong('Type');
  const id = entries.get('ID')?.value ?? '';
  switch (key) {
    case 'INFO':
    case 'FORMAT':
      need('ID', 'Number', 'Type', 'Description');
      checkOrder(key, entries, context);
      checkDefinition(key, id, number, type, context);
      break;
    case 'FILTER':
      need('ID', 'Description');
      if (/[\s;,]/.test(id) || id === '0') wrong('ID');
      header.filters.add(id);
      break;
    case 'ALT':
      need('ID', 'Description');
      checkOrder(key, entries, context);
      if (!symbolicTypes.test(id)) wrong('ID');
      header.symbolic.add(id);
      break;
    case 'contig': {
      need('ID');
      if (entries.has('ID') && !isContig(id, header.version)) wrong('ID');
      const length = entries.get('length')?.value;
      if (length !== undefined && !/^\d+$/.test(length)) wrong('length');
      if (header.contigs.size < contigLimit) header.contigs.set(id, length === undefined ? undefined : Number(length));
      break;
    }
    case 'SAMPLE':
      need('ID');
      if (header.version < 3) {
        need('Genomes', 'Mixture', 'Description');
        for (const [field, { quoted }] of entries) if (quoted && field !== 'Description') wrong(field);
      }
      break;
    case 'PEDIGREE':
      if (header.version >= 3) need('ID');
      for (const [field, { value }] of entries) if (!/^[\w.-]+$/.test(value)) wrong(field);
      break;
    default:
      break;
  }
}

const contigLimit = 1_000_000;

/** Until 4.2 the fields of a definition stand in one order. */
function checkOrder(key: string, entries: Entries, { line, place, header, findings }: Context): void {
  if (header.version >= 3) return;
  const order = ['ID', 'Number', 'Type', 'Description'].filter((field) => entries.has(field));
  const actual = [...entries.keys()].slice(0, order.length);
  if (order.join() !== actual.join()) findings.add(vcfRules.metaOrder, place, line, { key });
}

function checkDefinition(
  key: 'INFO' | 'FORMAT',
  id: string,
  number: string | undefined,
  type: string | undefined,
  { line, place, header, findings }: Context,
): void {
  if (number === undefined || type === undefined || id === '') return;
  const reserved = reservedFields(key, header.version).get(id);
  if (reserved !== undefined && (reserved.number !== number || reserved.type !== type)) {
    const expected = `Number=${reserved.number},Type=${reserved.type}`;
    findings.add(vcfRules.reserved, place, line, { key, id, expected });
  }
  const declared = key === 'INFO' ? header.info : header.format;
  if (declared.has(id)) findings.add(vcfRules.metaTwice, place, line, { key, id });
  declared.set(id, { number, type: type as VcfType });
}

function isNumber(number: string, key: string, version: VcfVersion): boolean {
  if (/^(?:\d+|[AG.])$/.test(number)) return true;
  if (number === 'R') return version >= 2;
  return key === 'FORMAT' && version >= 4 && /^(?:LA|LR|LG|P|M)$/.test(number);
}

/** Contig names: no blanks, commas, quotes or brackets; colons only since 4.3 (1.4.7). */
export function isContig(name: string, version: VcfVersion): boolean {
  if (version >= 3) return /^[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*$/.test(name);
  return /^[^\s,:<>"]+$/.test(name);
}

/** Splits `<key=value,key="quoted value",key=[list, of values]>`; undefined when it is not of that form. */
function readEntries(text: string): Entries | undefined {
  const entries = new Map<string, Entry>();
  const entry = /([^=,<>"\s]+)=(?:"((?:[^"\\]|\\.)*)"|(\[[^\]]*\])|([^",<>\s]*))(,|>$)/y;
  entry.lastIndex = 1;
  for (;;) {
    const found = entry.exec(text);
    if (found === null) return undefined;
    const [, key = '', quoted, list, plain = '', separator] = found;
    const value = quoted ?? list ?? plain;
    if (entries.has(key) || (value === '' && quoted === undefined)) return undefined;
    entries.set(key, { value, quoted: quoted !== undefined });
    if (separator !== ',') return entries;
  }
}

/** An absolute URL whose host is an address or a name that does not end with digits alone (RFC 1123 section 2.1). */
function isUrl(text: string): boolean {
  const [, host = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/\s]*@)?(\[[0-9a-f:]+\]|[^:/\s]+)(?::\d+)?(?:\/\S*)?$/i.exec(text) ?? [];
  if (host === '' || host.startsWith('[')) return host !== '';
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || (/^[\w.-]+$/.test(host) && !/(^|\.)\d+$/.test(host));
}
