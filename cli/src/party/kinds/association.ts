import type { JobSpecification } from '@geneward/api';
import {
  associationBlock,
  associationStudy,
  caseControlCounts,
  cohortOf,
  mostAlleles,
  type AlleleCounts,
  type AssociationColumns,
  type Seat,
  type Variant,
} from '@geneward/mpc';
import type { Inputs } from '../inputs.ts';
import type { Peer } from '../mesh.ts';
import { commonPanel } from '../panel.ts';
import type { Policy } from '../policy.ts';
import { PartyProblem } from '../problem.ts';
import { variantTable, type Result } from '../result.ts';

/** The allelic test over secret counts (layer B): in blocks of variants, each checked before its results are opened. */
export async function association(
  job: JobSpecification,
  inputs: Inputs,
  { seat, peers, policy, individuals }: { seat: Seat; peers: readonly Peer[]; policy: Policy; individuals: number },
): Promise<Result> {
  const { analysis, thresholds } = job;
  if (analysis.kind !== 'association') throw new PartyProblem('bad-specification');
  // Before a table is secret its size has to fit the field.
  if (2 * individuals > mostAlleles) throw new PartyProblem('too-many-individuals');
  const panel = await commonPanel(job, policy.name, inputs.variants, peers);
  const counts = inputs.genotypes
    ? await caseControlCounts(cohortOf(inputs.genotypes, panel, job.ambiguous), inputs.values(analysis.status))
    : undefined;
  const release = { release: analysis.release, minimum: thresholds.cell };
  const block = associationBlock(release, seat.security);
  const parts: AssociationColumns[] = [];
  for (let from = 0; from < panel.length; from += block) {
    const variants = Math.min(block, panel.length - from);
    parts.push(await associationStudy(seat, counts && allelesOf(counts, from, variants), variants, release));
  }
  return associationTable('association', individuals, panel, parts, block);
}

/** The columns of a study in blocks as one table. */
export function associationTable(
  kind: string,
  individuals: number,
  panel: readonly Variant[],
  parts: readonly AssociationColumns[],
  block: number,
): Result {
  const result = variantTable(kind, individuals, [...shown.keys()], panel, (at) => {
    const part = parts[Math.floor(at / block)];
    return [...shown.values()].map((column) => part?.[column][at % block] ?? Number.NaN);
  });
  const suppressed = parts.reduce((count, { released }) => count + released.filter((one) => one === 0).length, 0);
  return { ...result, summary: { ...result.summary, suppressed } };
}

const shown = new Map<string, Exclude<keyof AssociationColumns, 'released'>>([
  ['NALL_A', 'calledCases'],
  ['NALL_U', 'calledControls'],
  ['F_A', 'caseFrequency'],
  ['F_U', 'controlFrequency'],
  ['CHISQ', 'chiSquare'],
  ['P', 'p'],
  ['OR', 'oddsRatio'],
]);

/** Alleles from counts of genotypes: six numbers a variant, cases first. */
function allelesOf(genotypes: Float64Array, from: number, variants: number): AlleleCounts {
  const alleles = (first: number, weights: readonly number[]) =>
    BigUint64Array.from({ length: variants }, (_, at) => {
      const place = 6 * (from + at) + first;
      return BigInt(weights.reduce((sum, weight, k) => sum + weight * (genotypes[place + k] ?? 0), 0));
    });
  return {
    cases: alleles(0, [2, 1]),
    controls: alleles(3, [2, 1]),
    calledCases: alleles(0, [2, 2, 2]),
    calledControls: alleles(3, [2, 2, 2]),
  };
}
