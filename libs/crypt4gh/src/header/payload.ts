import { concat, toU32le, toU64le, u32le, u64le } from '../bytes.ts';
import { Crypt4ghProblem } from '../problem.ts';

/** The key of data segments. With `sequence` the segments are bound to their order (the AEAD method, section 3.4.3). */
export interface DataKey {
  readonly key: Uint8Array;
  readonly sequence?: bigint;
}

/** What a header packet holds (section 3.2.2). */
export type Payload =
  | { readonly type: 'data key'; readonly dataKey: DataKey }
  | { readonly type: 'edit list'; readonly lengths: readonly bigint[] };

const dataKeyType = 0;
const editListType = 1;

export function encodePayload(payload: Payload): Uint8Array {
  if (payload.type === 'edit list')
    return concat(toU32le(editListType, payload.lengths.length), toU64le(payload.lengths));
  const { key, sequence } = payload.dataKey;
  return concat(
    toU32le(dataKeyType, sequence === undefined ? 0 : 1),
    key,
    sequence === undefined ? new Uint8Array(0) : toU64le([sequence]),
  );
}

/** Bytes after the content are padding and allowed (section 3.2.1). */
export function decodePayload(bytes: Uint8Array): Payload {
  if (bytes.length < 8) throw new Crypt4ghProblem('packet_malformed');
  const type = u32le(bytes, 0);
  if (type === dataKeyType) return { type: 'data key', dataKey: decodeDataKey(bytes) };
  if (type === editListType) return { type: 'edit list', lengths: decodeEditList(bytes) };
  throw new Crypt4ghProblem('packet_type_unknown', { type });
}

function decodeDataKey(bytes: Uint8Array): DataKey {
  const method = u32le(bytes, 4);
  if (method > 1) throw new Crypt4ghProblem('data_method_unknown', { method });
  if (bytes.length < (method === 0 ? 40 : 48)) throw new Crypt4ghProblem('packet_malformed');
  const key = bytes.slice(8, 40);
  return method === 0 ? { key } : { key, sequence: u64le(bytes, 40) };
}

function decodeEditList(bytes: Uint8Array): bigint[] {
  const count = u32le(bytes, 4);
  if (count * 8 > bytes.length - 8) throw new Crypt4ghProblem('edit_list_malformed');
  return Array.from({ length: count }, (_, index) => u64le(bytes, 8 + index * 8));
}
