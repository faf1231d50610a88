import type { Finding } from '@geneward/metadata';
import { alignBases } from '../align/align.ts';
import { gapCosts } from '../align/gap-costs.ts';
import { indexReference } from '../align/reference-index.ts';
import { callNucleotides, nameCalls, sampleOfCalls, type Calls } from '../call/nucleotides.ts';
import { nameAmino, Translator } from '../call/translate.ts';
import { identify, type Sketch } from '../dataset/identify.ts';
import type { Dataset } from '../dataset/read.ts';
import { NearestNodes, valueAt } from '../placement/nearest.ts';
import type { Sample } from '../placement/sample.ts';
import { MosaicSearch, type Mosaic } from '../recombinant/detect.ts';
import { judge, privateMutations, type PrivateMutations, type Qc } from '../qc/qc.ts';
import { findingOf } from '../rules/problem.ts';
import { sequenceRules } from '../rules/sequence.ts';
import type { Genome } from '../sequence/fasta.ts';
import { nameMutation } from '../tree/mutation.ts';
import { isLeaf, nodeCount, samplesOf, type Tree } from '../tree/tree.ts';

/** A sample of the tree close to a genome: `distance` is the mutations between them. */
export interface Neighbour {
  readonly name: string;
  readonly distance: number;
  readonly date?: string;
  readonly place?: string;
}

/** What is told about one genome. Without `accepted` there are findings only. */
export interface GenomeReport {
  readonly name: string;
  readonly line: number;
  readonly accepted: boolean;
  readonly findings: readonly Finding[];
  readonly length: number;
  readonly reversed?: boolean;
  /** Share of the reference that is known, 0 to 1. */
  readonly coverage?: number;
  readonly nucleotides?: ReturnType<typeof nameCalls>;
  /** `S:N501Y`; deletions of amino acids among them. */
  readonly aminoAcids?: readonly string[];
  /** `ORF3a:29-43`, codons from 1, both ends. */
  readonly frameShifts?: readonly string[];
  /** `S:144*` */
  readonly stops?: readonly string[];
  readonly qc?: Qc;
  readonly clade?: string;
  /** Other names of lineages that the data set tells, such as `Nextclade_pango`. */
  readonly lineages?: Readonly<Record<string, string>>;
  /** The nearest node of the reference tree, and how many nodes are as near. */
  readonly nearest?: { readonly node: string; readonly distance: number; readonly ties: number };
  /** What the genome has beyond that node. */
  readonly own?: {
    readonly reversions: readonly string[];
    readonly labelled: readonly string[];
    readonly unlabelled: readonly string[];
  };
  readonly neighbours?: readonly Neighbour[];
}

export interface Assessed {
  readonly report: GenomeReport;
  /** The genome as it is placed; absent when it is not accepted. */
  readonly sample?: Sample;
}

export interface AssessOptions {
  /** The other viruses that are known here: what is not of the data set is looked for among them. */
  readonly known?: readonly { readonly id: string; readonly sketch: Sketch }[];
  /** How many neighbours are told. Default 5. */
  readonly neighbours?: number;
}

/** Mutations that a mosaic must explain: none of 97 genomes that are no recombinants reached it. */
const leastGain = 6;

/** From this share of unknown bases on, a genome gets a warning. */
const muchUnknown = 0.5;

/**
 * Makes ready what every genome of a data set needs, and gives the function that tells all about one: alignment, mutations, quality, clade, nearest node and
 * neighbours. A genome is judged on the reference tree alone, so the answer depends on nothing that was given with it.
 */
export function assessor(dataset: Dataset, options: AssessOptions = {}): (genome: Genome) => Assessed {
  const { reference, annotation, tree } = dataset;
  const index = indexReference(reference.genome);
  const costs = gapCosts(reference.genome.length, annotation, dataset.gapSide);
  const translator = new Translator(reference.genome, annotation);
  const place = tree && placer(dataset, tree, options.neighbours ?? 5);

  return ({ name, line, bases, problem }) => {
    const at = { line, alias: name };
    const refused = (finding: Finding): Assessed => ({
      report: { name, line, accepted: false, findings: [finding], length: bases.length },
    });
    if (problem) return refused({ ...problem.finding, place: at });
    const aligned = alignBases(index, costs, bases, dataset.align);
    if ('rule' in aligned) {
      const [best] = aligned.rule === sequenceRules.other ? identify(bases, options.known ?? []) : [];
      if (best && best.id !== dataset.id)
        return refused(findingOf(sequenceRules.elsewhere, at, { virus: best.id, given: dataset.id }));
      return refused(findingOf(aligned.rule, at, { ...aligned.params, reference: reference.name }));
    }
    const calls = callNucleotides(aligned, reference.genome);
    const proteins = translator.translate(aligned, calls);
    const sample = sampleOfCalls(name, calls, reference.genome.length);
    const coverage = coverageOf(calls, reference.genome.length);
    const findings: Finding[] = [];
    if (aligned.reversed) findings.push(findingOf(sequenceRules.reversed, at));
    if (1 - coverage >= muchUnknown)
      findings.push(findingOf(sequenceRules.unknown, at, { percent: Math.round((1 - coverage) * 1000) / 10 }));
    const placed = place?.(calls, sample);
    if (placed?.mosaic) findings.push(findingOf(sequenceRules.mosaic, at, placed.mosaic));
    return {
      sample,
      report: {
        name,
        line,
        accepted: true,
        findings,
        length: bases.length,
        ...(aligned.reversed && { reversed: true }),
        coverage: Math.round(coverage * 1e4) / 1e4,
        nucleotides: nameCalls(calls),
        aminoAcids: proteins.changes.map(nameAmino),
        frameShifts: proteins.frameShifts.map(({ cds, codons: [from, to] }) => `${cds}:${from + 1}-${to}`),
        stops: proteins.stops.map(({ cds, codon }) => `${cds}:${codon + 1}*`),
        qc: judge(calls, proteins, dataset.qc, placed?.own),
        ...placed?.told,
      },
    };
  };
}

function coverageOf(calls: Calls, length: number): number {
  let known = calls.end - calls.start;
  for (let at = 0; at < calls.missing.length; at += 2)
    known -= (calls.missing[at + 1] as number) - (calls.missing[at] as number);
  return Math.max(0, known) / length;
}

interface PlacedHere {
  /** Values of the hint, when two places explain the genome much better than one. */
  readonly mosaic: Readonly<Record<string, string | number>> | undefined;
  readonly own: PrivateMutations;
  readonly told: Pick<GenomeReport, 'clade' | 'lineages' | 'nearest' | 'own' | 'neighbours'>;
}

function placer(
  { labels, lineages, masks }: Dataset,
  tree: Tree,
  count: number,
): (calls: Calls, sample: Sample) => PlacedHere {
  const prior = tree.attributes.get('placement_prior');
  const nearest = new NearestNodes(tree, { masks, ...(prior?.kind === 'quantity' && { prior: prior.numbers }) });
  const mosaics = new MosaicSearch(tree, { masks });
  const leaves = Int32Array.from([...tree.parent.keys()].filter((node) => isLeaf(tree, node)));
  return (calls, sample) => {
    const distances = nearest.distances(sample);
    const found = nearest.least(distances);
    const own = privateMutations(calls, tree, found.node, labels);
    const names = lineages.flatMap((key) => {
      const value = valueAt(tree, key, found.node);
      return value === undefined ? [] : [[key, value] as const];
    });
    const clade = valueAt(tree, 'clade_membership', found.node);
    const mosaic = found.distance < leastGain ? undefined : mosaics.find(sample);
    return {
      own,
      mosaic: mosaic && mosaic.gain >= leastGain ? mosaicValues(tree, mosaic) : undefined,
      told: {
        ...(clade !== undefined && { clade }),
        lineages: Object.fromEntries(names),
        nearest: { node: nameOf(tree, found.node), distance: found.distance, ties: found.nodes.length },
        own: {
          reversions: own.reversions.map(nameMutation),
          labelled: own.labelled.map(nameMutation),
          unlabelled: own.unlabelled.map(nameMutation),
        },
        neighbours: closest(tree, leaves, distances, count),
      },
    };
  };
}

function mosaicValues(tree: Tree, { from, to, gain, donor, acceptor }: Mosaic): Record<string, string | number> {
  const name = (node: number): string => valueAt(tree, 'clade_membership', node) ?? nameOf(tree, node);
  return { from: from + 1, to, gain, donor: name(donor), acceptor: name(acceptor) };
}

const nameOf = (tree: Tree, node: number): string => tree.names.at(node) || `node ${node} of ${nodeCount(tree)}`;

/** The leaves at the least distance, the first in preorder of equal ones. */
function closest(tree: Tree, leaves: Int32Array, distances: Int32Array, count: number): Neighbour[] {
  const best: number[] = [];
  for (const leaf of leaves) {
    const distance = distances[leaf] as number;
    const last = best.at(-1);
    if (best.length === count && last !== undefined && distance >= (distances[last] as number)) continue;
    let at = best.length;
    while (at > 0 && (distances[best[at - 1] as number] as number) > distance) at--;
    best.splice(at, 0, leaf);
    if (best.length > count) best.pop();
  }
  return best.map((leaf) => {
    const date = valueAt(tree, 'date', leaf);
    const place = valueAt(tree, 'country', leaf);
    return {
      name: samplesOf(tree, leaf)[0] ?? '',
      distance: distances[leaf] as number,
      ...(date !== undefined && { date }),
      ...(place !== undefined && { place }),
    };
  });
}
