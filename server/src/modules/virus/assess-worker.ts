import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import * as zlib from 'node:zlib';
import { collectFindings, openLayers, zlibInflate, type Findings } from '@geneward/formats';
import { assessor, readDataset, readFasta, sketchOf, VirusProblem, type Assessed, type Dataset } from '@geneward/phylo';
import type { AssessInput, AssessReply, AssessRequest } from './assess.ts';

const rowsAtOnce = 100;
const { files, others } = workerData as AssessInput;
if (!parentPort) throw new Error('runs in a thread only');
const port = parentPort;
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const tell = (reply: AssessReply) => port.postMessage(reply);

/** Asks for the next bytes when the last are read: nothing piles up in this thread. */
async function* arriving(): AsyncGenerator<Uint8Array> {
  for (;;) {
    tell({ kind: 'more' });
    const [request] = (await once(port, 'message')) as [AssessRequest];
    if (request.end) return;
    yield new Uint8Array(request.bytes);
  }
}

/** The file without its compression; what is wrong with that becomes a finding and ends it. */
async function* unpacked(findings: Findings): AsyncGenerator<Uint8Array> {
  const { content } = await openLayers(arriving(), { inflate: zlibInflate(zlib), findings });
  for (let chunk = await content.read(); chunk !== undefined; chunk = await content.read()) yield chunk;
}

async function run(dataset: Dataset, known: AssessInput['others']): Promise<void> {
  const sketches = await Promise.all(
    known.map(async (one) => ({
      id: one.id,
      sketch: sketchOf((await readDataset(one.files, sha256)).reference.genome),
    })),
  );
  const assess = assessor(dataset, { known: sketches });
  const findings = collectFindings(1);
  let rows: Assessed[] = [];
  for await (const genome of readFasta(unpacked(findings))) {
    rows.push(assess(genome));
    if (rows.length < rowsAtOnce) continue;
    tell({ kind: 'rows', rows });
    rows = [];
  }
  const [fault] = findings.list.filter(({ level }) => level === 'error');
  tell({ kind: 'rows', rows });
  tell(fault ? { kind: 'refused', finding: fault } : { kind: 'done' });
}

try {
  await run(await readDataset(files, sha256), others);
} catch (error) {
  if (!(error instanceof VirusProblem)) throw error;
  tell({ kind: 'refused', finding: error.finding });
}
