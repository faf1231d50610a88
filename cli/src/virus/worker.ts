import { parentPort, workerData } from 'node:worker_threads';
import { assessor, type AssessOptions, type Assessed } from '@geneward/phylo';
import { knownViruses, loadDataset, type Whereabouts } from './datasets.ts';

/** A genome as it travels: its name, line and bases. */
export interface Sent {
  readonly name: string;
  readonly line: number;
  readonly bases: Uint8Array;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly dataset: Whereabouts;
  readonly neighbours: number;
}

/** What the genomes of a data set are told by, in this thread. */
export async function assessHere({ dataset, neighbours }: WorkerStart): Promise<(genome: Sent) => Assessed> {
  const options: AssessOptions = { known: await knownViruses(), neighbours };
  return assessor(await loadDataset(dataset), options);
}

if (parentPort) {
  const port = parentPort;
  const assess = await assessHere(workerData as WorkerStart);
  port.on('message', (genomes: readonly Sent[]) => port.postMessage(genomes.map(assess)));
}
