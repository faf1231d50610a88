import { portableSha256 } from '@geneward/merkle';
import { Refusal, type RefusalCode } from './error.ts';
import { memo as newMemo, type Memo } from './memo.ts';
import { parameters } from './parameter.ts';
import { chainKind, memberKind, type Member } from './record.ts';
import { reportEquivocation, submitCheckpoint } from './rules/checkpoint.ts';
import { approveJob, freezeConsent, openJob, sealJob, startJob } from './rules/job.ts';
import { changeParameter, hex, registerLog, registerMember, removeMember, rotateKey } from './rules/membership.ts';
import type { ChainEvent, Outcome, Rule, Setting } from './rules/setting.ts';
import { setValidator } from './rules/validator.ts';
import { appendToLog, parameter, read, write, type ChainState } from './state.ts';
import { parseTransaction, type Act, type Transaction } from './transaction.ts';

/** The block that a transaction stands in. `time`: seconds since 1970, as the header tells. */
export interface BlockSetting {
  readonly height: bigint;
  readonly time: bigint;
}

/** What became of a transaction. A refused one has changed nothing, not even its nonce. */
export type Applied =
  | { readonly ok: true; readonly state: ChainState; readonly leaf: Uint8Array; readonly events: readonly ChainEvent[] }
  | { readonly ok: false; readonly state: ChainState; readonly code: RefusalCode; readonly message: string };

/** The whole chain: state and transaction in, state out. The same on every machine. */
export function apply(state: ChainState, bytes: Uint8Array, block: BlockSetting, memo: Memo = newMemo()): Applied {
  try {
    const transaction = parseTransaction(bytes);
    const member = judgeSender(state, transaction, bytes, memo);
    const spent = write(state, memberKind, transaction.member, spendNonce(member, transaction.nonce));
    const { state: after, events } = perform(spent, transaction, { ...block, member: transaction.member, memo });
    return { ok: true, events, ...appendToLog(after, bytes) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, state, code: error.code, message: error.message };
  }
}

function judgeSender(state: ChainState, transaction: Transaction, bytes: Uint8Array, memo: Memo): Member {
  const { chainId, member: id, message, signature } = transaction;
  if (chainId !== read(state, chainKind, 'id')) throw new Refusal('wrong_chain', chainId);
  const member = read(state, memberKind, id);
  if (member?.active !== true) throw new Refusal('unknown_member', id);
  const name = `transaction ${hex(member.publicKey)} ${hex(portableSha256(bytes))}`;
  if (!memo.verdict(name, () => memo.ed25519(member.publicKey, message, signature)))
    throw new Refusal('bad_signature', id);
  return member;
}

/** A nonce counts once, in any order within 64: what arrives early does not wait, and nothing is played twice. */
function spendNonce(member: Member, nonce: bigint): Member {
  const ahead = nonce - member.nonce;
  if (ahead < 0n || ahead >= 64n || ((member.used >> ahead) & 1n) === 1n)
    throw new Refusal('nonce_used', `next is ${member.nonce}`);
  let used = member.used | (1n << ahead);
  let next = member.nonce;
  while ((used & 1n) === 1n) {
    used >>= 1n;
    next += 1n;
  }
  return { ...member, nonce: next, used };
}

/** One rule for each act. */
const rules: { readonly [T in Act['type']]: Rule<Extract<Act, { readonly type: T }>> } = {
  RegisterMember: registerMember,
  RemoveMember: removeMember,
  RotateKey: rotateKey,
  RegisterLog: registerLog,
  SubmitCheckpoint: submitCheckpoint,
  ReportEquivocation: reportEquivocation,
  JobOpen: openJob,
  JobApprove: approveJob,
  JobStart: startJob,
  JobSeal: sealJob,
  ConsentFreeze: freezeConsent,
  ParamChange: changeParameter,
  SetValidator: setValidator,
};

const perform = (state: ChainState, { act }: Transaction, setting: Setting): Outcome =>
  (rules[act.type] as Rule<Act>)(state, act, setting);

/** Version of the application that a block of this height asks for. */
export function versionAt(state: ChainState, height: bigint): bigint {
  const from = parameter(state, 'upgrade_height');
  return from > 0n && height >= from
    ? parameter(state, 'upgrade_version')
    : (parameters.get('upgrade_version')?.start ?? 1n);
}
