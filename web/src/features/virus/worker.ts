import { portableSha256 } from '@geneward/merkle';
import { render, type Catalogue, type Finding } from '@geneward/metadata';
import {
  assessor,
  datasetLimit,
  datasetRules,
  isLeaf,
  madeUpDataset,
  readDataset,
  readFasta,
  reportColumns,
  reportRow,
  unpackDataset,
  updateTree,
  virusRules,
  VirusProblem,
  type Dataset,
  type GenomeReport,
  type Sample,
} from '@geneward/phylo';
import type { Asked, Row, Said, Told } from './told.ts';

/** Genomes that travel to the page together. */
const together = 20;
const catalogue: Catalogue = new Map(virusRules.map((rule) => [rule.code, rule]));

const tell = (told: Told): void => postMessage(told);

const say = (finding: Finding): Said => ({
  code: finding.code,
  level: finding.level,
  line: finding.place.line,
  name: finding.place.alias,
  en: render(finding, 'en', catalogue),
  zh: render(finding, 'zh', catalogue),
});

/** The last data set that could be opened. */
let dataset: Dataset | undefined;

/** One after another: a second file waits for the first. */
let last: Promise<void> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  last = last.then(() => answer(data));
});

async function answer(asked: Asked): Promise<void> {
  try {
    if (asked.kind === 'dataset') {
      dataset = await open(asked.file);
      const { name, version, hash, tree } = dataset;
      const leaves = tree ? tree.parent.reduce((sum, _, node) => sum + (isLeaf(tree, node) ? 1 : 0), 0) : 0;
      tell({ kind: 'dataset', dataset: { name, version, hash, leaves } });
    } else if (dataset) await run(dataset, asked.file);
  } catch (error) {
    tell(error instanceof VirusProblem ? { kind: 'failed', said: say(error.finding) } : { kind: 'broken' });
  }
}

async function open(file: File | undefined): Promise<Dataset> {
  if (!file) return readDataset(madeUpDataset(), portableSha256);
  if (file.size > datasetLimit)
    throw new VirusProblem(datasetRules.large, { limit: datasetLimit }, { file: file.name });
  return readDataset(unpackDataset(new Uint8Array(await file.arrayBuffer())), portableSha256);
}

/** Tells each genome as it is read, then places those that can be placed. Nothing here knows a network. */
async function run(of: Dataset, file: File): Promise<void> {
  const assess = assessor(of);
  const parts: BlobPart[] = [`${reportColumns(of).join('\t')}\n`];
  const samples: Sample[] = [];
  let rows: Row[] = [];
  let read = 0;
  const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, to) => {
      read += chunk.length;
      to.enqueue(chunk);
    },
  });
  const flush = (): void => {
    tell({ kind: 'rows', rows, read, size: file.size });
    rows = [];
  };
  for await (const genome of readFasta(await unpacked(file, file.stream().pipeThrough(count)))) {
    const { report, sample } = assess(genome);
    if (sample) samples.push(sample);
    parts.push(`${reportRow(of, report).join('\t')}\n`);
    rows.push(rowOf(of, report));
    if (rows.length >= together) flush();
  }
  flush();
  tell({ kind: 'placing' });
  const placed =
    of.tree && (await updateTree({ tree: of.tree }, samples, { masks: of.masks, clade: 'clade_membership' }));
  const stands = (placed?.diff.added ?? []).map(({ name, beside, cost }) => ({ name, beside, cost }));
  tell({ kind: 'done', stands, table: new Blob(parts, { type: 'text/tab-separated-values' }) });
}

/** A packed file is known by its first bytes, not by its name. */
async function unpacked(
  file: File,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
}

function rowOf(of: Dataset, report: GenomeReport): Row {
  return {
    name: report.name,
    line: report.line,
    accepted: report.accepted,
    findings: report.findings.map(say),
    quality: report.qc?.status,
    score: report.qc && Math.round(report.qc.score),
    clade: report.clade,
    lineages: of.lineages.flatMap((key) => report.lineages?.[key] ?? []),
    coverage: report.coverage,
    aminoAcids: report.aminoAcids ?? [],
    neighbours: report.neighbours?.map(({ name, distance }) => `${name} (${distance})`) ?? [],
  };
}
