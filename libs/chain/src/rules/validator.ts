import { writer } from '../codec.ts';
import { Refusal } from '../error.ts';
import { faultKinds, indexKind, validatorKind, type Fault, type ValidatorRecord } from '../record.ts';
import { addressOf, appendToLog, read, soundKey, write, writePower, type ChainState } from '../state.ts';
import type { Act } from '../transaction.ts';
import { vote } from './membership.ts';
import { event, type ChainEvent, type Rule } from './setting.ts';

/** Faults of one validator that its record names; all of them stand on the log. */
const faultsKept = 16;
const powerLimit = 1_000_000n;

/** What the engine has proved against a validator, and put into a block. */
export interface Misbehaviour extends Fault {
  /** Address in hexadecimal digits. */
  readonly address: string;
}

/** All validators that the chain has known, by address, in the order in which they came. */
export const validators = (state: ChainState): ReadonlyMap<string, ValidatorRecord> =>
  new Map(
    (read(state, indexKind, 'validators') ?? []).flatMap((address) => {
      const record = read(state, validatorKind, address);
      return record ? [[address, record] as const] : [];
    }),
  );

const isLast = (state: ChainState, address: string): boolean =>
  [...validators(state)].every(([other, { power }]) => other === address || power === 0n);

/**
 * Members set the weight of a key by vote, and bring in validators that way. A key that was proved to have signed twice stays out:
 * whoever has its copy could do it again.
 */
export const setValidator: Rule<Extract<Act, { readonly type: 'SetValidator' }>> = (state, act, setting) => {
  const address = addressOf(act.publicKey);
  soundKey(address, act.publicKey);
  if (act.power > powerLimit) throw new Refusal('limit', 'power');
  const known = read(state, validatorKind, address);
  if (known && known.faults.length > 0) throw new Refusal('validator_convicted', address);
  if (act.power === 0n && isLast(state, address)) throw new Refusal('last_validator', address);
  return vote(state, act, setting, (passed) => writePower(passed, act.publicKey, act.power));
};

/**
 * Records what a validator was proved to have done, on the log and under its address, and takes its vote away. The last one that
 * has a vote keeps it, since a chain without validators never goes on.
 */
export function convict(
  state: ChainState,
  { address, kind, height, time }: Misbehaviour,
): { readonly state: ChainState; readonly leaf: Uint8Array; readonly events: readonly ChainEvent[] } {
  const known = read(state, validatorKind, address) ?? { publicKey: new Uint8Array(0), power: 0n, faults: [] };
  const faults = [...known.faults, { kind, height, time }].slice(0, faultsKept);
  const power = isLast(state, address) ? known.power : 0n;
  const addresses = read(state, indexKind, 'validators') ?? [];
  const listed = addresses.includes(address) ? state : write(state, indexKind, 'validators', [...addresses, address]);
  const written = write(listed, validatorKind, address, { ...known, power, faults });
  // Transactions begin with their version, which is never 0.
  const entry = writer().u8(0).text(address).u8(faultKinds.indexOf(kind)).u64(height).u64(time).done();
  const events = [event('misbehaviour', { address, kind, height: String(height), power: String(power) })];
  return { ...appendToLog(written, entry), events };
}

/** Whose weight a block has changed, as the engine wants to be told. */
export function powerChanges(
  before: ChainState,
  after: ChainState,
): { readonly publicKey: Uint8Array; readonly power: bigint }[] {
  const old = validators(before);
  return [...validators(after)]
    .filter(([address, { power }]) => (old.get(address)?.power ?? 0n) !== power)
    .map(([, { publicKey, power }]) => ({ publicKey, power }));
}
