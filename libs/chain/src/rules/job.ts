import { equal, treeHasher, verifyInclusion } from '@geneward/merkle';
import { Refusal } from '../error.ts';
import { consentKind, consentName, jobKind, logKind, memberKind, type Job, type JobParty } from '../record.ts';
import { parameter, read, write, type ChainState } from '../state.ts';
import type { Act, JobInput } from '../transaction.ts';
import { hex } from './membership.ts';
import { event, type Rule } from './setting.ts';

type Of<T extends Act['type']> = Extract<Act, { readonly type: T }>;

const hasher = treeHasher();
const told = (job: string, { state }: Job) => event('job', { job, state });

export const openJob: Rule<Of<'JobOpen'>> = (state, act, { member }) => {
  if (act.job === '' || read(state, jobKind, act.job)) throw new Refusal('name_taken', act.job);
  if (BigInt(act.parties.length) > parameter(state, 'parties')) throw new Refusal('limit', 'parties');
  if (act.parties.length < 2 || new Set(act.parties).size !== act.parties.length || !act.parties.includes(member))
    throw new Refusal('not_party', 'a job has two different parties or more, and one of them opens it');
  for (const party of act.parties)
    if (read(state, memberKind, party)?.active !== true) throw new Refusal('unknown_member', party);
  const parties = act.parties.map((one) => ({ member: one, approved: false, inputs: [], sealed: new Uint8Array(0) }));
  const job: Job = { proposer: member, plan: act.plan, state: 'open', parties };
  return { state: write(state, jobKind, act.job, job), events: [told(act.job, job)] };
};

/** The job, in a state, and the party that speaks. */
function partyOf(state: ChainState, name: string, member: string, wanted: Job['state']) {
  const job = read(state, jobKind, name);
  if (!job) throw new Refusal('unknown_job', name);
  const party = job.parties.find((one) => one.member === member);
  if (!party) throw new Refusal('not_party', member);
  if (job.state !== wanted) throw new Refusal('job_state', job.state);
  return { job, party };
}

const withParty = (job: Job, party: JobParty): Job => ({
  ...job,
  parties: job.parties.map((one) => (one.member === party.member ? party : one)),
});

/** An input lies in a log of the party, under a checkpoint that the chain has accepted. */
function checkInput(state: ChainState, member: string, input: JobInput): void {
  const log = read(state, logKind, input.origin);
  if (!log || log.owner !== member) throw new Refusal('not_owner', input.origin);
  if (log.frozen) throw new Refusal('log_frozen', input.origin);
  const head = log.recent.find(({ size }) => size === input.size);
  if (!head || !verifyInclusion(hasher, { leaf: input.leaf, index: input.index, ...head }, input.proof))
    throw new Refusal('input_unproven', `entry ${input.index} of ${input.origin}`);
  if (read(state, consentKind, consentName(member, input.consent)) !== undefined)
    throw new Refusal('consent_frozen', hex(input.consent));
}

export const approveJob: Rule<Of<'JobApprove'>> = (state, act, { member }) => {
  const { job, party } = partyOf(state, act.job, member, 'open');
  if (party.approved) throw new Refusal('already_voted');
  if (!equal(act.plan, job.plan)) throw new Refusal('plan_differs');
  if (BigInt(act.inputs.length) > parameter(state, 'inputs')) throw new Refusal('limit', 'inputs');
  for (const input of act.inputs) checkInput(state, member, input);
  const inputs = act.inputs.map(({ consent, origin }) => ({ consent, origin }));
  const approved = withParty(job, { ...party, approved: true, inputs });
  return {
    state: write(state, jobKind, act.job, approved),
    events: [event('approval', { job: act.job, member })],
  };
};

/** Nobody starts alone: all have approved, are still members, their logs are whole and no consent was frozen before. */
export const startJob: Rule<Of<'JobStart'>> = (state, act, { member }) => {
  const { job } = partyOf(state, act.job, member, 'open');
  for (const party of job.parties) {
    if (!party.approved) throw new Refusal('not_approved', party.member);
    if (read(state, memberKind, party.member)?.active !== true) throw new Refusal('unknown_member', party.member);
    for (const { consent, origin } of party.inputs) {
      if (read(state, logKind, origin)?.frozen !== false) throw new Refusal('log_frozen', origin);
      if (read(state, consentKind, consentName(party.member, consent)) !== undefined)
        throw new Refusal('consent_frozen', hex(consent));
    }
  }
  const started: Job = { ...job, state: 'started' };
  return { state: write(state, jobKind, act.job, started), events: [told(act.job, started)] };
};

/** Each party says what came out; one word for all seals the job, two make it disputed. */
export const sealJob: Rule<Of<'JobSeal'>> = (state, act, { member }) => {
  const { job, party } = partyOf(state, act.job, member, 'started');
  if (party.sealed.length > 0) throw new Refusal('already_voted');
  const sealed = withParty(job, { ...party, sealed: act.result });
  const results = sealed.parties.map((one) => one.sealed).filter((result) => result.length > 0);
  const differ = results.some((result) => !equal(result, act.result));
  const state2 = differ ? 'disputed' : results.length === sealed.parties.length ? 'sealed' : 'started';
  const after: Job = { ...sealed, state: state2 };
  return { state: write(state, jobKind, act.job, after), events: [told(act.job, after)] };
};

/** From here on no job starts that a party's input under this consent belongs to. */
export const freezeConsent: Rule<Of<'ConsentFreeze'>> = (state, act, { member, height }) => {
  const name = consentName(member, act.consent);
  if (read(state, consentKind, name) !== undefined) throw new Refusal('name_taken', 'frozen already');
  return {
    state: write(state, consentKind, name, height),
    events: [event('consent', { member, consent: hex(act.consent) })],
  };
};
