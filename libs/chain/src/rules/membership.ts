import { keyTypes, portableSha256 } from '@geneward/merkle';
import { Refusal } from '../error.ts';
import type { Memo } from '../memo.ts';
import { parameters } from '../parameter.ts';
import { indexKind, logKind, memberKind, parameterKind, voteKind, type LogRecord } from '../record.ts';
import { newMember, parameter, read, remove, soundKey, write, type ChainState } from '../state.ts';
import { encodeAct, type Act } from '../transaction.ts';
import { event, type Outcome, type Rule, type Setting } from './setting.ts';

type Of<T extends Act['type']> = Extract<Act, { readonly type: T }>;

/** Keys that one log may have had. */
const keyHistory = 16;
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** More than two thirds of the active members. */
const quorum = (state: ChainState): number =>
  Math.floor((2 * (read(state, indexKind, 'members') ?? []).length) / 3) + 1;

/** Counts a vote for the act; when enough active members stand behind it, `pass` happens. */
export function vote(
  state: ChainState,
  act: Act,
  { member }: Setting,
  pass: (state: ChainState) => ChainState,
): Outcome {
  const name = hex(portableSha256(encodeAct(act)));
  const before = read(state, voteKind, name) ?? [];
  if (before.includes(member)) throw new Refusal('already_voted');
  const votes = [...before, member].filter((one) => read(state, memberKind, one)?.active === true);
  const passed = votes.length >= quorum(state);
  return {
    state: passed ? pass(remove(state, voteKind, name)) : write(state, voteKind, name, votes),
    events: [event(passed ? 'passed' : 'vote', { act: act.type, vote: name, votes: String(votes.length) })],
  };
}

/** The key under which a validator's cosignatures verify. @throws Refusal `key_unsound` */
function cosignerKey(memo: Memo, key: string): string {
  if (key !== '' && memo.verifier(key).type !== keyTypes.cosignature) throw new Refusal('key_unsound', key);
  return key;
}

export const registerMember: Rule<Of<'RegisterMember'>> = (state, act, setting) => {
  if (read(state, memberKind, act.id)) throw new Refusal('name_taken', act.id);
  const member = newMember(act.id, act.publicKey, cosignerKey(setting.memo, act.cosigner));
  return vote(state, act, setting, (passed) => {
    const ids = [...(read(passed, indexKind, 'members') ?? []), act.id];
    return write(write(passed, memberKind, act.id, member), indexKind, 'members', ids);
  });
};

/** The member's name stays taken, and its logs stay readable; it may write no more. */
export const removeMember: Rule<Of<'RemoveMember'>> = (state, act, setting) => {
  const member = read(state, memberKind, act.id);
  if (member?.active !== true) throw new Refusal('unknown_member', act.id);
  return vote(state, act, setting, (passed) => {
    const now = read(passed, memberKind, act.id) ?? member;
    const ids = (read(passed, indexKind, 'members') ?? []).filter((id) => id !== act.id);
    return write(write(passed, memberKind, act.id, { ...now, active: false }), indexKind, 'members', ids);
  });
};

export const changeParameter: Rule<Of<'ParamChange'>> = (state, act, setting) => {
  const bounds = parameters.get(act.name);
  if (!bounds || act.value < bounds.least || act.value > bounds.most) throw new Refusal('parameter_unknown', act.name);
  return vote(state, act, setting, (passed) => write(passed, parameterKind, act.name, act.value));
};

const emptyRoot = portableSha256(new Uint8Array(0));

export const registerLog: Rule<Of<'RegisterLog'>> = (state, act, { member, memo }) => {
  const { name: origin, type } = memo.verifier(act.key);
  if (type !== keyTypes.ed25519) throw new Refusal('key_unsound', act.key);
  if (read(state, logKind, origin)) throw new Refusal('name_taken', origin);
  const logs = read(state, indexKind, `logs/${member}`) ?? [];
  if (BigInt(logs.length) >= parameter(state, 'logs')) throw new Refusal('limit', 'logs');
  const log: LogRecord = {
    owner: member,
    keys: [act.key],
    frozen: false,
    size: 0n,
    root: emptyRoot,
    text: '',
    time: 0n,
    recent: [],
  };
  const indexed = write(state, indexKind, `logs/${member}`, [...logs, origin]);
  return { state: write(indexed, logKind, origin, log), events: [event('log', { origin, owner: member })] };
};

/** The old key has signed this transaction, or is the owner's; from here on the new one counts. */
export const rotateKey: Rule<Of<'RotateKey'>> = (state, act, { member: id, memo }) => {
  const events = [event('key', { member: id, target: act.target })];
  const member = read(state, memberKind, id);
  if (!member) throw new Refusal('unknown_member', id);
  if (act.target === '') {
    const { type, publicKey } = memo.verifier(act.key);
    if (type !== keyTypes.ed25519) throw new Refusal('key_unsound', act.key);
    soundKey(id, publicKey);
    return { state: write(state, memberKind, id, { ...member, publicKey }), events };
  }
  if (act.target === 'cosigner')
    return { state: write(state, memberKind, id, { ...member, cosigner: cosignerKey(memo, act.key) }), events };
  const log = read(state, logKind, act.target);
  if (!log) throw new Refusal('unknown_log', act.target);
  if (log.owner !== id) throw new Refusal('not_owner', act.target);
  if (log.frozen) throw new Refusal('log_frozen', act.target);
  const key = memo.verifier(act.key);
  if (key.type !== keyTypes.ed25519 || key.name !== act.target || log.keys.includes(act.key))
    throw new Refusal('key_unsound', act.key);
  if (log.keys.length >= keyHistory) throw new Refusal('limit', 'keys of a log');
  return { state: write(state, logKind, act.target, { ...log, keys: [...log.keys, act.key] }), events };
};
