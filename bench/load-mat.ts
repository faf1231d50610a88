import { createReadStream, readFileSync } from 'node:fs';
import { nodeCount, readMat } from '@geneward/phylo';

/** Loads a mutation-annotated tree in a process of its own and says how long it took and how much memory it needed at most. */
const [, , file = '', genome = ''] = process.argv;
const began = performance.now();
const tree = await readMat(createReadStream(file, { highWaterMark: 1 << 20 }), {
  name: 'MADE1',
  genome: new Uint8Array(readFileSync(genome)),
});
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ nodes: nodeCount(tree), seconds, most: process.resourceUsage().maxRSS / 1024 }));
