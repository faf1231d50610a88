import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { htmlReport, resultTsv, signedStatement, type JobSpecification, type SignedStatement } from '@geneward/api';
import { Abort, InputProblem } from '@geneward/mpc';
import { analyse } from './analyse.ts';
import { requireStarted } from './chain.ts';
import { readInputs } from './inputs.ts';
import { cryptoFrom, freshSeed, keepRun } from './keep.ts';
import { openMesh, type Peer } from './mesh.ts';
import { checkAllowed, type Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';
import { committedFiles, hashOf, isApproved, signStatement } from './records.ts';
import { agree, exchange } from './net.ts';
import type { Own, Result } from './result.ts';

export interface Progress {
  readonly phase: string;
  readonly round: number;
  readonly elements: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/**
 * Takes part in an approved job with this party's own data and writes result, table, report and receipt into `folder`.
 * Every way out but success tells the partners code and phase, never data, and leaves an abort record.
 */
export async function runParty(
  policy: Policy,
  { job, hash }: { job: JobSpecification; hash: string },
  folder: string,
  watch: (progress: Progress) => void,
): Promise<{ resultHash: string }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let phase = 'checks';
  let peers: readonly Peer[] = [];
  let close = (): void => undefined;
  try {
    if (!isApproved(policy, hash)) throw new PartyProblem('not-approved', hash);
    checkAllowed(policy, job);
    await requireStarted(policy, { job, hash });
    const own = job.parties.find(({ name }) => name === policy.name);
    const { files } = committedFiles(policy, own?.commitment ?? '');
    phase = 'inputs';
    const inputs = await readInputs(job, files, own?.role);
    phase = 'connect';
    ({ peers, close } = await openMesh(policy, job, hash));
    const seed = freshSeed();
    if (policy.replay) {
      const end = close;
      const kept = keepRun(policy, hash, seed, peers);
      peers = kept.peers;
      close = () => {
        end();
        kept.close();
      };
    }
    let round = 0;
    const answer = await analyse(job, inputs, {
      peers,
      policy,
      hash,
      crypto: cryptoFrom(seed),
      progress(next, elements) {
        phase = next;
        round += 1;
        watch({
          phase,
          round,
          elements,
          sentBytes: total(peers, 'sentBytes'),
          receivedBytes: total(peers, 'receivedBytes'),
        });
      },
    });
    const { result } = answer;
    phase = 'receipt';
    const resultHash = hashOf(result);
    await agree(peers, Buffer.from(resultHash, 'hex'));
    const statements = await exchangeStatements(policy, job, peers, { hash, resultHash });
    writeResults(folder, job, answer, statements);
    // A partner is done when it has the statements too; should the line break now, all that counts is already written.
    await exchange(peers, Buffer.from('done')).catch(() => undefined);
    close();
    return { resultHash };
  } catch (thrown) {
    const error = thrown instanceof Abort ? new PartyProblem('bad-frame', `${thrown.phase}: ${thrown.code}`) : thrown;
    const code =
      error instanceof PartyProblem ? error.code : error instanceof InputProblem ? 'input-unusable' : 'internal';
    for (const { link } of peers) link.abort(code, phase);
    close();
    const record = { job: hash, party: policy.name, code, phase };
    writeFileSync(join(folder, 'abort.json'), JSON.stringify(record));
    throw error;
  }
}

const total = (peers: readonly Peer[], which: 'sentBytes' | 'receivedBytes') =>
  peers.reduce((sum, { link }) => sum + link[which], 0);

function writeResults(
  folder: string,
  job: JobSpecification,
  { result, own }: { result: Result; own?: Own },
  statements: readonly SignedStatement[],
): void {
  const coordinates = result.kind === 'pca' ? own?.rows.map((row) => row.slice(1).map(Number)) : undefined;
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
  writeFileSync(join(folder, 'result.tsv'), resultTsv(result));
  writeFileSync(join(folder, 'report.html'), htmlReport(job, result, 'en', coordinates));
  writeFileSync(join(folder, 'report.zh.html'), htmlReport(job, result, 'zh', coordinates));
  writeFileSync(join(folder, 'receipt.json'), JSON.stringify({ job, statements }, undefined, 2));
  if (own) writeFileSync(join(folder, 'own.tsv'), resultTsv(own), { mode: 0o600 });
}

/** Everybody's signed statement; the chains are those up to the agreement on the result. */
async function exchangeStatements(
  policy: Policy,
  job: JobSpecification,
  peers: readonly Peer[],
  { hash, resultHash }: { hash: string; resultHash: string },
): Promise<SignedStatement[]> {
  const lines = peers.map(({ name, link }) => ({
    partner: name,
    sent: link.sentChain.toString('hex'),
    received: link.receivedChain.toString('hex'),
  }));
  const own = signStatement(policy, { job: hash, party: policy.name, result: resultHash, lines });
  const others = (await exchange(peers, Buffer.from(JSON.stringify(own)))).map((bytes) =>
    signedStatement.parse(JSON.parse(bytes.toString())),
  );
  return job.parties.map(({ name }) => {
    const found = name === policy.name ? own : others[peers.findIndex((peer) => peer.name === name)];
    if (found?.statement.party !== name) throw new PartyProblem('bad-receipt', name);
    return found;
  });
}
