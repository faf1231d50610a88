import type { Crypto, SecretKey } from '../crypto/port.ts';
import { Crypt4ghProblem } from '../problem.ts';
import { writeHeader, type Header } from './header.ts';
import { openPacket, sealPacket } from './packet.ts';
import { decodePayload, encodePayload, type DataKey, type Payload } from './payload.ts';

/** What a reader learns from a header. */
export interface OpenedHeader {
  /** At least one; each segment is under one of them. All have a `sequence`, or none. */
  readonly dataKeys: readonly DataKey[];
  /** Bytes to discard, to keep, to discard … of the plain text (section 4.3). */
  readonly editList?: readonly bigint[];
}

/** With which keys a header is opened, and from whom it must come. */
export interface Opening {
  readonly keys: readonly SecretKey[];
  /** The public key of the only writer that is accepted. */
  readonly sender?: Uint8Array | undefined;
}

/**
 * Opens every packet that one of the keys opens (section 3.3.3). Throws `no_key_fits`, `sender_differs`, and what a
 * malformed packet of ours asks for.
 */
export function openHeader(crypto: Crypto, header: Header, opening: Opening): OpenedHeader {
  return contentOf(openPackets(crypto, header, opening).payloads);
}

/**
 * Seals the content of a header for other readers; the data stays as it is. Packets for others are kept, unless `trim`.
 * `writer` is the key that the new packets come from: one for a whole service is cheap, a fresh one cannot be linked.
 */
export function reencryptHeader(
  crypto: Crypto,
  header: Header,
  opening: Opening,
  to: { readonly writer: SecretKey; readonly readers: readonly Uint8Array[]; readonly trim?: boolean },
): Uint8Array {
  const { payloads, opened, closed } = openPackets(crypto, header, opening);
  contentOf(payloads);
  const packets = opened.flatMap((payload) =>
    to.readers.map((reader) => sealPacket(crypto, payload, to.writer, reader)),
  );
  if (packets.length === 0) throw new Crypt4ghProblem('header_empty');
  return writeHeader(to.trim === true ? packets : [...packets, ...closed]);
}

/** Seals data keys and an edit list for every reader. */
export function sealHeader(
  crypto: Crypto,
  content: OpenedHeader,
  to: { readonly writer: SecretKey; readonly readers: readonly Uint8Array[] },
): Uint8Array {
  const payloads: Payload[] = content.dataKeys.map((dataKey) => ({ type: 'data key', dataKey }));
  if (content.editList) payloads.push({ type: 'edit list', lengths: content.editList });
  if (content.dataKeys.length === 0 || to.readers.length === 0) throw new Crypt4ghProblem('header_empty');
  return writeHeader(
    payloads.flatMap((payload) =>
      to.readers.map((reader) => sealPacket(crypto, encodePayload(payload), to.writer, reader)),
    ),
  );
}

function openPackets(crypto: Crypto, header: Header, { keys, sender }: Opening) {
  const opened: Uint8Array[] = [];
  const closed: Uint8Array[] = [];
  let otherSender = false;
  for (const packet of header.packets) {
    let payload: Uint8Array | undefined;
    for (const key of keys) {
      const tried = openPacket(crypto, packet, key, sender);
      if (tried === 'other sender') otherSender = true;
      if (typeof tried === 'string') continue;
      payload = tried;
      break;
    }
    if (payload) opened.push(payload);
    else closed.push(packet);
  }
  if (opened.length === 0) throw new Crypt4ghProblem(otherSender ? 'sender_differs' : 'no_key_fits');
  return { opened, closed, payloads: opened.map(decodePayload) };
}

function contentOf(payloads: readonly Payload[]): OpenedHeader {
  const dataKeys = payloads.flatMap((payload) => (payload.type === 'data key' ? [payload.dataKey] : []));
  const lists = payloads.flatMap((payload) => (payload.type === 'edit list' ? [payload.lengths] : []));
  if (dataKeys.length === 0) throw new Crypt4ghProblem('no_key_fits');
  if (lists.length > 1) throw new Crypt4ghProblem('edit_list_twice');
  if (new Set(dataKeys.map(({ sequence }) => sequence === undefined)).size > 1)
    throw new Crypt4ghProblem('data_methods_mixed');
  const [editList] = lists;
  return editList && editList.length > 0 ? { dataKeys, editList } : { dataKeys };
}
