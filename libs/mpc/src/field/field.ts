/** Vectors of field elements: one 64-bit word each, below the prime. */
export type Vector = BigUint64Array;

/** Arithmetic on vectors of the same length, element by element. Results are new vectors. */
export interface Field {
  readonly prime: bigint;
  add(a: Vector, b: Vector): Vector;
  sub(a: Vector, b: Vector): Vector;
  mul(a: Vector, b: Vector): Vector;
  /** x·y + x·y′ + x′·y: what one party computes of a replicated product (Araki et al. 2016, section 2.2). */
  cross(x: Vector, x2: Vector, y: Vector, y2: Vector): Vector;
  /** Σ aᵢ·bᵢ */
  dot(a: Vector, b: Vector): bigint;
  /** Whether each word is below the prime. */
  areElements(words: Vector): boolean;
  /** Uniform elements from as many uniform 64-bit words, which it may change. */
  uniform(words: Vector): Vector;
  /** A vector of one value. */
  fill(length: number, value: bigint): Vector;
}

/** Little-endian bytes as 64-bit words; copied only where they do not lie on a multiple of eight. */
export const asWords = (bytes: Uint8Array): Vector =>
  bytes.byteOffset % 8 === 0
    ? new BigUint64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / 8)
    : new BigUint64Array(bytes.slice().buffer);

/** Least residue, for any integer. */
export const residue = (value: bigint, prime: bigint): bigint => ((value % prime) + prime) % prime;

/** The signed integer of least magnitude that an element stands for. */
export const signed = (element: bigint, prime: bigint): bigint => (element > prime >> 1n ? element - prime : element);

/** Integers as elements: negative ones from the top. */
export const fromSigned = (values: ArrayLike<bigint>, { prime }: Field): Vector =>
  BigUint64Array.from(Array.from(values, (value) => residue(value, prime)));

export const toSigned = (vector: Vector, { prime }: Field): BigInt64Array =>
  BigInt64Array.from(vector, (element) => signed(element, prime));

/** The field of any prime below 2^62, in plain bigint: the measure of the fast one, and small fields for experiments. */
export function plainField(prime: bigint): Field {
  const each = (a: Vector, b: Vector, act: (x: bigint, y: bigint) => bigint): Vector => {
    if (a.length !== b.length) throw new RangeError('vectors of different length');
    return a.map((x, at) => residue(act(x, b[at] ?? 0n), prime));
  };
  return {
    prime,
    add: (a, b) => each(a, b, (x, y) => x + y),
    sub: (a, b) => each(a, b, (x, y) => x - y),
    mul: (a, b) => each(a, b, (x, y) => x * y),
    cross(x, x2, y, y2) {
      const whole = each(y, y2, (a, b) => a + b);
      const first = each(x, whole, (a, b) => a * b);
      return each(
        first,
        each(x2, y, (a, b) => a * b),
        (a, b) => a + b,
      );
    },
    dot(a, b) {
      return residue(
        each(a, b, (x, y) => x * y).reduce((sum, value) => sum + value, 0n),
        prime,
      );
    },
    areElements: (words) => words.every((word) => word < prime),
    // 64 bits over a small prime: distance from uniform below p / 2^64.
    uniform: (words) => words.map((word) => word % prime),
    fill: (length, value) => new BigUint64Array(length).fill(residue(value, prime)),
  };
}
