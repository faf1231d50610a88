import { createReadStream, readFileSync } from 'node:fs';
import { isLeaf, nodeCount, placeSamples, readMat, sampleOfLeaf, sarsCov2Masks } from '@geneward/phylo';
import { relatives } from './virus/outbreak.ts';

/** Loads a mutation-annotated tree in a process of its own, places a thousand samples on it, and says how long each took and how much memory it needed at most. */
const [, , file = '', genome = ''] = process.argv;
const began = performance.now();
const tree = await readMat(createReadStream(file, { highWaterMark: 1 << 20 }), {
  name: 'MADE1',
  genome: new Uint8Array(readFileSync(genome)),
});
const seconds = (performance.now() - began) / 1000;
const most = process.resourceUsage().maxRSS / 1024;
const apart = Math.floor(nodeCount(tree) / 1000);
const samples = Array.from({ length: 1000 }, (_, at) => {
  let leaf = at * apart;
  while (!isLeaf(tree, leaf)) leaf++;
  return sampleOfLeaf(tree, leaf);
});
const from = performance.now();
await placeSamples(tree, relatives(samples), { masks: sarsCov2Masks });
console.log(
  JSON.stringify({
    nodes: nodeCount(tree),
    seconds,
    most,
    placing: (performance.now() - from) / 1000,
    mostPlacing: process.resourceUsage().maxRSS / 1024,
  }),
);
