import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulateGenome, genomeFasta } from '../simulate/genome.ts';
import { chunked } from '../test/bytes.ts';
import { checkAgp } from './agp.ts';
import { checkFasta } from './fasta.ts';
import { assemblyLevel } from './level.ts';
import { checkChromosomeList, checkUnlocalisedList } from './lists.ts';
import { assemblyRules } from './rules.ts';

type Told = Promise<{ readonly findings: readonly { readonly code: string }[] }>;

const bases = 'ACGT'.repeat(10);
const fasta = (text: string): Told => checkFasta(chunked(text));
const lengths = new Map([
  ['c1', 100],
  ['c2', 50],
]);
const agp = (...lines: string[]): Told =>
  checkAgp(chunked(lines.map((line) => `${line.replaceAll(' ', '\t')}\n`).join('')), { lengths });
const known = new Set(['c1', 'c2']);
const list = (...lines: string[]): Told =>
  checkChromosomeList(chunked(lines.map((line) => `${line.replaceAll(' ', '\t')}\n`).join('')), { known });

const first = 's1 1 100 1 W c1 1 100 +';
const gap = 's1 101 200 2 N 100 scaffold yes paired-ends;map';
const second = 's1 201 250 3 W c2 1 50 -';

const cases: Record<keyof typeof assemblyRules, readonly [refused: () => Told, accepted: () => Told]> = {
  noName: [() => fasta(`> c1\n${bases}\n`), () => fasta(`>c1 text\n${bases}\n`)],
  nameTwice: [() => fasta(`>c1\n${bases}\n>c1 x\n${bases}\n`), () => fasta(`>c1\n${bases}\n>c2\n${bases}\n`)],
  notFasta: [() => fasta(`${bases}\n>c1\n${bases}\n`), () => fasta(`>c1\n${bases}\n`)],
  base: [() => fasta(`>c1\n${bases}*\n`), () => fasta(`>c1\n${bases}acgturyswkmbdhvna\n`)],
  tooShort: [() => fasta('>c1\nACGTACGTACGTACGTACG\n'), () => fasta('>c1\nACGTACGTAC\nGTACGTACGT\n')],
  endsWithN: [() => fasta(`>c1\n${bases}\nN\n`), () => fasta(`>c1\n${bases}\nNA\n`)],
  noSequences: [() => fasta('; only a comment\n'), () => fasta(`>c1\n${bases}`)],
  count: [
    async () => assemblyLevel({ contigs: 1, scaffolds: 0, chromosomes: 0 }),
    async () => assemblyLevel({ contigs: 1, scaffolds: 0, chromosomes: 1 }),
  ],
  agpColumns: [() => agp(first.replace('W', 'X')), () => agp(first, gap, second)],
  agpOrder: [() => agp(first, gap, second.replace(' 3 ', ' 4 ')), () => agp(first, gap, second)],
  agpLength: [() => agp(first.replace('1 100 +', '1 99 +')), () => agp(first, gap, second)],
  agpComponent: [() => agp('s1 1 60 1 W c2 1 60 +'), () => agp(first, gap, second)],
  agpGapEnd: [() => agp(first, gap), () => agp(first, gap, second)],
  agpSingletons: [() => agp(first), () => agp(first, gap, second)],
  listColumns: [() => list('c1 chr chromosome'), () => list('c1 1 circular-chromosome Mitochondrion')],
  listTwice: [() => list('c1 1 chromosome', 'c2 1 chromosome'), () => list('c1 1 chromosome', 'c2 2 plasmid')],
  listUnknown: [() => list('c9 1 chromosome'), () => list('c1 1 chromosome')],
};

test.each(Object.entries(cases))('rule %s refuses and accepts', async (name, [refused, accepted]) => {
  const { code } = assemblyRules[name as keyof typeof assemblyRules];
  expect((await refused()).findings.map((finding) => finding.code)).toContain(code);
  expect((await accepted()).findings).not.toContainEqual(expect.objectContaining({ code }));
});

test.each([
  ['gap_length', gap.replace('N 100', 'U 99')],
  ['gap_type', gap.replace('scaffold', 'fragment')],
  ['linkage', gap.replace('scaffold yes', 'centromere yes')],
  ['linkage_evidence', gap.replace('paired-ends;map', 'guess')],
  ['orientation', second.replace('-', '*')],
  ['object_end', second.replace('250', '200')],
])('a wrong %s is named', async (field, line) => {
  expect((await agp(first, line)).findings[0]).toMatchObject({ code: 'GW5211', place: { line: 2 }, params: { field } });
});

test('a whole assembly passes, and its parts fit together', async () => {
  const genome = simulateGenome(1, 5000);
  const sequences = await checkFasta(chunked(genomeFasta(genome)));
  expect(sequences.findings).toEqual([]);
  expect(sequences.statistics).toMatchObject({ sequences: 1, bases: 5000, longest: 5000, n50: 5000, unknown: 0 });
  const chromosomes = await checkChromosomeList(chunked(`${genome.name}\t1\tlinear-chromosome\n`), {
    known: new Set(sequences.lengths.keys()),
  });
  expect(chromosomes.findings).toEqual([]);
  expect([...chromosomes.chromosomes]).toEqual([[genome.name, '1']]);
});

test('an unlocalised list names known sequences and chromosomes', async () => {
  const options = { known, chromosomes: new Set(['1']) };
  expect((await checkUnlocalisedList(chunked('c1\t1\n'), options)).accepted).toBe(true);
  expect((await checkUnlocalisedList(chunked('c1\t2\n'), options)).counts).toEqual({ GW5223: 1 });
  expect((await checkUnlocalisedList(chunked('c1\n'), options)).counts).toEqual({ GW5221: 1 });
});

test('n50, GC and lengths', async () => {
  const report = await checkFasta(chunked(`>a\n${'G'.repeat(60)}\n>b\n${'A'.repeat(30)}\nAN${'A'.repeat(8)}\n`));
  expect(report.statistics).toEqual({
    sequences: 2,
    bases: 100,
    gc: 60 / 99,
    unknown: 1,
    longest: 60,
    shortest: 40,
    n50: 60,
  });
  expect([...report.lengths]).toEqual([
    ['a', 60],
    ['b', 40],
  ]);
});

test('any bytes in any chunks: never a throw, always the same report', async () => {
  const line = fc.oneof(
    fc.constantFrom('>c1', '>', bases, first, gap, second, '#'),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), async (lines, cuts) => {
      const text = lines.join('\n');
      for (const check of [checkFasta, checkAgp, checkChromosomeList, checkUnlocalisedList])
        expect(await check(chunked(text, cuts))).toEqual(await check(chunked(text)));
    }),
    { numRuns: 150 },
  );
});

test('a sequence on one line of any length is checked in pieces, with the column of what is wrong', async () => {
  const mebibyte = new TextEncoder().encode('ACGT'.repeat(2 ** 18));
  async function* longer(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('>chr1 one line\n');
    for (let nth = 0; nth < 260; nth += 1) yield mebibyte;
    yield new TextEncoder().encode('A\r\n>chr2\r\nACGTACGTACGTACGTACGTA');
  }
  const before = process.memoryUsage().arrayBuffers;
  const { findings, lengths: found } = await checkFasta(longer());
  // What was let go may lie until 64 MiB have gathered; the line held whole would be 260.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(130 * 2 ** 20);
  expect([findings, [...found]]).toEqual([
    [],
    [
      ['chr1', 260 * 2 ** 20 + 1],
      ['chr2', 21],
    ],
  ]);
});

test('pieces of a long line say what the whole line would, wherever it is cut', async () => {
  const size = 2_600_000;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(size - 2),
      fc.integer({ min: 1, max: 900_000 }),
      fc.constantFrom('\n', '\r\n'),
      async (at, step, ending) => {
        const text = `>c1${ending}${'A'.repeat(at)}*${'C'.repeat(size - at - 1)}${ending}>c2${ending}${'G'.repeat(30)}${ending}`;
        const bytes = new TextEncoder().encode(text);
        async function* pieces(): AsyncGenerator<Uint8Array> {
          for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
        }
        const told = await checkFasta(pieces());
        expect(told.findings.map(({ code, place }) => [code, place])).toEqual([
          [assemblyRules.base.code, { line: 2, column: at + 1 }],
        ]);
        expect([...told.lengths]).toEqual([
          ['c1', size],
          ['c2', 30],
        ]);
      },
    ),
    { numRuns: 15 },
  );
});
