import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import {
  align,
  openBcf,
  openVcf,
  plinkGenotypes,
  readAlignment,
  readBim,
  readEffects,
  readFam,
  readTable,
  type Bytes,
  type Effects,
  type Genotypes,
  type Variant,
} from '@geneward/mpc';
import type { JobSpecification, PartyRole } from '@geneward/api';
import { openCommitted, type Committed, type Role } from './records.ts';
import { PartyProblem } from './problem.ts';

/** The institution's own data for one job. */
export interface Inputs {
  /** Whether this party only computes. */
  readonly helper: boolean;
  readonly individuals: number;
  readonly genotypes?: Genotypes;
  readonly effects?: Effects;
  /** Aligned genomes. */
  readonly sequences?: readonly string[];
  readonly variants: readonly Variant[];
  /** Individuals in the order of the genotypes, or of the table where there are none. */
  readonly samples: readonly { readonly id: string }[];
  readonly values: (column: string) => Float64Array;
}

/** Reads lists and tables at once, genotypes as they are needed; every byte is held to the commitment. */
export async function readInputs(
  job: JobSpecification,
  files: Committed['files'],
  role: PartyRole = 'data',
): Promise<Inputs> {
  const helper = role === 'helper';
  const file = (wanted: Role) => files.find((entry) => entry.role === wanted);
  const none = { variants: [], samples: [], values: () => new Float64Array(0) };
  if (helper) return { helper, individuals: 0, ...none };
  if (job.analysis.kind === 'meta-analysis') {
    const given = file('effects');
    if (!given) throw new PartyProblem('input-unusable', 'no effects');
    const effects = await readEffects(openCommitted(given), given.path);
    return { ...none, helper, individuals: effects.individuals, effects, variants: effects.variants };
  }
  if (job.analysis.kind === 'sequence-distance') {
    const given = file('fasta');
    if (!given) throw new PartyProblem('input-unusable', 'no genomes');
    const { names, sequences } = await readAlignment(inflated(given), given.path);
    return { ...none, helper, individuals: names.length, samples: names.map((id) => ({ id })), sequences };
  }
  // Of a split study one party has columns and the other genotypes.
  const columns = role === 'genotypes' ? [] : columnsOf(job);
  const wanted = columns.filter((column) => column !== 'fam');
  const tableFile = file('table');
  const table =
    tableFile && (wanted.length > 0 || job.analysis.kind === 'overlap')
      ? await readTable(openCommitted(tableFile), wanted, tableFile.path)
      : undefined;
  if (wanted.length > 0 && !table) throw new PartyProblem('input-unusable', 'no table');
  const genetic = needsGenotypes(job) && role !== 'phenotypes' ? await readGenotypes(file) : undefined;
  const listed = (job.analysis.kind === 'overlap' && !table) || (role === 'phenotypes' && columns.includes('fam'));
  const fam = listed ? file('fam') : undefined;
  const people = genetic?.genotypes.samples ?? (fam && (await readFam(openCommitted(fam), fam.path)));
  const samples = people ?? (table?.ids ?? []).map((id) => ({ id }));
  if (job.analysis.kind === 'overlap' && !people && !table) throw new PartyProblem('input-unusable', 'no table');
  return {
    helper,
    individuals: samples.length,
    ...(genetic && { genotypes: genetic.genotypes }),
    variants: genetic?.variants ?? [],
    samples,
    values: (column) => {
      if (column === 'fam' && people) return Float64Array.from(people, ({ phenotype }) => phenotypeStatus(phenotype));
      return table ? align(table, column, samples) : new Float64Array(0);
    },
  };
}

/** The sixth column of .fam as case (2) and control (1). */
const phenotypeStatus = (phenotype: number): number => (phenotype === 2 ? 1 : phenotype === 1 ? 0 : Number.NaN);

const needsGenotypes = ({ analysis }: JobSpecification): boolean =>
  !['survival', 'describe', 'overlap', 'meta-analysis'].includes(analysis.kind);

function columnsOf({ analysis }: JobSpecification): string[] {
  if (analysis.kind === 'case-control' || analysis.kind === 'association' || analysis.kind === 'split-association')
    return [analysis.status];
  if (analysis.kind === 'split-regression')
    return [analysis.model === 'linear' ? analysis.outcome : analysis.status, ...analysis.covariates];
  if (analysis.kind === 'describe') return analysis.columns.map(({ column }) => column);
  if (analysis.kind === 'linear') return [analysis.outcome, ...analysis.covariates];
  if (analysis.kind === 'logistic') return [analysis.status, ...analysis.covariates];
  return analysis.kind === 'survival' ? [analysis.time, analysis.event, analysis.group] : [];
}

async function readGenotypes(file: (role: Role) => Committed['files'][number] | undefined) {
  const [bed, bim, fam] = [file('bed'), file('bim'), file('fam')];
  if (bed && bim && fam) {
    const variants = await readBim(openCommitted(bim), bim.path);
    const samples = await readFam(openCommitted(fam), fam.path);
    return { variants, genotypes: plinkGenotypes(() => openCommitted(bed), variants, samples, bed.path) };
  }
  const calls = file('vcf') ?? file('bcf');
  if (!calls) throw new PartyProblem('input-unusable', 'no genotypes');
  const read = () => (calls.role === 'vcf' ? openVcf : openBcf)(inflated(calls), calls.path);
  // One pass for the list of variants, which is not known before.
  const first = await read();
  const variants: Variant[] = [];
  for await (const block of first.blocks()) variants.push(...block.variants);
  const genotypes: Genotypes = {
    samples: first.samples,
    async *blocks() {
      yield* (await read()).blocks();
    },
  };
  return { variants, genotypes };
}

/** The bytes of a file, decompressed when they are gzip (as BGZF is); the hash is over what lies on the disk. */
async function* inflated(file: Committed['files'][number]): Bytes & AsyncGenerator<Uint8Array> {
  const source = openCommitted(file);
  const first = await source.next();
  async function* whole() {
    if (first.done !== true) yield first.value;
    yield* source;
  }
  if (first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b)
    yield* Readable.from(whole()).compose(createGunzip()) as AsyncIterable<Uint8Array>;
  else yield* whole();
}
