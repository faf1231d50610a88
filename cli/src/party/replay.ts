import { timingSafeEqual } from 'node:crypto';
import type { JobReceipt } from '@geneward/api';
import { Abort } from '@geneward/mpc';
import { analyse } from './analyse.ts';
import { nextChain } from './frame.ts';
import { readInputs } from './inputs.ts';
import { cryptoFrom, keptRun, type Kept } from './keep.ts';
import type { Line } from './line.ts';
import { agree } from './net.ts';
import type { Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';
import { committedFiles, hashOf, verifyReceipt } from './records.ts';

/** What a replay has shown: on these lines the party sent exactly this. */
export interface Replayed {
  readonly job: string;
  readonly party: string;
  readonly result: string;
  readonly lines: readonly { readonly partner: string; readonly messages: number; readonly bytes: number }[];
}

/**
 * Does a party's run again from its committed files, its seed and the messages that it received, and holds what it sends against the
 * hash chains in the receipt. What the record says had arrived is held against them as well: partners signed those as sent. Throws
 * PartyProblem `replay-differs` when the party cannot have followed the protocol on these inputs.
 */
export async function replayRun(policy: Policy, receipt: unknown, result: unknown): Promise<Replayed> {
  const { job, hash } = verifyReceipt(receipt, result);
  const own = job.parties.find(({ name }) => name === policy.name);
  if (own?.fingerprint !== policy.fingerprint) throw new PartyProblem('not-a-party');
  const kept = keptRun(policy, hash);
  const { files } = committedFiles(policy, own.commitment);
  const inputs = await readInputs(job, files, own.role);
  const lines = job.parties.flatMap(({ name }) => (name === own.name ? [] : [lineOf(kept, name)]));
  const peers = lines.map(({ partner, line }) => ({ name: partner, link: line }));
  const again = await followed(async () => {
    const answer = await analyse(job, inputs, {
      peers,
      policy,
      hash,
      crypto: cryptoFrom(Buffer.from(kept.seed, 'hex')),
      progress: () => undefined,
    });
    const resultHash = hashOf(answer.result);
    await agree(peers, Buffer.from(resultHash, 'hex'));
    return resultHash;
  });
  const statement = (receipt as JobReceipt).statements.find((one) => one.statement.party === own.name)?.statement;
  if (again !== statement?.result) throw new PartyProblem('replay-differs', 'result');
  for (const { partner, line } of lines) {
    const signed = statement.lines.find((one) => one.partner === partner);
    if (!same(line.sentChain, signed?.sent)) throw new PartyProblem('replay-differs', `sent to ${partner}`);
    if (!same(line.receivedChain, signed?.received))
      throw new PartyProblem('replay-differs', `received from ${partner}`);
  }
  return {
    job: hash,
    party: own.name,
    result: again,
    lines: lines.map(({ partner, line, sent }) => ({ partner, messages: sent(), bytes: line.sentBytes })),
  };
}

/** An end of the protocol during a replay is a difference: the run that was signed did not end there. */
async function followed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Abort) throw new PartyProblem('replay-differs', error.phase);
    if (error instanceof PartyProblem && ['different-totals', 'bad-frame'].includes(error.code))
      throw new PartyProblem('replay-differs', error.code);
    throw error;
  }
}

const same = (chain: Buffer, signed: string | undefined): boolean =>
  signed?.length === 64 && timingSafeEqual(chain, Buffer.from(signed, 'hex'));

/** A line whose partner says what it said then; what is sent only goes into the chain. */
function lineOf(kept: Kept, partner: string): { partner: string; line: Line; sent: () => number } {
  const begun = kept.lines.find((one) => one.partner === partner);
  if (!begun) throw new PartyProblem('no-replay', partner);
  const messages = kept.messages(partner);
  let [sent, received] = [0, 0];
  const line = {
    sentChain: Buffer.from(begun.sent, 'hex') as Buffer,
    receivedChain: Buffer.from(begun.received, 'hex') as Buffer,
    sentBytes: 0,
    receivedBytes: 0,
    send(payload: Buffer) {
      line.sentChain = nextChain(line.sentChain, sent, payload);
      line.sentBytes += payload.length;
      sent += 1;
      return Promise.resolve();
    },
    receive() {
      const payload = messages[received];
      if (!payload) return Promise.reject(new PartyProblem('replay-differs', `received from ${partner}`));
      line.receivedChain = nextChain(line.receivedChain, received, payload);
      line.receivedBytes += payload.length;
      received += 1;
      return Promise.resolve(payload);
    },
    fail: () => undefined,
    abort: () => undefined,
  };
  return { partner, line, sent: () => sent };
}
