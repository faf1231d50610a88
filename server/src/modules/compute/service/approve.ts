import type { BodyOf, computeRoutes, JobView } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import * as store from '../store.ts';
import { activeParties, frozenOf, holdConsents } from '../store-party.ts';
import { judgeStart, moveJob } from '../rules.ts';
import { explained, inputsOf, viewOf } from '../views.ts';
import { jobFor, judgeMove, lockFor, ownParty, refOf, refuseMove } from './open-job.ts';

/**
 * A person's yes for the party of their organisation, to exactly this specification and with what it lets anybody learn in front of
 * them: both are named by hash, and what was read is kept with the approval. A second yes of the same party changes nothing.
 */
export async function approveJob(
  context: Context,
  id: string,
  given: BodyOf<typeof computeRoutes.approveJob>,
): Promise<JobView> {
  await jobFor(context, id, 'job:approve');
  return transaction(context.db, async (tx) => {
    const job = await lockFor(tx, id);
    const { row } = job;
    const { sha256, learns, learnsSha256 } = explained(store.specificationOf(row));
    if (given.sha256 !== row.specification_sha256 || given.sha256 !== sha256)
      throw new Problem('specification_differs');
    if (given.learnsSha256 !== learnsSha256) throw new Problem('explanation_differs');
    const { person, party } = ownParty(context, job);
    if (party.approved_by !== null) return viewOf(job);
    if (context.now() >= row.expires_at) throw refuseMove(row, 'approve');
    await refuseFrozen(tx, job);
    const complete = job.parties.every((one) => one.position === party.position || one.approved_by !== null);
    const to = judgeMove(row, complete ? 'complete' : 'approve');
    const at = context.now();
    await store.setApproval(tx, party, { person, at, learns, learnsSha256 });
    await store.updateJob(tx, id, { state: to });
    await store.insertMoments(tx, id, [{ at, type: 'approved', party: party.name }]);
    await record(tx, context, {
      type: 'compute.approved',
      object: refOf(row),
      content: {
        phase: 'plan',
        specification: sha256,
        party: party.name,
        commitment: party.commitment,
        learnsSha256,
      },
    });
    return viewOf(await lockFor(tx, id));
  });
}

/** Takes the yes of the caller's party back, as long as nothing has started. */
export async function withdrawApproval(context: Context, id: string): Promise<JobView> {
  await jobFor(context, id, 'job:approve');
  return transaction(context.db, async (tx) => {
    const job = await lockFor(tx, id);
    const { row } = job;
    const { party } = ownParty(context, job);
    const to = judgeMove(row, 'withdraw');
    if (party.approved_by === null) return viewOf(job);
    const at = context.now();
    await store.setApproval(tx, party, undefined);
    await store.updateJob(tx, id, { state: to });
    await store.insertMoments(tx, id, [{ at, type: 'withdrawn', party: party.name }]);
    await record(tx, context, {
      type: 'compute.approval_withdrawn',
      object: refOf(row),
      content: { phase: 'plan', specification: row.specification_sha256, party: party.name },
    });
    return viewOf(await lockFor(tx, id));
  });
}

/**
 * Lets the parties begin. It commands nobody: a party process that asks finds the job among the started ones, and decides by its own
 * policy file and its own approval. Of two who start at once the second gets what the first did.
 */
export async function startJob(context: Context, id: string): Promise<JobView> {
  await jobFor(context, id, 'job:start');
  return transaction(context.db, async (tx) => {
    const job = await lockFor(tx, id);
    const { row, parties } = job;
    if (row.state === 'started') return viewOf(job);
    const active = await activeParties(
      tx,
      parties.map(({ name }) => name),
    );
    const verdict = judgeStart({
      state: row.state,
      parties: parties.map(({ name, approved_by, party_id }) => ({
        name,
        approved: approved_by !== null,
        active: active.some((one) => one.id === party_id),
      })),
      frozen: await frozenNow(tx, job),
      expiresAt: row.expires_at,
      now: context.now(),
    });
    if (!verdict.start) {
      if (verdict.because === 'state') throw refuseMove(row, 'start');
      if (verdict.because === 'frozen') throw new Problem('consent_frozen');
      const names = verdict.names.join(', ');
      throw verdict.because === 'retired'
        ? new Problem('party_unknown', { params: { party: names } })
        : new Problem('job_not_approved', { params: { parties: names } });
    }
    const at = context.now();
    await store.updateJob(tx, id, { state: moveJob(row.state, 'start') ?? row.state, started_at: at });
    await store.insertMoments(tx, id, [{ at, type: 'started' }]);
    await record(tx, context, {
      type: 'compute.started',
      object: refOf(row),
      content: { phase: 'execution', specification: row.specification_sha256, inputs: inputsOf(parties) },
    });
    return viewOf(await lockFor(tx, id));
  });
}

/** References of the job that one of its parties has frozen; nobody freezes another until the transaction ends. */
async function frozenNow(tx: Tx, { row, parties }: store.Job): Promise<string[]> {
  const organisations = parties.map(({ organisation_id }) => organisation_id);
  await holdConsents(tx, organisations);
  return frozenOf(tx, organisations, store.specificationOf(row).references);
}

async function refuseFrozen(tx: Tx, job: store.Job): Promise<void> {
  if ((await frozenNow(tx, job)).length > 0) throw new Problem('consent_frozen');
}
