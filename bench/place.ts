import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  isLeaf,
  matPieces,
  parsimonyOf,
  placeSamples,
  readAuspice,
  sampleOfLeaf,
  sarsCov2Masks,
  withoutSamples,
  type Sample,
  type Tree,
} from '@geneward/phylo';
import type { Figure } from './figure.ts';
import { outbreak, relatives } from './virus/outbreak.ts';

/** Smaller for a quick try: `GENEWARD_BENCH_LEAVES=200000`. */
const millions = Number(process.env['GENEWARD_BENCH_LEAVES'] ?? 5_000_000);

/**
 * Placing on the shared reference tree of 2,884 leaves (500 withheld), on a made-up one of 100,000, and loading a made-up one of 5 million
 * from UShER's format and placing on it. UShER is in no Debian release; its figures stand in the facts of the project and were not taken in this run.
 */
export async function run(): Promise<Figure[]> {
  const shared = resolve(import.meta.dirname, '../../shared/data/virus/sars-cov-2/tree.json');
  const { tree } = readAuspice(readFileSync(shared, 'utf8'));
  const leaves = leavesOf(tree);
  const withheld = leaves.filter((_, at) => at % 6 === 0).slice(0, 500);
  const start = withoutSamples(tree, new Set(withheld.map((leaf) => tree.names.at(leaf)))).tree;
  const samples = withheld.map((leaf) => sampleOfLeaf(tree, leaf));
  const small = await best(3, start, samples);
  console.log(
    `500 back on ${leavesOf(start).length} leaves: ${small.added} mutations added to ${parsimonyOf(start)}; the whole tree had ${parsimonyOf(tree)}`,
  );
  const { tree: large } = outbreak(100_000);
  const some = leavesOf(large)
    .filter((_, at) => at % 200 === 0)
    .map((leaf) => sampleOfLeaf(large, leaf));
  const before = process.memoryUsage().rss;
  const big = await best(2, large, relatives(some));
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  const held = bytesOf(large) / 2 ** 20;
  const load = loadMillions();
  return [
    { name: 'place.3000', value: Math.round(small.rate), unit: 'samples/s', better: 'higher', target: 700 },
    { name: 'place.100000', value: Math.round(big.rate), unit: 'samples/s', better: 'higher', target: 100 },
    { name: 'place.100000.tree', value: Math.round(held), unit: 'MiB', better: 'lower' },
    { name: 'place.100000.grown', value: Math.round(grown), unit: 'MiB', better: 'lower', target: 300 },
    { name: 'place.5000000.load', value: Math.round(load.seconds * 10) / 10, unit: 's', better: 'lower', target: 60 },
    { name: 'place.5000000.memory', value: Math.round(load.most), unit: 'MiB', better: 'lower', target: 2048 },
    { name: 'place.5000000.batch', value: Math.round(load.placing * 10) / 10, unit: 's', better: 'lower' },
    {
      name: 'place.5000000.batch.memory',
      value: Math.round(load.mostPlacing),
      unit: 'MiB',
      better: 'lower',
      target: 2048,
    },
  ];
}

const leavesOf = (tree: Tree): number[] => [...tree.parent.keys()].filter((node) => isLeaf(tree, node));

const bytesOf = (tree: Tree): number =>
  tree.parent.byteLength +
  tree.size.byteLength +
  tree.start.byteLength +
  tree.mutations.byteLength +
  tree.names.byteLength;

async function best(times: number, tree: Tree, samples: readonly Sample[]): Promise<{ rate: number; added: number }> {
  let rate = 0;
  let added = 0;
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    const placed = await placeSamples(tree, samples, { masks: sarsCov2Masks });
    rate = Math.max(rate, samples.length / ((performance.now() - began) / 1000));
    added = parsimonyOf(placed.tree) - parsimonyOf(tree);
  }
  return { rate, added };
}

interface Loaded {
  readonly seconds: number;
  readonly most: number;
  /** Seconds to place a thousand samples in one batch, frame included, and the most memory then. */
  readonly placing: number;
  readonly mostPlacing: number;
}

function loadMillions(): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-bench-'));
  try {
    const { tree } = outbreak(millions);
    writeFileSync(join(folder, 'genome'), tree.reference.genome);
    const file = openSync(join(folder, 'tree.pb'), 'w');
    for (const piece of matPieces(tree)) writeSync(file, piece);
    closeSync(file);
    const told = execFileSync(
      process.execPath,
      [join(import.meta.dirname, 'load-mat.ts'), join(folder, 'tree.pb'), join(folder, 'genome')],
      { encoding: 'utf8' },
    );
    console.log(`${millions} leaves: ${told.trim()}`);
    return JSON.parse(told) as Loaded;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
