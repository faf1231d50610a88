import { canonicalJson, openLabel, type BodyOf, type computeRoutes, type JobView } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { certificates } from '../certificates.ts';
import type { ComputePorts } from '../ports.ts';
import * as store from '../store.ts';
import { activeParties } from '../store-party.ts';
import { inputsOf, viewOf } from '../views.ts';
import { tellCommittees, tellProposer } from './notices.ts';
import { judgeMove, jobFor, lockFor, refOf } from './open-job.ts';

const day = 86_400_000;

/**
 * Puts a specification before its parties. It is kept as its canonical JSON, and its hash with the commitments of all inputs is on
 * the ledger from now on, before anybody can approve or start.
 */
export async function openJob(
  context: Context,
  ports: ComputePorts,
  { specification, expiresInDays }: BodyOf<typeof computeRoutes.openJob>,
): Promise<JobView> {
  const { principal } = context;
  const organisation = principal.kind === 'person' ? principal.organisation : undefined;
  authorize(context, 'job:open', { kind: 'job', id: 'new', organisation, manner: 'private', label: openLabel });
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  const text = canonicalJson(specification);
  const sha256 = certificates.sha256(text);
  const now = context.now();
  const expires = new Date(now.getTime() + expiresInDays * day);
  return transaction(context.db, async (tx) => {
    const registered = new Map(
      (
        await activeParties(
          tx,
          specification.parties.map(({ name }) => name),
        )
      ).map((row) => [row.name, row]),
    );
    const parties = specification.parties.map(({ name, fingerprint, commitment }) => {
      const row = registered.get(name);
      if (row?.fingerprint !== fingerprint) throw new Problem('party_unknown', { params: { party: name } });
      return { party_id: row.id, organisation_id: row.organisation_id, name, fingerprint, commitment };
    });
    const organisations = new Set(parties.map(({ organisation_id }) => organisation_id));
    if (!organisations.has(principal.organisation)) throw new Problem('job_of_others');
    if (organisations.size !== parties.length) throw new Problem('party_of_one_organisation');
    const recipients = await recipientsOf(context, ports, specification.outputs?.recipients ?? []);
    const id = await store.insertJob(
      tx,
      {
        organisation_id: principal.organisation,
        opened_by: principal.id,
        specification: text,
        specification_sha256: sha256,
        kind: specification.analysis.kind,
        purpose: specification.purpose,
        at: now,
        expires_at: expires,
      },
      parties,
      recipients,
    );
    if (id === undefined) throw new Problem('job_exists');
    await store.insertMoments(tx, id, [{ at: now, type: 'opened' }]);
    await record(tx, context, {
      type: 'compute.opened',
      object: { kind: 'job', id },
      content: {
        phase: 'plan',
        specification: sha256,
        method: specification.analysis.kind,
        inputs: inputsOf(parties),
        purposeSha256: certificates.sha256(specification.purpose),
        references: specification.references,
      },
    });
    const made = await lockFor(tx, id);
    await tellCommittees(tx, context, made.row, parties);
    return viewOf(made);
  });
}

/** Organisations by their codes; one that is unknown is named. */
async function recipientsOf(context: Context, ports: ComputePorts, codes: readonly string[]): Promise<string[]> {
  const found = await ports.organisationsByCode(context.db, codes);
  const missing = codes.find((code) => !found.has(code));
  if (missing !== undefined) throw new Problem('recipient_unknown', { params: { code: missing } });
  return [...found.values()];
}

/** Takes a job back before it starts. Twice is once. */
export async function cancelJob(context: Context, id: string): Promise<JobView> {
  await jobFor(context, id, 'job:cancel');
  return transaction(context.db, async (tx) => {
    const { row } = await lockFor(tx, id);
    if (row.state !== 'cancelled') {
      const at = context.now();
      await store.updateJob(tx, id, { state: judgeMove(row, 'cancel'), ended_at: at });
      await store.insertMoments(tx, id, [{ at, type: 'cancelled' }]);
      await tellEnd(tx, context, row, 'cancelled');
    }
    return viewOf(await lockFor(tx, id));
  });
}

/** Ends jobs whose time is over; a job of the platform. */
export async function expireJobs(context: Context): Promise<void> {
  for (const id of await store.dueJobs(context.db, context.now(), 100))
    await transaction(context.db, async (tx) => {
      const { row } = await lockFor(tx, id);
      const at = context.now();
      if (row.expires_at > at || !['open', 'approved', 'started'].includes(row.state)) return;
      await store.updateJob(tx, id, { state: judgeMove(row, 'expire'), ended_at: at });
      await store.insertMoments(tx, id, [{ at, type: 'expired' }]);
      await tellEnd(tx, context, row, 'expired');
      await tellProposer(tx, context, row, 'expired');
    });
}

/** An end without a result, as the ledger has it: what was planned and how far it had come. */
const tellEnd = (tx: Tx, context: Context, row: store.JobRow, reason: string) =>
  record(tx, context, {
    type: 'compute.aborted',
    object: refOf(row),
    content: {
      phase: row.started_at ? 'execution' : 'plan',
      specification: row.specification_sha256,
      reason,
      transcripts: [],
    },
  });
