import type { Finding } from '@geneward/metadata';
import { collectFindings } from '../findings.ts';
import { assemblyRules } from './rules.ts';

export type AssemblyLevel = 'contig' | 'scaffold' | 'chromosome';

/** ENA: how many sequences an assembly of each level may have. */
const counts: Readonly<Record<AssemblyLevel, readonly [least: number, most: number]>> = {
  contig: [2, 1_000_000],
  scaffold: [1, 1_000_000],
  chromosome: [1, 2000],
};

/**
 * Tells the level of an assembly, the highest that it has, and whether it has as many sequences of each level as
 * allowed. Metagenome assemblies have no limits.
 */
export function assemblyLevel(assembly: {
  readonly contigs: number;
  readonly scaffolds: number;
  readonly chromosomes: number;
  readonly metagenome?: boolean;
}): { readonly level: AssemblyLevel; readonly findings: readonly Finding[] } {
  const findings = collectFindings();
  const { contigs, scaffolds, chromosomes, metagenome = false } = assembly;
  const level = chromosomes > 0 ? 'chromosome' : scaffolds > 0 ? 'scaffold' : 'contig';
  const present: readonly (readonly [AssemblyLevel, number])[] = [
    ['contig', level === 'contig' ? contigs : Math.max(2, contigs)],
    ['scaffold', Math.max(1, scaffolds)],
    ['chromosome', Math.max(1, chromosomes)],
  ];
  for (const [level, count] of metagenome ? [] : present) {
    const [least, most] = counts[level];
    if (count < least || count > most) findings.add(assemblyRules.count, {}, undefined, { level, count, least, most });
  }
  return { level, findings: findings.list };
}
