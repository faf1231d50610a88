import { utf8 } from '@geneward/merkle';
import { reader, writer, type Reader, type Writer } from './codec.ts';

/** What the map holds: one kind of record under each prefix. Fields beyond these would need a new version of the application. */
interface Kind<T> {
  readonly prefix: string;
  encode(record: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

const limit = 1 << 20;

function kind<T>(prefix: string, write: (to: Writer, record: T) => void, read: (from: Reader) => T): Kind<T> {
  return {
    prefix,
    encode(record) {
      const to = writer();
      write(to, record);
      return to.done();
    },
    decode(bytes) {
      const from = reader(bytes);
      const record = read(from);
      from.end();
      return record;
    },
  };
}

/** An institution that may write. */
export interface Member {
  readonly publicKey: Uint8Array;
  readonly active: boolean;
  /** Verifier key by which its validator cosigns, or ''. */
  readonly cosigner: string;
  /** Every nonce below is used; bit i of `used`: so is `nonce + i`. */
  readonly nonce: bigint;
  readonly used: bigint;
}

/** A head of a log that the chain accepted. */
export interface AcceptedHead {
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** A log that a member writes. */
export interface LogRecord {
  readonly owner: string;
  /** Verifier keys it has had; the last one is in force. */
  readonly keys: readonly string[];
  readonly frozen: boolean;
  readonly size: bigint;
  readonly root: Uint8Array;
  /** Text of the last checkpoint; '' before the first. */
  readonly text: string;
  /** Time of the block that accepted it, seconds since 1970. */
  readonly time: bigint;
  /** The last heads, oldest first. */
  readonly recent: readonly AcceptedHead[];
}

export const jobStates = ['open', 'started', 'sealed', 'disputed'] as const;
export type JobState = (typeof jobStates)[number];

/** What one party said of a job. */
export interface JobParty {
  readonly member: string;
  readonly approved: boolean;
  readonly inputs: readonly { readonly consent: Uint8Array; readonly origin: string }[];
  /** Commitment to the result, empty before it sealed. */
  readonly sealed: Uint8Array;
}

export interface Job {
  readonly proposer: string;
  readonly plan: Uint8Array;
  readonly state: JobState;
  readonly parties: readonly JobParty[];
}

export const memberKind = kind<Member>(
  'member/',
  (to, one) =>
    to
      .raw(one.publicKey)
      .u8(one.active ? 1 : 0)
      .text(one.cosigner)
      .u64(one.nonce)
      .u64(one.used),
  (from) => ({
    publicKey: from.raw(32),
    active: from.u8() === 1,
    cosigner: from.text(limit),
    nonce: from.u64(),
    used: from.u64(),
  }),
);

export const logKind = kind<LogRecord>(
  'log/',
  (to, one) =>
    to
      .text(one.owner)
      .list(one.keys, (key) => to.text(key))
      .u8(one.frozen ? 1 : 0)
      .u64(one.size)
      .raw(one.root)
      .text(one.text)
      .u64(one.time)
      .list(one.recent, ({ size, root }) => to.u64(size).raw(root)),
  (from) => ({
    owner: from.text(limit),
    keys: from.list(limit, () => from.text(limit)),
    frozen: from.u8() === 1,
    size: from.u64(),
    root: from.raw(32),
    text: from.text(limit),
    time: from.u64(),
    recent: from.list(limit, () => ({ size: from.u64(), root: from.raw(32) })),
  }),
);

export const jobKind = kind<Job>(
  'job/',
  (to, one) =>
    to
      .text(one.proposer)
      .raw(one.plan)
      .u8(jobStates.indexOf(one.state))
      .list(one.parties, (party) =>
        to
          .text(party.member)
          .u8(party.approved ? 1 : 0)
          .list(party.inputs, (input) => to.raw(input.consent).text(input.origin))
          .bytes(party.sealed),
      ),
  (from) => ({
    proposer: from.text(limit),
    plan: from.raw(32),
    state: jobStates[from.u8()] ?? 'disputed',
    parties: from.list(limit, () => ({
      member: from.text(limit),
      approved: from.u8() === 1,
      inputs: from.list(limit, () => ({ consent: from.raw(32), origin: from.text(limit) })),
      sealed: from.bytes(32),
    })),
  }),
);

export const faultKinds = ['duplicate_vote', 'light_client_attack'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Why a validator was put out: what it did, where, and when, seconds since 1970. */
export interface Fault {
  readonly kind: FaultKind;
  readonly height: bigint;
  readonly time: bigint;
}

/** A key that votes on blocks, under its address in hexadecimal digits. */
export interface ValidatorRecord {
  /** Empty where evidence names a key that the chain has never known. */
  readonly publicKey: Uint8Array;
  readonly power: bigint;
  /** What the engine has proved against it, the first ones. A key with a fault never votes again. */
  readonly faults: readonly Fault[];
}

export const validatorKind = kind<ValidatorRecord>(
  'validator/',
  (to, one) =>
    to
      .bytes(one.publicKey)
      .u64(one.power)
      .list(one.faults, ({ kind: what, height, time }) => to.u8(faultKinds.indexOf(what)).u64(height).u64(time)),
  (from) => ({
    publicKey: from.bytes(32),
    power: from.u64(),
    faults: from.list(limit, () => ({
      kind: faultKinds[from.u8()] ?? 'duplicate_vote',
      height: from.u64(),
      time: from.u64(),
    })),
  }),
);

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A consent is named by the member that holds it. */
export const consentName = (member: string, consent: Uint8Array): string => `${member}/${hex(consent)}`;

/** Height at which a consent was frozen. */
export const consentKind = kind<bigint>(
  'consent/',
  (to, height) => to.u64(height),
  (from) => from.u64(),
);
export const parameterKind = kind<bigint>(
  'parameter/',
  (to, value) => to.u64(value),
  (from) => from.u64(),
);
/** Members that voted for an act. */
export const voteKind = kind<readonly string[]>(
  'vote/',
  (to, members) => to.list(members, (member) => to.text(member)),
  (from) => from.list(limit, () => from.text(limit)),
);
/** Names that are counted: `members` (active ones), `validators` (addresses), and `logs/<member>`. */
export const indexKind = kind<readonly string[]>(
  'index/',
  (to, names) => to.list(names, (name) => to.text(name)),
  (from) => from.list(limit, () => from.text(limit)),
);
export const chainKind = kind<string>(
  'chain/',
  (to, id) => to.text(id),
  (from) => from.text(limit),
);

export const recordKey = (of: { readonly prefix: string }, name: string): Uint8Array => utf8(of.prefix + name);
export type { Kind };
