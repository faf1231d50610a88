import * as zlib from 'node:zlib';
import { concat } from '../bytes/reader.ts';
import { genomeFasta, simulateGenome } from '../simulate/genome.ts';
import { simulateReads } from '../simulate/reads.ts';
import { bgzip } from './bgzf.ts';
import { latin } from './bytes.ts';

const text = new TextEncoder();
const int32 = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);

const header = '@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:1000\n@RG\tID:1\tSM:s\n@PG\tID:p\tPN:p\n';
const alignments = Array.from(
  { length: 6 },
  (_, i) =>
    `r${i}\t0\tchr1\t${10 + i * 9}\t60\t2S4M1I3M\t*\t0\t0\tACGTACGTAC\tIIIIIIIIII\tNM:i:1\tRG:Z:1\tML:B:C,1,2\n`,
).join('');

const vcf = `##fileformat=VCFv4.3
##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">
##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">
##FILTER=<ID=q10,Description="Low">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=GL,Number=G,Type=Float,Description="Likelihoods">
##contig=<ID=1,length=10000>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts1\ts2
1\t100\trs1\tA\tC\t50\tPASS\tDP=10;AF=0.5\tGT:GL\t0/1:-1,-2,-3\t1|1:.
1\t200\t.\tAT\tA,<DEL>\t.\tq10\tDP=3;AF=0.1,0.2\tGT\t./.\t0/2
1\t300\t.\tG\tG]1:500]\t.\t.\t.\tGT\t0/1\t0/0
`;

const gff3 = `##gff-version 3
##sequence-region chr1 1 1000
chr1\tx\tgene\t1\t900\t.\t+\t.\tID=g1;Name=a%3Bb
chr1\tx\tmRNA\t1\t900\t.\t+\t.\tID=m1;Parent=g1
chr1\tx\tCDS\t1\t300\t.\t+\t0\tID=c1;Parent=m1
chr1\tx\tCDS\t400\t702\t.\t+\t0\tID=c1;Parent=m1
`;

const agp =
  '##agp-version\t2.1\nchr1\t1\t100\t1\tW\tc1\t1\t100\t+\nchr1\t101\t200\t2\tN\t100\tscaffold\tyes\tpaired-ends\nchr1\t201\t300\t3\tW\tc2\t1\t100\t-\n';

function bam(): Uint8Array {
  const body = new Uint8Array(32);
  const view = new DataView(body.buffer);
  view.setInt32(4, 9, true);
  view.setUint8(8, 3);
  view.setUint16(12, 1, true);
  view.setUint32(16, 4, true);
  view.setInt32(20, -1, true);
  view.setInt32(24, -1, true);
  const tail = [latin('r1\0'), int32(4 << 4), Uint8Array.of(0x12, 0x48, 30, 30, 30, 30), latin('NMC\x01XXZab\0')];
  const record = concat(body, ...tail);
  const records = Array.from({ length: 4 }, () => concat(int32(record.length), record));
  const references = concat(int32(1, 5), latin('chr1\0'), int32(1000));
  return concat(latin('BAM\x01'), int32(header.length), latin(header), references, ...records);
}

/** A small valid file of every format that can be written here, made from a seed: what mutations start from. */
export function validFiles(): readonly (readonly [name: string, content: Uint8Array])[] {
  const genome = simulateGenome(7, 700);
  const reads = [...simulateReads(genome, { seed: 7, pairs: 6, length: 40 })];
  return [
    ['fastq', concat(...reads.map(({ forward }) => forward))],
    ['fasta', text.encode(genomeFasta(genome))],
    ['sam', text.encode(header + alignments)],
    ['vcf', text.encode(vcf)],
    ['gff3', text.encode(gff3)],
    ['agp', text.encode(agp)],
    ['bam', bam()],
  ];
}

/** The layers in which such a file may come. */
export const layers: Readonly<Record<string, (content: Uint8Array) => Uint8Array>> = {
  plain: (content) => content,
  gzip: (content) => zlib.gzipSync(content),
  bgzf: (content) => bgzip(content, 300),
};
