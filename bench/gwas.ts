import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobSpecification } from '@geneward/api';
import { plinkFiles, pooled, type MadeCohort } from '../cli/src/testing/cohort.ts';
import { commitFiles, consortium, studyOf } from '../cli/src/testing/consortium.ts';
import { emptyFolder } from '../cli/src/testing/run.ts';
import type { Figure } from './figure.ts';
import { largeStudy } from './gwas/large.ts';
import { mpycSeconds } from './gwas/mpyc.ts';
import { best, farApart, measure, threePlaces, type Measured } from './gwas/parties.ts';

/** Divides every size, to see in a short time that all of it runs. */
const scale = Number(process.env['GENEWARD_BENCH_SCALE'] ?? '1');
const sized = (n: number) => Math.max(10, Math.round(n / scale));

/**
 * Studies over three real party processes with mutual TLS. Seconds are wall clock of the slowest party from when the lines stand,
 * sharing of inputs included; beside them processor time of one party, and how often it waits for a message, which on a line with
 * 50 ms a round trip is what counts.
 */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const tell = (name: string, measured: Measured, target?: number, peer?: Pick<Figure, 'peer' | 'peerValue'>) => {
    const { seconds, processor, sent, waits, most } = measured;
    console.log(
      `${name}: ${seconds.toFixed(2)} s, processor ${processor.toFixed(2)} s a party, ${(sent / 1e6).toFixed(1)} MB sent, ${waits} waits, ${Math.round(most)} MiB`,
    );
    const ratio = peer?.peerValue === undefined ? {} : { ratio: round(peer.peerValue / seconds) };
    figures.push({
      name: `gwas.${name}`,
      value: round(seconds),
      unit: 's',
      better: 'lower',
      ...(target !== undefined && { target }),
      ...peer,
      ...ratio,
    });
  };
  const variants = sized(100_000);
  const mpyc = mpycSeconds(variants);
  const beside = mpyc === undefined ? undefined : { peer: 'MPyC 0.11, passive', peerValue: round(mpyc) };
  const places = await threePlaces();
  const once = (study: string, security: string, numbers: readonly number[], times = 3) =>
    best(times, () => measure(places, study, security, numbers));
  tell('chi-square.semi-honest', await once('chi-square', 'semi-honest', [variants, 0]), 0.4, beside);
  tell('chi-square.malicious', await once('chi-square', 'malicious', [variants, 0]), 0.8, beside);
  tell('suppressed.semi-honest', await once('chi-square', 'semi-honest', [sized(10_000), 5]));
  tell('suppressed.malicious', await once('chi-square', 'malicious', [sized(10_000), 5]));
  tell('kinship.malicious', await once('kinship', 'malicious', [sized(500), sized(10_000)], 1), 90);
  tell('linear', await once('linear', 'semi-honest', [variants, 6000, 10], 1), 60);
  tell('logistic.score', await once('score', 'semi-honest', [variants, 6000, 10], 1), 60);
  tell('logistic.full', await once('full', 'semi-honest', [variants, 6000, 10], 1), 900);
  await farApart(places, async () => {
    for (const security of ['semi-honest', 'malicious'])
      tell(`far.${security}`, await measure(places, 'chi-square', security, [variants, 0]));
  });
  const large = await largeStudy(sized(1_000_000), sized(2000));
  console.log(
    `large: ${large.seconds.toFixed(1)} s, processor ${large.processor.toFixed(1)} s a party, ${Math.round(large.most)} MiB`,
  );
  figures.push(
    { name: 'gwas.large', value: round(large.seconds), unit: 's', better: 'lower', target: 30 },
    { name: 'gwas.large.memory', value: Math.round(large.most), unit: 'MiB', better: 'lower', target: 1024 },
  );
  figures.push(...(await wholeWay(sized(100_000))));
  return figures;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** The whole of `geneward party run` from PLINK files: starting, commitments read again, panel, receipts, reports; beside PLINK. */
async function wholeWay(variants: number): Promise<Figure[]> {
  const cohorts = [1, 2, 3].map((seed) => cohort(variants, 200, seed));
  const places = await consortium(['alpha', 'beta', 'gamma']);
  const commitments = await Promise.all(
    places.map((place, at) => commitFiles(place, plinkFiles(cohorts[at] ?? { copies: [], phenotypes: [] }, `p${at}-`))),
  );
  const folder = emptyFolder();
  for (const [role, content] of Object.entries(plinkFiles(pooled(cohorts), 'all')))
    writeFileSync(join(folder, `all.${role}`), content);
  const plink = existsSync('/usr/bin/plink1.9') ? await timed(() => Promise.resolve(assoc(folder))) : undefined;
  const jobs: Record<string, [JobSpecification['analysis'], Partial<JobSpecification>]> = {
    'run.sums': [{ kind: 'case-control', status: 'fam' }, {}],
    'run.malicious': [{ kind: 'association', status: 'fam', release: 'counts' }, { security: 'malicious' }],
  };
  const figures: Figure[] = [];
  for (const [name, [analysis, more]] of Object.entries(jobs)) {
    const seconds = await timed(() => studyOf(places, commitments, analysis, more));
    figures.push({
      name: `gwas.${name}`,
      value: round(seconds),
      unit: 's',
      better: 'lower',
      ...(plink !== undefined && { peer: 'PLINK 1.9 on the pooled data', peerValue: round(plink) }),
    });
  }
  return figures;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const assoc = (folder: string) =>
  execFileSync('/usr/bin/plink1.9', ['--bfile', 'all', '--assoc', '--allow-no-sex', '--out', 'all'], {
    cwd: folder,
    stdio: 'ignore',
  });

function cohort(variants: number, individuals: number, seed: number): MadeCohort {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
  return {
    phenotypes: Array.from({ length: individuals }, (_, i) => 1 + (i % 2)),
    copies: Array.from({ length: variants }, () => Array.from({ length: individuals }, () => next() % 3)),
  };
}
