import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codesOf, conformance } from '../test/conformance.ts';
import { chunked } from '../test/bytes.ts';
import { haveData } from '../test/shared-data.ts';
import { checkVcf } from './check.ts';
import { vcfRules } from './rules.ts';

const columns = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO';
const row = (
  fields: Partial<Record<'chrom' | 'pos' | 'id' | 'ref' | 'alt' | 'qual' | 'filter' | 'info', string>>,
  ...samples: string[]
) => {
  const { chrom = '1', pos = '10', id = '.', ref = 'A', alt = 'C', qual = '.', filter = '.', info = '.' } = fields;
  return [chrom, pos, id, ref, alt, qual, filter, info, ...samples].join('\t');
};
const file = (meta: string[], rows: string[], head = columns, version = 'VCFv4.2') =>
  `${[`##fileformat=${version}`, ...meta, head, ...rows].join('\n')}\n`;
const meta = (line: string) => file([line], []);
const body = (...rows: string[]) => file([], rows);
const oneSample = `${columns}\tFORMAT\tS1`;
const sample = (format: string, value: string, alt = 'C') => file([], [row({ alt }, format, value)], oneSample);
const dp = '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">';

/** What needs a reference is tested with it. */
type Alone = Exclude<keyof typeof vcfRules, `reference${string}`>;
const cases: Record<Alone, readonly [refused: string, accepted: string]> = {
  fileformat: [file([], [], columns, 'VCF v4.2'), file([], [], columns, 'VCFv4.5')],
  meta: [meta('##reference='), meta('##reference=GRCh38')],
  metaShape: [meta('##contig=<ID=1 A>'), meta('##contig=<ID=1_A,species="Homo sapiens">')],
  metaMissing: [meta('##contig=<length=10>'), meta('##contig=<ID=1,length=10>')],
  metaField: [
    meta('##INFO=<ID=X,Number=N,Type=String,Description="x">'),
    meta('##INFO=<ID=X,Number=R,Type=String,Description="x">'),
  ],
  metaQuote: [meta('##FILTER=<ID=q,Description=low>'), meta('##FILTER=<ID=q,Description="low, \\"q\\"">')],
  metaOrder: [
    meta('##INFO=<Number=1,ID=X,Type=String,Description="x">'),
    file(['##INFO=<Number=1,ID=X,Type=String,Description="x">'], [], columns, 'VCFv4.3'),
  ],
  metaTwice: [file([dp, dp], []), meta(dp)],
  reserved: [meta(dp.replace('Integer', 'Float')), meta(dp)],
  url: [meta('##assembly=ftp://8080:8080/a'), meta('##assembly=https://example.org/a.fa')],
  header: [file([], [], columns.replace('POS', 'POSITION')), body()],
  sampleTwice: [file([], [], `${oneSample}\tS1`), file([], [], `${oneSample}\tS2`)],
  noHeader: ['##fileformat=VCFv4.2\n', body()],
  columns: [body('1\t10\t.\tA\tC\t.\t.'), body(row({}))],
  chrom: [body(row({ chrom: 'chr 1' })), body(row({ chrom: '<ctg1>' }))],
  pos: [body(row({ pos: '-1' })), body(row({ pos: '0' }))],
  id: [body(row({ id: ';rs1' })), body(row({ id: 'rs1;rs2' }))],
  ref: [body(row({ ref: 'R' })), body(row({ ref: 'acgtn' }))],
  alt: [body(row({ alt: 'A,,T' })), body(row({ alt: 'T,<DEL:ME>,*,A[2:5[,]<c>:7]A,.A' }))],
  qual: [body(row({ qual: '-1' })), body(row({ qual: '5.3e-10' }))],
  filter: [body(row({ filter: 'q10;' })), body(row({ filter: 'q10;s50' }))],
  passAndMore: [body(row({ filter: 'PASS;q10' })), body(row({ filter: 'PASS' }))],
  info: [body(row({ info: 'A=1;;B' })), body(row({ info: 'A=1;B' }))],
  infoTwice: [body(row({ info: 'A=1;A=2' })), body(row({ info: 'A=1;B=2' }))],
  infoValue: [body(row({ info: 'DP=1.5' })), body(row({ info: 'DP=15;AC=2;CIGAR=1M3D;DB' }))],
  format: [sample('GQ:GT', '1:0/1'), sample('GT:GQ', '0/1:1')],
  sampleFields: [sample('GT', '0/1:35'), sample('GT:GQ', '0/1')],
  genotype: [sample('GT', '0/|1'), sample('GT', './1|0')],
  alleleRange: [sample('GT', '0/2'), sample('GT', '0/2', 'C,G')],
  sampleValue: [sample('GT:PL', '0/1:1,2'), sample('GT:PL', '0/1/1:1,2,3,4')],
  undeclared: [body(row({ info: 'MY=1' })), file([dp], [row({ info: 'DP=1' })])],
  contiguous: [
    body(row({}), row({ chrom: '2' }), row({ pos: '20' })),
    body(row({}), row({ pos: '20' }), row({ chrom: '2' })),
  ],
  unsorted: [body(row({ pos: '20' }), row({})), body(row({}), row({ pos: '20' }))],
  duplicate: [
    body(row({ pos: '123', ref: 'TAT', alt: 'TGT' }), row({ pos: '124', ref: 'A', alt: 'G' })),
    body(row({ pos: '123', ref: 'TAT', alt: 'TGT' }), row({ pos: '124', ref: 'A', alt: 'C' })),
  ],
};

test.each(Object.entries(cases))('rule %s refuses and accepts', async (name, [refused, accepted]) => {
  const { code } = vcfRules[name as keyof typeof vcfRules];
  expect(await codesOf(checkVcf, refused)).toContain(code);
  expect(await codesOf(checkVcf, accepted)).not.toContain(code);
});

test('the place is line and column of the field', async () => {
  const { findings } = await checkVcf(chunked(body(row({}), row({ pos: '20', alt: 'Q' }))));
  expect(findings).toContainEqual({ code: 'GW5419', level: 'error', place: { line: 4, column: 10 }, value: 'Q' });
});

test('blanks in INFO, colons in contigs and any order of fields are allowed from 4.3 on', async () => {
  const text = (version: string) =>
    file(
      ['##contig=<ID=HLA:1>', '##INFO=<Number=1,ID=X,Type=String,Description="">'],
      [row({ chrom: 'HLA:1', info: 'X=a b' })],
      columns,
      version,
    );
  expect((await checkVcf(chunked(text('VCFv4.3')))).accepted).toBe(true);
  expect((await checkVcf(chunked(text('VCFv4.2')))).accepted).toBe(false);
});

test('statistics', async () => {
  const { statistics } = await checkVcf(chunked(file([], [row({}, 'GT', '0/1')], oneSample)));
  expect(statistics).toEqual({ version: 'VCFv4.2', records: 1, samples: ['S1'], contigs: 1 });
});

test('any bytes in any chunks: never a throw, always the same report', async () => {
  const piece = fc.oneof(fc.constantFrom(...Object.values(cases).flat()), fc.string({ unit: 'binary', maxLength: 40 }));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 3 }), fc.array(fc.nat(), { maxLength: 10 }), async (pieces, cuts) => {
      const text = pieces.join('');
      expect(await checkVcf(chunked(text, cuts))).toEqual(await checkVcf(chunked(text)));
    }),
    { numRuns: 300 },
  );
});

test('long malformed values are judged without backtracking over them', async () => {
  const digits = '1'.repeat(300_000);
  const alt = `##ALT=<ID="DEL${':'.repeat(300_000)} ",Description="x">`;
  const report = await checkVcf(chunked(file([alt], [row({ qual: `${digits}x` })])));
  expect(Object.keys(report.counts)).toEqual(['GW5405', 'GW5420']);
});

describe.runIf(haveData)('the files of the specification', () => {
  test('4.2: every passed file is accepted, at least 97 % of the failed ones are refused', async () => {
    const result = await conformance('formats/vcf/4.2', checkVcf);
    expect(result.wronglyRefused).toEqual([]);
    expect(result.refusedShare).toBeGreaterThanOrEqual(0.97);
  });
});
