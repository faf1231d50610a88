/**
 * Adds vectors of all institutions and gives everybody the total: the one thing that the analyses of this folder need of
 * their partners. Values are taken at 2^-bits; each total must stay below 2^(60 - bits). Secure addition over shares and
 * plain addition in a test are both of this shape.
 */
export type Sum = (phase: string, values: Float64Array, bits: number) => Promise<Float64Array>;

/** Elements in one addition: what bounds the memory of a party. */
export const sumChunk = 1 << 17;

/** A long vector in pieces. */
export async function sumInPieces(sum: Sum, phase: string, values: Float64Array, bits = 0): Promise<Float64Array> {
  const total = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += sumChunk)
    total.set(await sum(phase, values.subarray(at, at + sumChunk), bits), at);
  return total;
}

/** Values as signed integers at 2^-bits, what secret sharing takes. Throws RangeError at 2^60. */
export function toIntegers(values: Float64Array, bits: number): BigInt64Array {
  const scale = 2 ** bits;
  const integers = new BigInt64Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    const value = Math.round((values[at] as number) * scale);
    // The message names no value: it may be told to partners as the phase of an abort.
    if (!(Math.abs(value) < 2 ** 60)) throw new RangeError('a value does not fit into the field at this scale');
    integers[at] = BigInt(value);
  }
  return integers;
}

/** The way back. */
export const fromIntegers = (integers: BigInt64Array, bits: number): Float64Array =>
  Float64Array.from(integers, (value) => Number(value) / 2 ** bits);
