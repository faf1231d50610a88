import { z } from 'zod';
import { defineEvents } from './event.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const party = z.string().min(1).max(100);
/** SHA-256 of the canonical specification (RFC 8785): what every event of one computation repeats, so that plan and result can be held together. */
const specification = sha256;
/** Salted hash of what a party puts in; never of the data themselves. */
const inputs = z.array(z.object({ party, commitment: sha256 })).max(64);
/** By party: the hash over the chains of all its lines, of what it sent and received, as its signed statement has them. */
const transcripts = z.array(z.object({ party, sha256 })).max(64);

/**
 * The life of a joint computation, each act about `{kind: 'job', id}`: the plan before anything runs, what each party
 * agreed to, the start, and how it ended. A computation that was planned and has no end is one that somebody has to explain.
 */
export const computeEvents = defineEvents({
  'compute.opened': z.object({
    phase: z.literal('plan'),
    specification,
    method: z.string().max(100).describe('Kind of analysis, like `linear`'),
    inputs: inputs.describe('What each party is to put in'),
    purposeSha256: sha256,
    references: z.array(z.string().max(500)).max(50).describe('Consents and ethics decisions that allow the purpose'),
  }),
  'compute.approved': z.object({
    phase: z.literal('plan'),
    specification,
    party,
    commitment: sha256,
    learnsSha256: sha256.optional().describe('Of what the person had read that the job lets anybody learn'),
  }),
  'compute.approval_withdrawn': z.object({ phase: z.literal('plan'), specification, party }),
  'compute.started': z.object({
    phase: z.literal('execution'),
    specification,
    inputs: inputs.describe('What each party has put in; the same as in the plan'),
  }),
  'compute.sealed': z.object({
    phase: z.literal('result'),
    specification,
    inputs,
    transcripts,
    result: sha256.describe('SHA-256 of the result that was opened'),
  }),
  'compute.aborted': z.object({
    phase: z.enum(['plan', 'execution', 'result']).describe('How far it had come'),
    specification,
    reason: z.string().max(100).describe('Stable code, never data'),
    party: party.optional(),
    transcripts,
  }),
  'compute.disputed': z.object({ specification, result: sha256, other: sha256 }),
  'compute.result_kept': z.object({ specification, result: sha256, size: z.string() }),
  'compute.result_read': z.object({ specification, result: sha256, format: z.string().max(10) }),
  'compute.transition_refused': z.object({ act: z.string().max(20), state: z.string().max(20) }),
  'compute.party_registered': z.object({ name: party, fingerprint: sha256 }),
  'compute.party_retired': z.object({ name: party, fingerprint: sha256 }),
  'compute.offer_changed': z.object({ offer: z.string().max(63), individuals: z.int() }),
  'compute.offer_removed': z.object({ offer: z.string().max(63) }),
  'compute.consent_frozen': z.object({ freeze: z.uuid(), referenceSha256: sha256 }),
});
