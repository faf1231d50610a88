import { spawnSync } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { randomFrom } from '../search/random.ts';

const text = (random: () => number, alphabet: string, length: number): string => {
  let made = '';
  for (let at = 0; at < length; at += 1) made += alphabet[Math.floor(random() * alphabet.length)];
  return made;
};

async function write(path: string, lines: Iterable<string>): Promise<void> {
  const out = createWriteStream(path);
  let waiting = '';
  for (const line of lines) {
    waiting += line;
    if (waiting.length < 1 << 20) continue;
    if (!out.write(waiting)) await once(out, 'drain');
    waiting = '';
  }
  out.end(waiting);
  await once(out, 'finish');
}

function* fastq(reads: number): Generator<string> {
  const random = randomFrom(7);
  for (let n = 0; n < reads; n += 1)
    yield `@A00123:45:HXXXXDSXX:1:1101:${1000 + (n % 30_000)}:${1000 + Math.floor(n / 30_000)} 1:N:0:ACGTACGT\n${text(random, 'ACGT', 150)}\n+\n${text(random, 'FFFFFFFFFFFF:,F#', 150)}\n`;
}

function* vcf(records: number, samples: number): Generator<string> {
  const random = randomFrom(8);
  const names = Array.from({ length: samples }, (_, n) => `S${n}`);
  yield '##fileformat=VCFv4.3\n##contig=<ID=1,length=248956422>\n##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">\n##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">\n##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">\n';
  yield `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${names.join('\t')}\n`;
  for (let n = 0; n < records; n += 1) {
    const calls = names.map(
      () => `${random() < 0.8 ? '0/0' : '0/1'}:${Math.floor(random() * 60)}:${Math.floor(random() * 99)}`,
    );
    yield `1\t${100 + n * 40}\t.\tA\tG\t50\tPASS\tDP=${Math.floor(random() * 900)};AF=0.01\tGT:DP:GQ\t${calls.join('\t')}\n`;
  }
}

function* sam(records: number): Generator<string> {
  const random = randomFrom(9);
  yield '@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:248956422\n@RG\tID:g\tSM:s\n';
  for (let n = 0; n < records; n += 1)
    yield `r${n}\t0\tchr1\t${1 + n * 100}\t60\t150M\t*\t0\t0\t${text(random, 'ACGT', 150)}\t${text(random, 'FFFF:,#', 150)}\tRG:Z:g\tNM:i:0\n`;
}

/** Files to be checked; `bam` only where samtools is installed to make it. */
export interface Files {
  readonly fastq: string;
  readonly fastqGz: string;
  readonly vcf: string;
  readonly bam: string | undefined;
}

export async function makeFiles(folder: string, scale: number): Promise<Files> {
  const at = (name: string) => join(folder, name);
  await write(at('reads.fastq'), fastq(900_000 * scale));
  writeFileSync(at('reads.fastq.gz'), gzipSync(readFileSync(at('reads.fastq')), { level: 6 }));
  await write(at('calls.vcf'), vcf(60_000 * scale, 100));
  await write(at('reads.sam'), sam(300_000 * scale));
  const made = spawnSync('samtools', ['view', '-b', '-o', at('reads.bam'), at('reads.sam')]).status === 0;
  return {
    fastq: at('reads.fastq'),
    fastqGz: at('reads.fastq.gz'),
    vcf: at('calls.vcf'),
    bam: made ? at('reads.bam') : undefined,
  };
}
