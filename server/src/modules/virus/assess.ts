import { Worker } from 'node:worker_threads';
import type { Finding } from '@geneward/metadata';
import type { Assessed, DatasetFiles } from '@geneward/phylo';

export interface AssessInput {
  readonly files: DatasetFiles;
  /** The other viruses that are installed, for telling which one a genome is of. */
  readonly others: readonly { readonly id: string; readonly files: DatasetFiles }[];
}
export type AssessRequest = { readonly end?: undefined; readonly bytes: ArrayBuffer } | { readonly end: true };
export type AssessReply =
  | { readonly kind: 'more' }
  | { readonly kind: 'rows'; readonly rows: readonly Assessed[] }
  | { readonly kind: 'refused'; readonly finding: Finding }
  | { readonly kind: 'done' };

/**
 * Tells all about each genome of a FASTA file in a thread of its own, so that requests go on being answered meanwhile.
 * @param onRows awaited before more bytes are read
 * @returns what makes the file as a whole unusable, if anything does
 */
export async function assessGenomes(
  input: AssessInput,
  fasta: AsyncIterable<Uint8Array>,
  onRows: (rows: readonly Assessed[]) => Promise<void>,
): Promise<Finding | undefined> {
  const thread = new Worker(new URL('assess-worker.ts', import.meta.url), { workerData: input });
  const bytes = fasta[Symbol.asyncIterator]();
  let refused: Finding | undefined;
  try {
    await new Promise<void>((done, fail) => {
      let acting = Promise.resolve();
      thread.once('error', fail);
      // What it said before it ended is acted on first.
      thread.once('exit', () => void acting.then(() => fail(new Error('the thread that reads genomes ended'))));
      thread.on('message', (reply: AssessReply) => {
        acting = acting.then(() => act(reply)).catch(fail);
      });
      async function act(reply: AssessReply): Promise<void> {
        if (reply.kind === 'rows') return onRows(reply.rows);
        if (reply.kind === 'more') return send();
        if (reply.kind === 'refused') refused = reply.finding;
        done();
      }
      async function send(): Promise<void> {
        const next = await bytes.next();
        const request: AssessRequest = next.done ? { end: true } : { bytes: Uint8Array.from(next.value).buffer };
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        thread.postMessage(request, request.end ? [] : [request.bytes]);
      }
    });
  } finally {
    await bytes.return?.();
    await thread.terminate();
  }
  return refused;
}
