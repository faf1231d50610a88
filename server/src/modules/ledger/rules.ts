import { stageOf, type Outcome } from '@geneward/api';

/** An audit event, as the ledger takes it. */
export interface LoggedEvent {
  readonly seq: string;
  readonly at: Date;
  readonly type: string;
  readonly outcome: Outcome;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly organisation_id: string | null;
  readonly object_kind: string | null;
  readonly object_id: string | null;
  readonly object_accession: string | null;
  readonly content: Readonly<Record<string, unknown>>;
  readonly request_id: string;
}

/** SHA-256 of a text in UTF-8, in hexadecimal digits. */
export type HexSha256 = (text: string) => string;

/** The part of the platform that acted. */
export const moduleOf = (type: string): string => type.slice(0, type.indexOf('.'));

/**
 * The act as an in-toto Statement v1. The person is named by a digest over the salt of the entry: whoever knows the person can
 * check it, nobody can find out who it was or link two acts. Client addresses stay out.
 */
export function statementOf(event: LoggedEvent, salt: Uint8Array, sha256: HexSha256): object {
  const { object_kind: kind, object_id: id, object_accession: accession, actor_id: actor } = event;
  const name = kind === null ? event.type : `${kind}:${accession ?? id ?? ''}`;
  const stated = event.content['sha256'];
  const digest = typeof stated === 'string' ? stated : sha256(name);
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256: digest } }],
    predicateType: `urn:geneward:act:${event.type}:v1`,
    predicate: {
      type: event.type,
      time: event.at.toISOString(),
      stage: stageOf(event.type, event.content) ?? 'governance',
      outcome: event.outcome,
      entity: kind === null ? undefined : { kind, id, accession: accession ?? undefined },
      agent: { kind: event.actor_kind, digest: actor === null ? undefined : agentDigest(actor, salt, sha256) },
      activity: { request: event.request_id, audit: event.seq, organisation: event.organisation_id ?? undefined },
      content: event.content,
    },
  };
}

/** How a statement names who acted. @param actor id of the person, or the name of a job */
export const agentDigest = (actor: string, salt: Uint8Array, sha256: HexSha256): string =>
  sha256(`geneward agent ${Buffer.from(salt.buffer, salt.byteOffset, salt.length).toString('base64')} ${actor}`);

/** Acts in the life of an object that whoever may read the object may see; the others are for its owner and the curators. */
const open: ReadonlySet<string> = new Set([
  'object.accessioned',
  'object.revised',
  'object.released',
  'object.suppressed',
  'object.restored',
  'object.withdrawn',
  'object.cited',
  'object.linked',
  'files.uploaded',
  'files.checked',
  'files.claimed',
]);

export const isOpen = (type: string): boolean => open.has(type);

/** Acts about somebody's own account: they concern nobody who supervises what happens to data. */
const ofAccount: ReadonlySet<string> = new Set([
  'identity.signed_in',
  'identity.sign_in_failed',
  'identity.token_refused',
  'identity.signed_out',
  'identity.session_revoked',
  'identity.token_issued',
  'identity.token_revoked',
  'identity.password_changed',
  'identity.password_refused',
  'identity.password_reset_offered',
  'identity.link_refused',
  'identity.profile_changed',
]);

export const isOfAccount = (type: string): boolean => ofAccount.has(type);
