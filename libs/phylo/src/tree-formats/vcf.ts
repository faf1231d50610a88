import { isBase, letterOf, setOf, unknown } from '../tree/mutation.ts';
import { walkStates } from '../tree/states.ts';
import { isLeaf, samplesOf, type Tree } from '../tree/tree.ts';
import type { Sample } from '../placement/sample.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** Samples in one matrix, and cells that are read of it. */
const mostSamples = 1_000_000;

/**
 * Reads a VCF genotype matrix, haploid, as differences a sample: single bases only, `.` is unknown, other alleles (deletions, symbols)
 * are unknown too. Throws `treeRules.syntax` with the line, `treeRules.reference`, `treeRules.position`, `treeRules.name`.
 */
export async function readVcf(
  lines: AsyncIterable<string> | Iterable<string>,
  reference: Tree['reference'],
): Promise<Sample[]> {
  let samples: { name: string; differences: Map<number, number> }[] | undefined;
  let number = 0;
  for await (const raw of lines) {
    number++;
    const line = raw.replace(/\r?\n$/u, '');
    if (line.startsWith('##') || line === '') continue;
    const place = `line ${number}`;
    if (line.startsWith('#')) {
      samples = readHeader(line, place);
      continue;
    }
    if (!samples) throw new VirusProblem(treeRules.syntax, { reason: 'records come before #CHROM' }, place);
    readRecord(line, samples, reference.genome, place);
  }
  if (!samples) throw new VirusProblem(treeRules.syntax, { reason: 'there is no line #CHROM' });
  return samples.map(({ name, differences }) => ({
    name,
    differences: [...differences].sort(([a], [b]) => a - b),
  }));
}

function readHeader(line: string, place: string): { name: string; differences: Map<number, number> }[] {
  const columns = line.split('\t');
  if (columns[0] !== '#CHROM' || columns[8] !== 'FORMAT')
    throw new VirusProblem(treeRules.syntax, { reason: 'the header is not #CHROM … FORMAT and samples' }, place);
  const names = columns.slice(9);
  if (names.length > mostSamples)
    throw new VirusProblem(treeRules.size, { what: 'samples', limit: mostSamples }, place);
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw new VirusProblem(treeRules.name, { name: twice }, place);
  return names.map((name) => ({ name, differences: new Map<number, number>() }));
}

function readRecord(
  line: string,
  samples: readonly { differences: Map<number, number> }[],
  genome: Uint8Array,
  place: string,
): void {
  const columns = line.split('\t');
  if (columns.length !== samples.length + 9)
    throw new VirusProblem(treeRules.syntax, { reason: `${columns.length} columns, not ${samples.length + 9}` }, place);
  const position = Number(columns[1]);
  if (!/^[1-9]\d{0,7}$/u.test(columns[1] ?? '') || position > genome.length)
    throw new VirusProblem(treeRules.position, { position: columns[1] ?? '', length: genome.length }, place);
  const ref = columns[3] ?? '';
  const held = genome[position - 1] ?? unknown;
  if (setOf(ref.charCodeAt(0)) !== held)
    throw new VirusProblem(treeRules.reference, { position, found: ref.charAt(0), expected: letterOf(held) }, place);
  const alleles = [
    held,
    ...(columns[4] ?? '')
      .split(',')
      .map((one) =>
        ref.length === 1 && one.length === 1 && setOf(one.charCodeAt(0)) > 0 ? setOf(one.charCodeAt(0)) : unknown,
      ),
  ];
  for (let at = 0; at < samples.length; at++) {
    const call = (columns[at + 9] ?? '').split(':', 1)[0] ?? '';
    const first = call.split(/[/|]/u, 1)[0] ?? '';
    const set = first === '.' ? unknown : /^\d+$/u.test(first) ? alleles[Number(first)] : undefined;
    if (set === undefined)
      throw new VirusProblem(
        treeRules.syntax,
        { reason: `genotype “${call.slice(0, 20)}”` },
        `${place}, sample ${at + 1}`,
      );
    if (set !== held) samples[at]?.differences.set(position - 1, set);
  }
}

/** Writes the leaves of a tree as a haploid genotype matrix (VCF 4.2), a line at a time. */
export function* vcfLines(tree: Tree): Generator<string> {
  const names: string[] = [];
  /** position → allele set → samples that have it */
  const sites = new Map<number, Map<number, number[]>>();
  const { genome: reference, name } = tree.reference;
  const changed = [...new Set(Array.from(tree.mutations, (mutation) => mutation >>> 8))].sort((a, b) => a - b);
  walkStates(tree, (node, genome) => {
    if (!isLeaf(tree, node)) return;
    for (const sample of samplesOf(tree, node)) {
      for (const position of changed) {
        const set = genome[position] ?? unknown;
        if (set === reference[position]) continue;
        let site = sites.get(position);
        if (!site) sites.set(position, (site = new Map()));
        const list = site.get(set);
        if (list) list.push(names.length);
        else site.set(set, [names.length]);
      }
      names.push(sample);
    }
  });
  yield '##fileformat=VCFv4.2\n';
  yield `##contig=<ID=${name},length=${reference.length}>\n`;
  yield '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n';
  yield `${['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...names].join('\t')}\n`;
  for (const position of changed) {
    const site = sites.get(position);
    if (!site) continue;
    const sets = [...site.keys()].filter(isBase).sort((a, b) => a - b);
    const calls = Array.from({ length: names.length }, () => '0');
    for (const [set, list] of site)
      for (const sample of list) calls[sample] = isBase(set) ? String(sets.indexOf(set) + 1) : '.';
    const alt = sets.length > 0 ? sets.map(letterOf).join(',') : '.';
    yield `${[name, position + 1, '.', letterOf(reference[position] ?? unknown), alt, '.', '.', '.', 'GT', ...calls].join('\t')}\n`;
  }
}
