import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { checkFile, zlibInflate } from '@geneward/formats';
import type { Figure } from './figure.ts';
import { makeFiles } from './formats/make.ts';

/** Smaller files for a quick try: `GENEWARD_BENCH_SCALE=0.1`. */
const scale = Number(process.env['GENEWARD_BENCH_SCALE'] ?? 1);
const rounds = 3;

/**
 * Checks whole files in this process, the best of three rounds each, in MiB of the plain content a second. Beside them the
 * programs that people use for it (Debian packages seqkit, fastqc, bcftools, samtools), each as a process; one that is not
 * installed is left out. They do less: none of them checks names, alphabets and pairs.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-bench-formats-'));
  try {
    const files = await makeFiles(folder, scale);
    const plain = sizeOf(files.fastq);
    const inflated = await best(() => inflate(files.fastqGz));
    const figures: Figure[] = [
      ...(await beside('fastq', files.fastq, plain, 250, [
        ['seqkit stats', 'seqkit', ['stats', files.fastq]],
        ['fastqc', 'fastqc', ['--quiet', '--outdir', folder, files.fastq]],
      ])),
      ...(await beside('fastq.gz', files.fastqGz, plain, Math.round((0.7 * plain) / inflated), [
        ['seqkit stats', 'seqkit', ['stats', files.fastqGz]],
      ])),
      {
        name: 'formats.fastq.gz.of-zlib',
        value: round(inflated / (await best(() => check(files.fastqGz)))),
        unit: 'of node zlib alone',
        better: 'higher',
        target: 0.7,
      },
      ...(await beside('vcf', files.vcf, sizeOf(files.vcf), undefined, [
        ['bcftools view', 'bcftools', ['view', '-o', '/dev/null', files.vcf]],
      ])),
    ];
    if (files.bam === undefined) console.log('bam: left out, for samtools is not installed and makes the file');
    else
      figures.push(
        ...(await beside('bam', files.bam, sizeOf(files.bam), undefined, [
          ['samtools quickcheck', 'samtools', ['quickcheck', '-v', files.bam]],
          ['samtools view -c', 'samtools', ['view', '-c', files.bam]],
        ])),
      );
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Peer = readonly [name: string, program: string, args: readonly string[]];

async function beside(
  name: string,
  path: string,
  mebibytes: number,
  target: number | undefined,
  peers: readonly Peer[],
): Promise<Figure[]> {
  const value = round(mebibytes / (await best(() => check(path))));
  const figure = {
    name: `formats.${name}`,
    value,
    unit: 'MiB/s',
    better: 'higher',
    ...(target !== undefined && { target }),
  } as const;
  const compared: Figure[] = [];
  for (const [peer, program, args] of peers) {
    if (spawnSync(program, ['--version']).error) {
      console.log(`${peer}: not installed`);
      continue;
    }
    const peerValue = round(mebibytes / (await best(async () => runPeer(program, args))));
    compared.push({ ...figure, peer, peerValue, ratio: round(value / peerValue) });
  }
  return compared.length > 0 ? compared : [figure];
}

function runPeer(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, [...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
}

async function check(path: string): Promise<void> {
  const report = await checkFile(createReadStream(path, { highWaterMark: 1 << 18 }), { inflate: zlibInflate(zlib) });
  if (!report.accepted) throw new Error(`${path} was refused: ${JSON.stringify(report.findings[0])}`);
}

async function inflate(path: string): Promise<void> {
  const stream = createReadStream(path, { highWaterMark: 1 << 18 }).pipe(zlib.createGunzip({ chunkSize: 1 << 18 }));
  for await (const _ of stream) void _;
}

/** Seconds of the fastest of some rounds. */
async function best(work: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < rounds; at += 1) {
    const began = performance.now();
    await work();
    least = Math.min(least, performance.now() - began);
  }
  return least / 1000;
}

const sizeOf = (path: string): number => statSync(path).size / 2 ** 20;
const round = (value: number): number => Math.round(value * 100) / 100;
