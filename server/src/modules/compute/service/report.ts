import {
  canonicalJson,
  judgeReceipt,
  proves,
  ReceiptFault,
  type BodyOf,
  type computeRoutes,
  type JobReceipt,
  type JobView,
} from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { certificates } from '../certificates.ts';
import { mostMoments } from '../rules.ts';
import * as store from '../store.ts';
import { certificateOf } from '../store-party.ts';
import { inputsOf, viewOf } from '../views.ts';
import { tellProposer } from './notices.ts';
import { jobFor, judgeMove, lockFor, ownParty, refOf } from './open-job.ts';

/** What a party's process says of rounds and traffic, for those who watch. */
export async function reportProgress(
  context: Context,
  id: string,
  { progress }: BodyOf<typeof computeRoutes.reportProgress>,
): Promise<void> {
  await jobFor(context, id, 'job:report');
  await transaction(context.db, async (tx) => {
    const job = await lockFor(tx, id);
    if (job.row.state !== 'started')
      throw new Problem('job_transition_refused', { params: { act: 'report', state: job.row.state } });
    const { party } = ownParty(context, job);
    const room = mostMoments - (await store.countMoments(tx, id));
    const at = context.now();
    const kept = progress.slice(0, Math.max(0, room));
    if (kept.length === 0) return;
    await store.insertMoments(
      tx,
      id,
      kept.map((one) => ({ at, type: 'progress' as const, party: party.name, progress: one })),
    );
  });
}

/** A party's process ends the job. It says a code and a phase, signed with the key of its certificate, and nothing else. */
export async function abortJob(
  context: Context,
  id: string,
  { abort, signature }: BodyOf<typeof computeRoutes.abortJob>,
): Promise<JobView> {
  await jobFor(context, id, 'job:report');
  return transaction(context.db, async (tx) => {
    const job = await lockFor(tx, id);
    const { row } = job;
    const { party } = ownParty(context, job);
    const certificate = await certificateOf(tx, party.party_id);
    const signed = proves(certificates, party.fingerprint, { certificate, text: canonicalJson(abort), signature });
    if (!signed || abort.party !== party.name || abort.job !== row.specification_sha256)
      throw new Problem('statement_unproven');
    // All parties end together; the first word is kept.
    if (row.state === 'aborted') return viewOf(job);
    const state = judgeMove(row, 'abort');
    const at = context.now();
    const { job: sha256, ...said } = abort;
    await store.updateJob(tx, id, { state, ended_at: at, abort: JSON.stringify(said) });
    const { code, phase } = said;
    await store.insertMoments(tx, id, [{ at, type: 'aborted', party: party.name, abort: { code, phase } }]);
    await record(tx, context, {
      type: 'compute.aborted',
      object: refOf(row),
      content: {
        phase: 'execution',
        specification: sha256,
        reason: `${code} (${phase})`,
        party: party.name,
        transcripts: [],
      },
    });
    await tellProposer(tx, context, row, 'aborted');
    return viewOf(await lockFor(tx, id));
  });
}

/**
 * Seals a job with the receipt that every party signed. The platform checks it as anybody can: it need not be believed, and neither
 * need who hands it in. A second receipt that all signed as well, about another result, makes the job disputed.
 */
export async function sealJob(context: Context, id: string, receipt: JobReceipt): Promise<JobView> {
  await jobFor(context, id, 'job:report');
  return transaction(context.db, async (tx) => {
    const job = await lockFor(tx, id);
    const { row } = job;
    const { hash, result } = judged(receipt);
    if (hash !== row.specification_sha256)
      throw new Problem('receipt_wrong', { params: { reason: 'another specification' } });
    if (row.result_sha256 === result) return viewOf(job);
    const at = context.now();
    if (row.result_sha256 !== null) {
      await store.updateJob(tx, id, { state: judgeMove(row, 'dispute'), ended_at: at });
      await store.insertMoments(tx, id, [{ at, type: 'disputed' }]);
      await record(tx, context, {
        type: 'compute.disputed',
        object: refOf(row),
        content: { specification: hash, result: row.result_sha256, other: result },
      });
      await tellProposer(tx, context, row, 'disputed');
      return viewOf(await lockFor(tx, id));
    }
    await store.updateJob(tx, id, {
      state: judgeMove(row, 'seal'),
      ended_at: at,
      receipt: JSON.stringify(receipt),
      result_sha256: result,
    });
    await store.insertMoments(tx, id, [{ at, type: 'sealed' }]);
    await record(tx, context, {
      type: 'compute.sealed',
      object: refOf(row),
      content: {
        phase: 'result',
        specification: hash,
        inputs: inputsOf(job.parties),
        transcripts: transcriptsOf(receipt),
        result,
      },
    });
    await tellProposer(tx, context, row, 'sealed');
    return viewOf(await lockFor(tx, id));
  });
}

function judged(receipt: JobReceipt): { hash: string; result: string } {
  try {
    return judgeReceipt(receipt, certificates);
  } catch (error) {
    if (error instanceof ReceiptFault) throw new Problem('receipt_wrong', { params: { reason: error.message } });
    throw error;
  }
}

/** By party, the hash over the chains of its lines as it signed them: who has the receipt can compute it. */
const transcriptsOf = ({ statements }: JobReceipt) =>
  statements.map(({ statement: { party, lines } }) => ({ party, sha256: certificates.sha256(canonicalJson(lines)) }));
