import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApiProblem,
  canonicalJson,
  computeRoutes,
  type BodyOf,
  type Client,
  type JobProgress,
  type JobReceipt,
  type JobView,
} from '@geneward/api';
import { isNetworkError } from '../exit.ts';
import type { Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';
import { hashOf, signValue } from './records.ts';
import { runParty } from './run.ts';

/** How often the platform is asked for started jobs, and told of progress, in milliseconds. */
const askMs = 2000;
const tellMs = 1000;

/** What the process has to say while it serves. */
export type Said =
  | { readonly said: 'takes'; readonly job: string; readonly sha256: string }
  | { readonly said: 'progress'; readonly job: string; readonly progress: JobProgress }
  | { readonly said: 'sealed' | 'aborted'; readonly job: string; readonly why?: string }
  | { readonly said: 'unreachable'; readonly why: string };

interface Serving {
  readonly client: Client;
  readonly policy: Policy;
  /** Each job has a folder in it, named by its hash. */
  readonly folder: string;
  readonly once: boolean;
  readonly stopping: AbortSignal;
  readonly say: (what: Said) => void;
}

/**
 * Takes the started jobs of this party from the platform, one after the other. The platform only says which there are: the hash is
 * computed here from the specification that came, and what runs is decided by this party's own policy file and by the approval that
 * a person gave on this machine. What came of a job is told again until the platform has it.
 */
export async function serveJobs(serving: Serving): Promise<void> {
  const { client, policy, once, stopping, say } = serving;
  const told = new Set<string>();
  while (!stopping.aborted) {
    try {
      const { items } = await client.call(computeRoutes.listJobs, {
        query: { state: 'started', party: policy.name, limit: 50 },
      });
      for (const { id } of items.toReversed()) {
        if (stopping.aborted || told.has(id)) continue;
        await takeJob(serving, await client.call(computeRoutes.getJob, { params: { job: id } }));
        told.add(id);
        if (once) return;
      }
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      say({ said: 'unreachable', why: error instanceof Error ? error.message : String(error) });
    }
    await pause(askMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}

async function takeJob({ client, policy, folder, say }: Serving, view: JobView): Promise<void> {
  const job = view.specification;
  const hash = hashOf(job);
  const place = join(folder, hash);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  if (!existsSync(join(place, 'receipt.json')) && !existsSync(join(place, 'abort.json'))) {
    say({ said: 'takes', job: view.id, sha256: hash });
    const progress = tellProgress(client, view.id);
    try {
      await runParty(policy, { job, hash }, place, (one) => {
        progress.add(one);
        say({ said: 'progress', job: view.id, progress: one });
      });
    } catch (error) {
      // The abort record is written; whatever it was, partners and platform learn code and phase.
      if (!existsSync(join(place, 'abort.json'))) throw error;
    } finally {
      await progress.end();
    }
  }
  await tellEnd({ client, policy, say }, view, place);
}

/** Sends what came of a job. That another party was first, or the job is over, is no fault. */
async function tellEnd(
  { client, policy, say }: Pick<Serving, 'client' | 'policy' | 'say'>,
  view: JobView,
  place: string,
): Promise<void> {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(place, name), 'utf8'));
  const params = { job: view.id };
  try {
    if (!existsSync(join(place, 'receipt.json'))) {
      const record = read('abort.json') as BodyOf<typeof computeRoutes.abortJob>['abort'];
      const abort = { ...record, phase: plain(record.phase) };
      say({ said: 'aborted', job: view.id, why: abort.code });
      await client.call(computeRoutes.abortJob, { params, body: { abort, signature: signValue(policy, abort) } });
      return;
    }
    await client.call(computeRoutes.sealJob, { params, body: read('receipt.json') as JobReceipt });
    if (view.specification.outputs)
      await client.raw(computeRoutes.putResult, { params, body: canonicalJson(read('result.json')) });
    say({ said: 'sealed', job: view.id });
  } catch (error) {
    if (!(error instanceof ApiProblem) || isUnreachable(error)) throw error;
    say({ said: 'aborted', job: view.id, why: error.code });
  }
}

/** A phase as the platform takes it: words, never data. */
const plain = (phase: string): string => phase.replaceAll(/[^a-zA-Z0-9 -]/g, '-').slice(0, 60) || 'unknown';

/** Sends the newest progress once in a while; that it does not arrive holds nothing up. */
function tellProgress(client: Client, job: string) {
  let newest: JobProgress | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  const send = () => {
    if (!newest) return;
    const progress = [newest];
    newest = undefined;
    sending = sending
      .then(() => client.call(computeRoutes.reportProgress, { params: { job }, body: { progress } }))
      .catch(() => undefined);
  };
  const timer = setInterval(send, tellMs);
  return {
    add: (one: JobProgress) => (newest = { ...one, phase: plain(one.phase) }),
    async end() {
      clearInterval(timer);
      send();
      await sending;
    },
  };
}

const isUnreachable = (error: unknown): boolean =>
  isNetworkError(error) || (error instanceof ApiProblem && (error.body.status >= 500 || error.body.status === 429));

/** Throws when what the platform shows of a job is not what its hash or explanation says. */
export function checkShown(view: JobView, own: { readonly learnsSha256: string }): string {
  const hash = hashOf(view.specification);
  if (hash !== view.sha256) throw new PartyProblem('other-job', 'the platform shows another specification');
  if (own.learnsSha256 !== view.learnsSha256)
    throw new PartyProblem('other-job', 'the platform explains it otherwise than this program');
  return hash;
}
