import { compactRange, concat, equal, portableSha256, treeHasher, utf8, verifierOf, keyTypes } from '@geneward/merkle';
import { reader, writer } from './codec.ts';
import { Refusal } from './error.ts';
import { mapEntries, mapGet, mapProve, mapSet, mapRootFrom, rootOf, type MapNode, type MapProof } from './map.ts';
import {
  chainKind,
  indexKind,
  memberKind,
  parameterKind,
  recordKey,
  validatorKind,
  type Kind,
  type Member,
} from './record.ts';
import { parameters } from './parameter.ts';

const hasher = treeHasher();

/** All that the chain agrees on. It never changes: what is written gives another state. */
export interface ChainState {
  readonly map: MapNode | undefined;
  /** Log of all transactions that were accepted: its size, and its right edge. */
  readonly size: bigint;
  readonly edge: readonly Uint8Array[];
}

/** How a chain begins. */
export interface Genesis {
  readonly chainId: string;
  readonly members: readonly { readonly id: string; readonly publicKey: Uint8Array; readonly cosigner?: string }[];
  readonly parameters?: readonly { readonly name: string; readonly value: bigint }[];
  /** As the engine names them: Ed25519 keys and how much their votes weigh. */
  readonly validators?: readonly { readonly publicKey: Uint8Array; readonly power: bigint }[];
}

export function read<T>(state: ChainState, kind: Kind<T>, name: string): T | undefined {
  const bytes = mapGet(state.map, recordKey(kind, name));
  return bytes && kind.decode(bytes);
}

export const write = <T>(state: ChainState, kind: Kind<T>, name: string, record: T): ChainState => ({
  ...state,
  map: mapSet(state.map, recordKey(kind, name), kind.encode(record)),
});

export const remove = <T>(state: ChainState, kind: Kind<T>, name: string): ChainState => ({
  ...state,
  map: mapSet(state.map, recordKey(kind, name), undefined),
});

/** @throws Refusal `malformed`, `key_unsound`, `parameter_unknown` */
export function firstState(genesis: Genesis): ChainState {
  let state: ChainState = { map: undefined, size: 0n, edge: [] };
  state = write(state, chainKind, 'id', genesis.chainId);
  if (genesis.members.length === 0) throw new Refusal('malformed', 'a chain begins with members');
  for (const { id, publicKey, cosigner = '' } of genesis.members) {
    if (read(state, memberKind, id)) throw new Refusal('name_taken', id);
    state = write(state, memberKind, id, newMember(id, publicKey, cosigner));
  }
  const ids = genesis.members.map(({ id }) => id);
  state = write(state, indexKind, 'members', ids);
  for (const { name, value } of genesis.parameters ?? []) {
    const bounds = parameters.get(name);
    if (!bounds || value < bounds.least || value > bounds.most) throw new Refusal('parameter_unknown', name);
    state = write(state, parameterKind, name, value);
  }
  for (const { publicKey, power } of genesis.validators ?? []) state = writePower(state, publicKey, power);
  return state;
}

/** What the engine calls a validator: the first 20 bytes of the SHA-256 of its key, in hexadecimal digits. */
export const addressOf = (publicKey: Uint8Array): string =>
  Array.from(portableSha256(publicKey).subarray(0, 20), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The weight of a validator's votes from the block after the next one on. */
export function writePower(state: ChainState, publicKey: Uint8Array, power: bigint): ChainState {
  const address = addressOf(publicKey);
  const addresses = read(state, indexKind, 'validators') ?? [];
  const faults = read(state, validatorKind, address)?.faults ?? [];
  const listed = addresses.includes(address) ? state : write(state, indexKind, 'validators', [...addresses, address]);
  return write(listed, validatorKind, address, { publicKey, power, faults });
}

/** @throws Refusal `malformed`, `key_unsound` */
export function newMember(id: string, publicKey: Uint8Array, cosigner: string): Member {
  if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(id)) throw new Refusal('malformed', 'an id is a-z, 0-9, dot and hyphen');
  soundKey(id, publicKey);
  return { publicKey, active: true, cosigner, nonce: 0n, used: 0n };
}

/** @throws Refusal `key_unsound` */
export function soundKey(name: string, publicKey: Uint8Array): void {
  try {
    verifierOf(name, keyTypes.ed25519, publicKey);
  } catch {
    throw new Refusal('key_unsound', name);
  }
}

/** The value of a parameter, or its default. */
export const parameter = (state: ChainState, name: string): bigint =>
  read(state, parameterKind, name) ?? parameters.get(name)?.start ?? 0n;

/** Puts an accepted transaction, or evidence, on the log. @returns its leaf, and the state behind it */
export function appendToLog(state: ChainState, transaction: Uint8Array): { leaf: Uint8Array; state: ChainState } {
  const leaf = hasher.leaf(transaction);
  const range = compactRange(hasher, state.size, state.edge);
  range.append(leaf);
  return { leaf, state: { ...state, size: range.size, edge: range.hashes } };
}

export const logRoot = ({ size, edge }: ChainState): Uint8Array => compactRange(hasher, size, edge).root();

const appHashOf = (size: bigint, root: Uint8Array, mapRoot: Uint8Array): Uint8Array =>
  portableSha256(concat(utf8('geneward-chain/app-hash/v1\n'), writer().u64(size).done(), root, mapRoot));

/** What the header of the next block holds: 32 bytes over log and map. */
export const appHash = (state: ChainState): Uint8Array => appHashOf(state.size, logRoot(state), rootOf(state.map));

/** Proof of what the state holds under a key, as bytes: it leads to the app hash. */
export function proveRecord(state: ChainState, key: Uint8Array): Uint8Array {
  const { siblings, other } = mapProve(state.map, key);
  const to = writer().u64(state.size).raw(logRoot(state));
  to.list(siblings, (hash) => to.raw(hash)).u8(other ? 1 : 0);
  if (other) to.raw(other.path).raw(other.valueHash);
  return to.done();
}

/** Whether the state with this app hash holds `value` (undefined: nothing) under the key. Wrong bytes are no proof. */
export function verifyRecord(
  hash: Uint8Array,
  key: Uint8Array,
  value: Uint8Array | undefined,
  proof: Uint8Array,
): boolean {
  try {
    const from = reader(proof);
    const size = from.u64();
    const root = from.raw(32);
    const siblings = from.list(256, () => from.raw(32));
    const other = from.u8() === 1 ? { path: from.raw(32), valueHash: from.raw(32) } : undefined;
    from.end();
    const given: MapProof = other ? { siblings, other } : { siblings };
    const mapRoot = mapRootFrom(key, value, given);
    return mapRoot !== undefined && equal(appHashOf(size, root, mapRoot), hash);
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** What one block did to the state: leaves of its transactions, and records that it wrote or (undefined) removed. */
export interface Change {
  readonly leaves: readonly Uint8Array[];
  readonly records: readonly (readonly [key: Uint8Array, value: Uint8Array | undefined])[];
}

/** Does again what a block did, without judging it anew. */
export function redo(state: ChainState, { leaves, records }: Change): ChainState {
  const range = compactRange(hasher, state.size, state.edge);
  for (const leaf of leaves) range.append(leaf);
  let { map } = state;
  for (const [key, value] of records) map = mapSet(map, key, value);
  return { map, size: range.size, edge: range.hashes };
}

/** The whole state as bytes, for the disk and for nodes that join. */
export function encodeState(state: ChainState): Uint8Array {
  const to = writer().u8(1).u64(state.size);
  to.list(state.edge, (hash) => to.raw(hash));
  to.list([...mapEntries(state.map)], ([key, value]) => to.bytes(key).bytes(value));
  return to.done();
}

/** @throws Refusal `malformed` */
export function decodeState(bytes: Uint8Array): ChainState {
  const from = reader(bytes);
  if (from.u8() !== 1) throw new Refusal('malformed', 'unknown version of a state');
  const size = from.u64();
  const edge = from.list(64, () => from.raw(32));
  let map: MapNode | undefined;
  for (const [key, value] of from.list(0xffff_ffff, () => [from.bytes(1 << 16), from.bytes(1 << 24)] as const))
    map = mapSet(map, key, value);
  from.end();
  return { map, size, edge };
}
