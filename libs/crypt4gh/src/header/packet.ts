import { concat, equal, toU32le, u32le } from '../bytes.ts';
import type { Crypto, SecretKey } from '../crypto/port.ts';
import { Crypt4ghProblem } from '../problem.ts';

/** Header encryption method X25519_chacha20_ietf_poly1305 (section 3.2.1). */
const x25519Method = 0;
/** Method, writer's public key and nonce stand before the sealed payload, the MAC behind it. */
const overhead = 4 + 32 + 12 + 16;

/** K_shared = Blake2b(K_dh ‖ K_pr ‖ K_pw), its first 32 bytes (section 3.3.1). */
function sharedKey(
  crypto: Crypto,
  mine: SecretKey,
  peer: Uint8Array,
  reader: Uint8Array,
  writer: Uint8Array,
): Uint8Array | undefined {
  const agreed = mine.agree(peer);
  return agreed && crypto.blake2b512(concat(agreed, reader, writer)).subarray(0, 32);
}

/** Seals a payload for one reader (section 3.3.1): the packet without its length. Throws `public_key_weak`. */
export function sealPacket(crypto: Crypto, payload: Uint8Array, writer: SecretKey, reader: Uint8Array): Uint8Array {
  const key = reader.length === 32 ? sharedKey(crypto, writer, reader, reader, writer.publicKey) : undefined;
  if (!key) throw new Crypt4ghProblem('public_key_weak');
  const packet = new Uint8Array(overhead + payload.length);
  const nonce = crypto.randomBytes(12);
  packet.set(toU32le(x25519Method));
  packet.set(writer.publicKey, 4);
  packet.set(nonce, 36);
  crypto.seal(key, nonce, payload, undefined, packet.subarray(48));
  return packet;
}

/** What a try to open a packet may end with, other than a payload. */
export type Closed = 'not for this key' | 'other sender';

/**
 * Opens a packet with one key (section 3.3.2). A packet that does not open is for somebody else and no error
 * (section 2.3); with `sender`, neither is one of another writer opened.
 */
export function openPacket(
  crypto: Crypto,
  packet: Uint8Array,
  reader: SecretKey,
  sender?: Uint8Array,
): Uint8Array | Closed {
  if (packet.length < overhead || u32le(packet, 0) !== x25519Method) return 'not for this key';
  const writer = packet.subarray(4, 36);
  const key = sharedKey(crypto, reader, writer, reader.publicKey, writer);
  if (!key) return 'not for this key';
  const payload = new Uint8Array(packet.length - overhead);
  if (!crypto.open(key, packet.subarray(36, 48), packet.subarray(48), undefined, payload)) return 'not for this key';
  return sender && !equal(sender, writer) ? 'other sender' : payload;
}
