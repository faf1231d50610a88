import fc from 'fast-check';
import { formatOfName } from '../../intake/tables/files.ts';
import type { ArchiveRecord, DeclaredFile, ObjectType } from '../../model/record.ts';
import { objectTypes, relations } from '../../model/record.ts';

/** Texts that spreadsheets, separators and quoting like to damage. */
const nasty = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2',
  '-x',
  '@SUM(A1)',
  '007',
  "'=x",
  "''",
  '"quoted"',
  'a\tb',
  'line\nbreak\r\nagain',
  '人类，样本（对照）',
  '2024-03-01',
  '45352',
  '1e5',
  'TRUE',
  ' edge ',
  '#ref',
  '_x0041_',
  'None',
  ';',
  'a;"b"',
  '<&>',
  ']]>',
  '𠮷野家',
] as const;

const isFilled = (text: string): boolean => text.trim() !== '';
/** XML 1.0 takes these; everything else is left out of what the XML tests generate. */
// oxlint-disable-next-line no-control-regex -- these characters are what is excluded
const isWritable = (text: string): boolean => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);

/** Any text with something in it, often a nasty one. */
const anyText = fc
  .oneof(
    fc.constantFrom(...nasty),
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.string({ unit: 'binary', minLength: 1 }),
  )
  .filter((text) => isFilled(text) && text.isWellFormed());

/** Any text that XML can hold, without spaces at its edges. */
const xmlText = anyText.map((text) => text.trim()).filter((text) => isFilled(text) && isWritable(text));

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...Array.from({ length: 16 }, (_, digit) => digit.toString(16))),
    minLength: length,
    maxLength: length,
  });

const file: fc.Arbitrary<DeclaredFile> = fc
  .record(
    {
      name: fc.oneof(anyText, fc.constantFrom('a_1.fastq.gz', 'b.bam', '样本.vcf.gz')),
      format: fc.constantFrom('fastq', 'bam', 'vcf', 'other'),
      md5: hex(32),
      sha256: hex(64),
      unencryptedMd5: hex(32),
      readTypes: fc.uniqueArray(fc.constantFrom('single', 'paired', 'umi_barcode'), { minLength: 1 }),
    },
    { requiredKeys: ['name', 'format'] },
  )
  .chain((declared) =>
    fc.boolean().map((told) => (told ? declared : { ...declared, format: formatOfName(declared.name) })),
  );

const reference = fc.record({
  relation: fc.constantFrom(...relations),
  type: fc.constantFrom(...objectTypes),
  target: anyText,
});

const values = fc.oneof(anyText, fc.array(anyText, { minLength: 1, maxLength: 3 }));
const names = fc.oneof(
  fc.constantFrom(
    'depth',
    'Depth',
    'title',
    'alias',
    'sample',
    'note[1]',
    'a[b\\]',
    '__proto__',
    'constructor',
    '*star',
    'depth (m)',
    'collection date',
  ),
  anyText,
);

/** Records with anything in them that the model allows; aliases are unique within a type. */
export const anyRecords: fc.Arbitrary<readonly ArchiveRecord[]> = fc.uniqueArray(
  fc.record(
    {
      type: fc.constantFrom(...objectTypes),
      alias: anyText.filter((alias) => alias.trim() !== 'alias'),
      accession: anyText,
      title: anyText,
      checklist: fc.constantFrom('ERC000011', 'GWC-human'),
      attributes: fc.array(fc.tuple(names, values), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
      units: fc
        .array(fc.tuple(names, anyText), { minLength: 1, maxLength: 2 })
        .map((entries) => Object.fromEntries(entries)),
      references: fc.uniqueArray(reference, { maxLength: 3, selector: (ref) => JSON.stringify(ref) }),
      files: fc.array(file, { maxLength: 3 }),
      place: fc.constant({}),
    },
    { requiredKeys: ['type', 'alias', 'attributes', 'references', 'files', 'place'] },
  ),
  { maxLength: 6, selector: ({ type, alias }) => `${type} ${alias}` },
);

/** Records that the SRA schemas can carry whole. */
export const sraRecords: fc.Arbitrary<readonly ArchiveRecord[]> = fc.uniqueArray(
  fc
    .record({
      type: fc.constantFrom<ObjectType>('project', 'sample', 'experiment', 'run'),
      alias: xmlText,
      title: xmlText,
      fields: fc.array(
        fc.tuple(
          xmlText.map((name) => `f ${name}`),
          fc.oneof(xmlText, fc.array(xmlText, { minLength: 2, maxLength: 3 })),
          fc.option(xmlText),
        ),
        { maxLength: 4 },
      ),
      target: xmlText,
      second: xmlText,
      md5: hex(32),
      paired: fc.boolean(),
    })
    .map(({ type, alias, title, fields, target, second, md5, paired }): ArchiveRecord => {
      const units = fields.flatMap(([name, , unit]) => (unit === null ? [] : [[name, unit] as const]));
      const own: Partial<Record<ObjectType, Partial<ArchiveRecord>>> = {
        sample: {
          checklist: 'ERC000011',
          attributes: { taxon_id: '9606', scientific_name: 'Homo sapiens', description: title },
        },
        experiment: {
          attributes: {
            design_description: title,
            library_strategy: 'WGS',
            library_source: 'GENOMIC',
            library_selection: 'RANDOM',
            library_layout: paired ? 'PAIRED' : 'SINGLE',
            ...(paired ? { nominal_length: '300' } : {}),
            platform: 'ILLUMINA',
            instrument_model: 'Illumina MiSeq',
          },
          references: [
            { relation: 'part_of', type: 'project', target },
            { relation: 'part_of', type: 'sample', target },
            ...(second === target ? [] : [{ relation: 'part_of', type: 'sample', target: second } as const]),
          ],
        },
        run: {
          references: [{ relation: 'part_of', type: 'experiment', target }],
          files: [{ name: second, format: 'fastq', md5, readTypes: ['paired'] }],
        },
      };
      const { attributes = {}, ...rest } = own[type] ?? {};
      return {
        type,
        alias,
        title,
        references: [],
        files: [],
        place: {},
        ...rest,
        attributes: { ...attributes, ...Object.fromEntries(fields.map(([name, value]) => [name, value])) },
        ...(units.length === 0 ? {} : { units: Object.fromEntries(units) }),
      };
    }),
  { minLength: 1, maxLength: 5, selector: ({ type, alias }) => `${type} ${alias}` },
);

/** A record as text without its place and without order where none is meant. */
export function comparable(records: readonly ArchiveRecord[]): readonly string[] {
  const sorted = (entries: object): unknown => Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return records
    .map(({ attributes, units = {}, references, ...record }) =>
      JSON.stringify([
        record.type,
        record.alias,
        record.accession,
        record.title,
        record.checklist,
        sorted(attributes),
        sorted(units),
        references.map(({ relation, type, target }) => JSON.stringify([relation, type, target])).toSorted(),
        record.files.map(sorted),
      ]),
    )
    .toSorted();
}
