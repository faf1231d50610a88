import { lineLimit, splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { textRules } from '../layers/text-rules.ts';
import { feed, findingsFor, reportOf, type CheckOptions, type FileReport } from '../report.ts';
import { readFeature, type Feature } from './feature.ts';
import { gff3Rules } from './rules.ts';

export interface Gff3Report extends FileReport {
  readonly format: 'gff3';
  readonly statistics: {
    readonly features: number;
    /** Features by type. */
    readonly types: Readonly<Record<string, number>>;
    readonly sequences: number;
  };
}

/** Identifiers, and distinct types or sequences, that are remembered at most. */
const identifierLimit = 5_000_000;
const nameLimit = 1_000_000;

/** Checks a GFF3 file. Memory grows with the number of identifiers, up to a limit; never throws for what is in it. */
export async function checkGff3(source: Bytes, options: CheckOptions = {}): Promise<Gff3Report> {
  const findings = findingsFor(options);
  const regions = new Map<string, { start: number; end: number }>();
  const sequences = new Set<string>();
  const circular = new Set<string>();
  const types = new Map<string, number>();
  const graph = featureGraph(findings);
  let features = 0;
  let fasta = false;

  const directive = (text: string, line: number) => {
    if (/^##FASTA\s*$/.test(text)) fasta = true;
    if (!text.startsWith('##sequence-region')) return;
    const [, name = '', start = '', end = ''] = /^##sequence-region\s+(\S+)\s+(\d+)\s+(\d+)\s*$/.exec(text) ?? [];
    if (name === '' || Number(start) > Number(end) || regions.has(name))
      findings.add(gff3Rules.directive, { line, column: 1 }, text);
    else if (regions.size < nameLimit) regions.set(name, { start: Number(start), end: Number(end) });
  };

  const add = (feature: Feature, line: number) => {
    features += 1;
    const { seqid: name, type } = feature;
    if (sequences.size < nameLimit) sequences.add(name);
    if (types.size < nameLimit) types.set(type, (types.get(type) ?? 0) + 1);
    if (feature.circular) circular.add(name);
    const region = regions.get(name);
    if (region !== undefined && !circular.has(name) && (feature.start < region.start || feature.end > region.end))
      findings.add(gff3Rules.bounds, { line, column: 1 }, name, { name, start: region.start, end: region.end });
    graph.add(feature, line);
  };

  const lines = splitLines({
    tooLong: (line) => findings.add(textRules.lineTooLong, { line }, undefined, { line, limit: lineLimit }),
    line(text, line) {
      if (line === 1 && !/^##gff-version\s+3(?:\.\d+){0,2}\s*$/.test(text))
        findings.add(gff3Rules.version, { line, column: 1 }, text);
      if (text.startsWith('>')) fasta = true;
      if (fasta || text === '') return;
      if (text.startsWith('##')) directive(text, line);
      else if (!text.startsWith('#')) {
        const feature = readFeature(text, line, findings);
        if (feature !== undefined) add(feature, line);
      }
    },
  });
  const { compression, complete } = await feed(source, ['gff3', 'text'], lines, findings, options);
  lines.end(complete);
  if (complete) graph.end();
  if (complete && features === 0 && !findings.refused) findings.add(gff3Rules.noFeatures, {});
  const statistics = { features, types: Object.fromEntries(types), sequences: sequences.size };
  return { ...reportOf('gff3', compression, findings), format: 'gff3', statistics };
}

/** Gathers identifiers and their parents; `end` tells what is missing and what runs in circles. */
function featureGraph(findings: Findings) {
  const kinds = new Map<string, string>();
  const parents = new Map<string, Set<string>>();
  const wanted = new Map<string, number>();

  return {
    add({ id, seqid, type, parents: own, derivesFrom }: Feature, line: number): void {
      for (const parent of [...own, ...derivesFrom])
        if (!kinds.has(parent) && wanted.size < identifierLimit && !wanted.has(parent)) wanted.set(parent, line);
      if (id === undefined) return;
      const kind = `${seqid} ${type}`;
      const earlier = kinds.get(id);
      if (earlier !== undefined && earlier !== kind) findings.add(gff3Rules.identifier, { line }, id, { id });
      if (kinds.size >= identifierLimit) return;
      kinds.set(id, kind);
      wanted.delete(id);
      if (own.length === 0) return;
      const known = parents.get(id) ?? new Set();
      for (const parent of own) known.add(parent);
      parents.set(id, known);
    },
    end(): void {
      const whole = kinds.size < identifierLimit;
      for (const [id, line] of whole ? wanted : []) findings.add(gff3Rules.parent, { line }, id, { id });
      for (const id of circles(parents)) findings.add(gff3Rules.cycle, {}, id, { id });
    },
  };
}

/** One identifier of each circle of parents, found in a single walk without recursion. */
function circles(parents: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  for (const start of parents.keys()) {
    const path = new Set<string>();
    const stack: { id: string; next: Iterator<string> }[] = [];
    const enter = (id: string) => {
      path.add(id);
      stack.push({ id, next: (parents.get(id) ?? new Set<string>()).values() });
    };
    if (!done.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { value, done: exhausted = false } = top.next.next();
      if (exhausted) {
        path.delete(top.id);
        done.add(top.id);
        stack.pop();
      } else if (path.has(value)) found.push(value);
      else if (!done.has(value)) enter(value);
    }
  }
  return found;
}
