import type { Bytes, Group } from './group.ts';

const ascii = (text: string): Bytes => new TextEncoder().encode(text);
const joined = (...parts: readonly Bytes[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
const be16 = (value: number): Bytes => Uint8Array.of(value >> 8, value & 255);

/** RFC 9497 section 3.1: mode OPRF (0) with ristretto255-SHA512. */
const context = joined(ascii('OPRFV1-'), Uint8Array.of(0), ascii('-ristretto255-SHA512'));

/** RFC 9380 section 5.3.1, expand_message_xmd with SHA-512, for the 64 bytes that one element or scalar takes. */
function expand(group: Group, message: Bytes, tag: Bytes): Bytes {
  const prime = joined(tag, Uint8Array.of(tag.length));
  const b0 = group.sha512(joined(new Uint8Array(128), message, be16(64), Uint8Array.of(0), prime));
  return group.sha512(joined(b0, Uint8Array.of(1), prime));
}

/** RFC 9497 section 4.1, HashToGroup. */
export const hashToGroup = (group: Group, input: Bytes): Bytes =>
  group.fromUniform(expand(group, input, joined(ascii('HashToGroup-'), context)));

/** RFC 9497 section 3.2.1, DeriveKeyPair: the secret key of a seed of 32 bytes. */
export function deriveKey(group: Group, seed: Bytes, info: Bytes): Bytes {
  const tag = joined(ascii('DeriveKeyPair'), context);
  for (let counter = 0; counter < 256; counter += 1) {
    const message = joined(seed, be16(info.length), info, Uint8Array.of(counter));
    const key = group.reduceScalar(expand(group, message, tag));
    if (key.some((byte) => byte !== 0)) return key;
  }
  throw new RangeError('no key from this seed');
}

/** RFC 9497 section 3.3.1, Blind: blind * HashToGroup(input). */
export const blind = (group: Group, input: Bytes, scalar: Bytes): Bytes =>
  group.multiply(scalar, hashToGroup(group, input));

/** RFC 9497 section 3.3.1, Finalize: the output of 64 bytes, from the evaluated element. */
export function finalize(group: Group, input: Bytes, scalar: Bytes, evaluated: Bytes): Bytes {
  const unblinded = group.multiply(group.invert(scalar), evaluated);
  return output(group, input, unblinded);
}

/** RFC 9497 section 3.3.1, Evaluate: what the holder of the key gets without blinding. */
export const evaluate = (group: Group, key: Bytes, input: Bytes): Bytes =>
  output(group, input, group.multiply(key, hashToGroup(group, input)));

const output = (group: Group, input: Bytes, element: Bytes): Bytes =>
  group.sha512(joined(be16(input.length), input, be16(element.length), element, ascii('Finalize')));
