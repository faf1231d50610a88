import { concat, signEd25519, utf8 } from '@geneward/merkle';
import { reader, writer, type Reader, type Writer } from './codec.ts';
import { Refusal } from './error.ts';

/** Bytes of a transaction at most. */
export const transactionLimit = 65_536;
/** Hashes of a proof at most: a tree of 2^63 needs no more. */
const proofLimit = 126;
export const idLimit = 63;
const keyLimit = 4096;
const noteLimit = 16_384;
const partyBound = 64;
const inputBound = 256;
const hashBytes = 32;
const signatureBytes = 64;

/** An input of a joint job: a leaf of a party's log, under a checkpoint that the chain has accepted, and the consent to its use. */
export interface JobInput {
  /** Salted commitment to the consent, 32 bytes, as ConsentFreeze names it. */
  readonly consent: Uint8Array;
  readonly origin: string;
  /** Size of the accepted checkpoint that the proof leads to. */
  readonly size: bigint;
  readonly index: bigint;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** What a member asks of the chain. */
export type Act =
  | { readonly type: 'RegisterMember'; readonly id: string; readonly publicKey: Uint8Array; readonly cosigner: string }
  | { readonly type: 'RemoveMember'; readonly id: string }
  /** `target`: '' for the member's own key, 'cosigner', or the origin of a log; `key` is a verifier key of that kind. */
  | { readonly type: 'RotateKey'; readonly target: string; readonly key: string }
  | { readonly type: 'RegisterLog'; readonly key: string }
  | { readonly type: 'SubmitCheckpoint'; readonly note: string; readonly proof: readonly Uint8Array[] }
  /** `prefixRoot` and `proof` show what the larger tree had at the smaller size; empty where both are of one size. */
  | {
      readonly type: 'ReportEquivocation';
      readonly first: string;
      readonly second: string;
      readonly prefixRoot: Uint8Array;
      readonly proof: readonly Uint8Array[];
    }
  | { readonly type: 'JobOpen'; readonly job: string; readonly plan: Uint8Array; readonly parties: readonly string[] }
  | {
      readonly type: 'JobApprove';
      readonly job: string;
      readonly plan: Uint8Array;
      readonly inputs: readonly JobInput[];
    }
  | { readonly type: 'JobStart'; readonly job: string }
  | { readonly type: 'JobSeal'; readonly job: string; readonly result: Uint8Array }
  | { readonly type: 'ConsentFreeze'; readonly consent: Uint8Array }
  | { readonly type: 'ParamChange'; readonly name: string; readonly value: bigint }
  /** `power` 0 takes the validator out. */
  | { readonly type: 'SetValidator'; readonly publicKey: Uint8Array; readonly power: bigint };

type ActType = Act['type'];
type Of<T extends ActType> = Extract<Act, { readonly type: T }>;

interface Form<T extends ActType> {
  readonly number: number;
  write(to: Writer, act: Of<T>): void;
  read(from: Reader): Omit<Of<T>, 'type'>;
}

const hashes = (from: Reader) => from.list(proofLimit, () => from.raw(hashBytes));
const writeHashes = (to: Writer, values: readonly Uint8Array[]) => to.list(values, (hash) => to.raw(sized(hash)));

/** One row for each act: its number on the wire, and its fields in order. */
const forms: { readonly [T in ActType]: Form<T> } = {
  RegisterMember: {
    number: 1,
    write: (to, act) => to.text(act.id).raw(sized(act.publicKey)).text(act.cosigner),
    read: (from) => ({ id: from.text(idLimit), publicKey: from.raw(hashBytes), cosigner: from.text(keyLimit) }),
  },
  RemoveMember: {
    number: 2,
    write: (to, act) => to.text(act.id),
    read: (from) => ({ id: from.text(idLimit) }),
  },
  RotateKey: {
    number: 3,
    write: (to, act) => to.text(act.target).text(act.key),
    read: (from) => ({ target: from.text(keyLimit), key: from.text(keyLimit) }),
  },
  RegisterLog: {
    number: 4,
    write: (to, act) => to.text(act.key),
    read: (from) => ({ key: from.text(keyLimit) }),
  },
  SubmitCheckpoint: {
    number: 5,
    write: (to, act) => writeHashes(to.text(act.note), act.proof),
    read: (from) => ({ note: from.text(noteLimit), proof: hashes(from) }),
  },
  ReportEquivocation: {
    number: 6,
    write: (to, act) => writeHashes(to.text(act.first).text(act.second).bytes(act.prefixRoot), act.proof),
    read: (from) => ({
      first: from.text(noteLimit),
      second: from.text(noteLimit),
      prefixRoot: from.bytes(hashBytes),
      proof: hashes(from),
    }),
  },
  JobOpen: {
    number: 7,
    write: (to, act) =>
      to
        .text(act.job)
        .raw(sized(act.plan))
        .list(act.parties, (party) => to.text(party)),
    read: (from) => ({
      job: from.text(idLimit),
      plan: from.raw(hashBytes),
      parties: from.list(partyBound, () => from.text(idLimit)),
    }),
  },
  JobApprove: {
    number: 8,
    write: (to, act) =>
      to
        .text(act.job)
        .raw(sized(act.plan))
        .list(act.inputs, (input) => {
          to.raw(sized(input.consent)).text(input.origin).u64(input.size).u64(input.index).raw(sized(input.leaf));
          writeHashes(to, input.proof);
        }),
    read: (from) => ({
      job: from.text(idLimit),
      plan: from.raw(hashBytes),
      inputs: from.list(inputBound, () => ({
        consent: from.raw(hashBytes),
        origin: from.text(keyLimit),
        size: from.u64(),
        index: from.u64(),
        leaf: from.raw(hashBytes),
        proof: hashes(from),
      })),
    }),
  },
  JobStart: {
    number: 9,
    write: (to, act) => to.text(act.job),
    read: (from) => ({ job: from.text(idLimit) }),
  },
  JobSeal: {
    number: 10,
    write: (to, act) => to.text(act.job).raw(sized(act.result)),
    read: (from) => ({ job: from.text(idLimit), result: from.raw(hashBytes) }),
  },
  ConsentFreeze: {
    number: 11,
    write: (to, act) => to.raw(sized(act.consent)),
    read: (from) => ({ consent: from.raw(hashBytes) }),
  },
  ParamChange: {
    number: 12,
    write: (to, act) => to.text(act.name).u64(act.value),
    read: (from) => ({ name: from.text(idLimit), value: from.u64() }),
  },
  SetValidator: {
    number: 13,
    write: (to, act) => to.raw(sized(act.publicKey)).u64(act.power),
    read: (from) => ({ publicKey: from.raw(hashBytes), power: from.u64() }),
  },
};
const types = Object.keys(forms) as ActType[];

function sized(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== hashBytes) throw new RangeError(`${bytes.length} bytes where ${hashBytes} belong`);
  return bytes;
}

/** The act alone: what members vote on. */
export function encodeAct(act: Act): Uint8Array {
  const to = writer();
  const form = forms[act.type] as Form<ActType>;
  to.u8(form.number);
  form.write(to, act);
  return to.done();
}

/** A transaction as it is ordered. */
export interface Transaction {
  readonly chainId: string;
  /** Who signs. */
  readonly member: string;
  readonly nonce: bigint;
  readonly act: Act;
  /** What is signed. */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const domain = utf8('geneward-chain/transaction/v1\n');

/**
 * Makes a transaction.
 * @param seed 32 secret bytes of the member's key
 * @throws RangeError when a field has the wrong length or the whole exceeds the limit
 */
export function signTransaction(
  given: Pick<Transaction, 'chainId' | 'member' | 'nonce' | 'act'>,
  seed: Uint8Array,
): Uint8Array {
  const { chainId, member, nonce, act } = given;
  const unsigned = writer().u8(1).text(chainId).text(member).u64(nonce).raw(encodeAct(act)).done();
  const bytes = concat(unsigned, signEd25519(seed, concat(domain, unsigned)));
  if (bytes.length > transactionLimit) throw new RangeError('a transaction beyond the limit');
  return bytes;
}

/** Reads a transaction; the signature is not judged yet. @throws Refusal `malformed` */
export function parseTransaction(bytes: Uint8Array): Transaction {
  if (bytes.length > transactionLimit) throw new Refusal('malformed', 'too long');
  const from = reader(bytes);
  if (from.u8() !== 1) throw new Refusal('malformed', 'unknown version');
  const chainId = from.text(idLimit);
  const member = from.text(idLimit);
  const nonce = from.u64();
  const number = from.u8();
  const type = types.find((one) => forms[one].number === number);
  if (!type) throw new Refusal('malformed', 'unknown act');
  const act = { type, ...forms[type].read(from) } as Act;
  const message = concat(domain, bytes.slice(0, from.at));
  const signature = from.raw(signatureBytes);
  from.end();
  return { chainId, member, nonce, act, message, signature };
}
