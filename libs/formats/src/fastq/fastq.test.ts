import * as fc from 'fast-check';
import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { collectFindings } from '../findings.ts';
import { zlibInflate } from '../layers/zlib-inflate.ts';
import { chunked } from '../test/bytes.ts';
import { dataFile, dataFiles, haveData } from '../test/shared-data.ts';
import { checkFastq, startFastq, type FastqReport } from './check.ts';
import { checkPairing } from './pairing.ts';
import { fastqRules } from './rules.ts';

const check = (text: string | Uint8Array, cuts: readonly number[] = []) =>
  checkFastq(chunked(text, cuts), { reopen: () => chunked(text) });

const record = (name: string, bases = 'ACGT', qualities = 'I'.repeat(bases.length)) =>
  `@${name}\n${bases}\n+\n${qualities}\n`;
const good = record('r1') + record('r2');
const pairing = async (...files: string[]) =>
  checkPairing((await Promise.all(files.map((file) => check(file)))).map((file) => file.names));

/** Files of one run with the read types that the sheet gives each. */
const run = async (...files: (readonly [text: string, types: readonly string[]])[]) =>
  checkPairing(
    (await Promise.all(files.map(([text]) => check(text)))).map((file) => file.names),
    files.map(([, types]) => types),
  );
/** Files of two reads that belong together, one for each list of types; a single list makes two files of barcodes. */
const typed = (...types: readonly string[][]) => {
  const lists = types.length > 1 ? types : [...types, ...types];
  return run(...lists.map((list, nth) => [record(`a ${nth + 1}:N:0:`) + record(`b ${nth + 1}:N:0:`), list] as const));
};

type Told = { readonly findings: readonly { readonly code: string }[] };
const cases: Record<keyof typeof fastqRules, readonly [refused: () => Promise<Told>, accepted: () => Promise<Told>]> = {
  noName: [() => check(`${good}r3\nA\n+\nI\n`), () => check(good)],
  noPlus: [() => check('@r1\nACGT\nII#I\n+\n'), () => check(good)],
  multiLine: [() => check('@r1\nACGT\nACGT\n+\nIIII\nIIII\n'), () => check(record('r1', 'ACGTACGT'))],
  truncated: [() => check(`${good}@r3\nACGT\n+\n`), () => check(good.trimEnd())],
  tooLong: [() => tooLong('A'.repeat(300)), () => tooLong('A'.repeat(30))],
  noReads: [() => plain('\n\n'), () => plain(good)],
  blankName: [() => check(record('')), () => check(good)],
  longName: [() => check(record('x'.repeat(257))), () => check(record('x'.repeat(256)))],
  emptySequence: [() => check(record('r1', '')), () => check(record('r1', 'A'))],
  lengths: [() => check(record('r1', 'ACGT', 'III')), () => check(good)],
  base: [
    () => check(record('r1', 'ACXT')),
    () => check(record('r1', 'acgturyswkmbdhvn.-'.repeat(2) + 'ACGT'.repeat(9))),
  ],
  quality: [() => check(record('r1', 'ACGT', 'II I')), () => check(record('r1', 'ACGT', '!~I#'))],
  ambiguous: [() => check(record('r1', 'NNNA')), () => check(record('r1', 'NNAA'))],
  plusName: [() => check('@r1\nA\n+r2\nI\n'), () => check('@r1\nA\n+r1\nI\n')],
  blankLine: [() => check(`${record('r1')}\n${record('r2')}`), () => check(good)],
  blankEnd: [() => check(`${good}\n\n`), () => check(good)],
  crlf: [() => check(good.replaceAll('\n', '\r\n')), () => check(good)],
  oldQuality: [() => check(record('r1', 'ACGT', 'hhgB')), () => check(record('r1', 'ACGT', 'hhg#'))],
  casava: [() => check(record('a 1:N:0:') + record('b')), () => check(record('a 1:N:0:') + record('b 1:Y:18:ACGT'))],
  duplicate: [() => check(record('r1') + record('r1')), () => check(record('r1/1') + record('r1/2'))],
  suspectedDuplicate: [() => checkFastq(chunked(record('r1') + record('r1'))), () => checkFastq(chunked(good))],
  unpaired: [() => pairing(record('a/1'), record('b/2')), () => pairing(record('a/1'), record('a/2'))],
  mates: [
    () => pairing(record('a/1') + record('a/3'), record('a/2')),
    () => pairing(record('a/1') + record('b/1'), record('a/2') + record('b/2')),
  ],
  sameMate: [() => pairing(record('a/1'), record('a/1')), () => pairing(record('a/1'), record('a/2'))],
  onlyTechnical: [() => typed(['cell_barcode', 'umi_barcode']), () => typed(['cell_barcode'], ['single'])],
  technicalApart: [
    () => run([record('z 1:N:0:'), ['umi_barcode']], [record('a 2:N:0:'), ['single']]),
    () => typed(['cell_barcode'], ['single'], ['sample_barcode']),
  ],
  technicalFew: [
    () => run([record('a') + record('b'), ['single']], [record('a'), ['umi_barcode']]),
    () => run([record('a') + record('b'), ['single']], [record('a') + record('b'), ['umi_barcode']]),
  ],
  pairingFiles: [() => pairing(record('a/1')), () => pairing(record('a 1:N:0:'), record('a 2:N:0:'))],
};

async function tooLong(bases: string): Promise<Told> {
  const { splitRecords } = await import('./records.ts');
  const findings: { code: string }[] = [];
  const broken = ({ reason }: { reason: string }) =>
    void findings.push({ code: reason === 'line too long' ? 'GW5105' : reason });
  const splitter = splitRecords({ record() {}, blankLine() {}, broken }, 256);
  splitter.push(new TextEncoder().encode(record('r1', bases)));
  splitter.end(true);
  return { findings };
}

async function plain(text: string): Promise<Told> {
  const findings = collectFindings();
  const machine = startFastq(findings);
  machine.push(new TextEncoder().encode(text));
  machine.end(true);
  return { findings: findings.list };
}

test.each(Object.entries(cases))('rule %s refuses and accepts', async (name, [refused, accepted]) => {
  const { code } = fastqRules[name as keyof typeof fastqRules];
  expect((await refused()).findings.map((finding) => finding.code)).toContain(code);
  expect((await accepted()).findings.map((finding) => finding.code)).not.toContain(code);
});

describe('places', () => {
  test('line, column, record and excerpt', async () => {
    const { findings } = await check(good + record('r3', 'AC!T'));
    expect(findings).toEqual([
      {
        code: 'GW5111',
        level: 'error',
        place: { line: 10, column: 3, record: 3 },
        value: 'AC!T',
        params: { character: '!' },
      },
    ]);
  });

  test('the duplicate names both records, exactly', async () => {
    const { findings } = await check(record('a') + record('b') + record('a'));
    expect(findings).toEqual([
      {
        code: 'GW5120',
        level: 'error',
        place: { line: 9, column: 2, record: 3 },
        value: 'a',
        params: { earlier: 1, record: 3 },
      },
    ]);
  });

  test('a code is kept twenty times and counted always', async () => {
    const { findings, counts } = await check(Array.from({ length: 50 }, (_, at) => record(`r${at}`, 'AX')).join(''));
    expect(findings.filter((finding) => finding.code === 'GW5111')).toHaveLength(20);
    expect(counts['GW5111']).toBe(50);
  });
});

describe('statistics', () => {
  test('are those of the reads', async () => {
    const { statistics } = await check(record('a', 'GGCA', 'IIII') + record('b', 'AN', '5?'));
    expect(statistics).toEqual({
      reads: 2,
      bases: 6,
      gc: 3 / 5,
      ambiguous: 1 / 6,
      encoding: 'phred+33',
      shortest: 2,
      longest: 4,
      meanLength: 3,
      meanQuality: 35,
      readsQ30: 1,
      qualityByPosition: [30, 35, 40, 40],
      lengths: [
        { from: 2, to: 2, reads: 1 },
        { from: 4, to: 4, reads: 1 },
      ],
    });
  });

  test('long reads fall into classes that hold them', async () => {
    const length = 5000;
    const { statistics } = await check(record('a', 'A'.repeat(length)));
    const [found] = statistics.lengths;
    expect(found?.from).toBeLessThanOrEqual(length);
    expect(found?.to).toBeGreaterThanOrEqual(length);
    expect(statistics.qualityByPosition).toHaveLength(1000);
  });
});

describe('properties', () => {
  const name = fc.stringMatching(/^[!-~]{0,12}( [12]:[NY]:0:[ACGT]{0,4})?$/);
  const line = fc.oneof(
    fc.stringMatching(/^[ACGTN]{0,20}$/),
    fc.string({ maxLength: 10 }),
    fc.constant('\r'),
    fc.constant(''),
  );
  const anyRecord = fc
    .tuple(name, line, fc.constantFrom('+', '+x', 'ACG', ''), line)
    .map(([n, s, p, q]) => `@${n}\n${s}\n${p}\n${q}\n`);
  const goodRecord = fc.tuple(name, fc.stringMatching(/^[ACGTN]{1,20}$/)).map(([n, bases]) => record(n, bases));
  const file = fc
    .array(fc.oneof({ weight: 5, arbitrary: goodRecord }, { weight: 1, arbitrary: anyRecord }), { maxLength: 12 })
    .map((records) => records.join(''));

  const told = ({ names, ...report }: FastqReport) => ({
    ...report,
    mates: names.mates,
    identifiers: [...names.identifiers.hashes],
  });

  test('the report does not depend on how the bytes are split', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.array(fc.nat(), { maxLength: 20 }), async (text, cuts) => {
        const bytes = new TextEncoder().encode(text);
        const everyByte = Array.from(bytes, (_, at) => at);
        const whole = told(await check(bytes));
        expect(told(await check(bytes, cuts))).toEqual(whole);
        expect(told(await check(bytes, everyByte))).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  test('random bytes, plain or gzipped, never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, zip) => {
        const body = zip ? new Uint8Array(zlib.gzipSync(bytes)) : bytes;
        const report = await check(body);
        expect(report.accepted).toBe(!report.findings.some((finding) => finding.level === 'error'));
      }),
      { numRuns: 300 },
    );
  });

  test('valid reads with distinct names are accepted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[ACGT]{1,60}$/), { minLength: 1, maxLength: 40 }),
        async (sequences) => {
          const report = await check(sequences.map((bases, at) => record(`read${at}`, bases)).join(''));
          expect(report.findings).toEqual([]);
          expect(report.statistics.reads).toBe(sequences.length);
          expect(report.statistics.bases).toBe(sequences.join('').length);
        },
      ),
    );
  });
});

test('pairing of large files is estimated from a sample by hash', async () => {
  const names = (from: number, to: number, mate: number) =>
    Array.from({ length: to - from }, (_, at) => record(`i:1:f:1:${from + at}:1:1 ${mate}:N:0:`, 'A')).join('');
  const report = await pairing(names(0, 100_000, 1), names(70_000, 170_000, 2));
  expect(report.exact).toBe(false);
  expect(report.accepted).toBe(true);
  expect(report.paired).toBeGreaterThan(0.29);
  expect(report.paired).toBeLessThan(0.31);
});

describe.runIf(haveData)('real reads', () => {
  const inflate = zlibInflate(zlib);
  const files = [...dataFiles('reads'), ...dataFiles('ena-example/example_data')].filter((name) =>
    /\.(fastq|fq)(\.gz)?$/.test(name),
  );
  const report = (name: string) =>
    checkFastq(chunked(dataFile(name)), { inflate, reopen: () => chunked(dataFile(name)) });

  const refused = 'reads/webin_invalid.fastq.gz';

  test.each(files.filter((name) => name !== refused))('%s is accepted', async (name) => {
    const { accepted, statistics } = await report(name);
    expect(accepted).toBe(true);
    expect(statistics.reads).toBeGreaterThan(0);
  });

  test('FASTA under the name of FASTQ is refused', async () => {
    expect((await report(refused)).counts).toEqual({ GW5014: 1 });
  });

  test.each([
    ['reads/8855_124_1.fastq', 'reads/8855_124_2.fastq', true],
    ['reads/M2241_BLV_sense_1.fastq', 'reads/M2241_BLV_sense_2.fastq', true],
    ['reads/T966_R1.fastq.gz', 'reads/T966_R2.fastq.gz', true],
    ['reads/webin_valid_paired_1.fastq.gz', 'reads/webin_valid_paired_2.fastq.gz', true],
    ['reads/webin_invalid_not_paired_1.fastq.gz', 'reads/webin_invalid_not_paired_2.fastq.gz', false],
    ['ena-example/example_data/ENA_TEST2.R1.fastq.gz', 'ena-example/example_data/ENA_TEST2.R2.fastq.gz', true],
    ['reads/T966_R1.fastq.gz', 'reads/M2241_BLV_sense_1.fastq', false],
  ])('%s pairs with %s: %s', async (first, second, accepted) => {
    const names = [await report(first), await report(second)].map((file) => file.names);
    expect(checkPairing(names).accepted).toBe(accepted);
  });

  test('old Illumina qualities are recognised', async () => {
    expect((await report('reads/mp3_schw3.fq')).statistics.encoding).toBe('phred+64');
  });
});
