/** Vectors of field elements: one 64-bit word each, below the prime. */
export type Vector = BigUint64Array;

/** Arithmetic on vectors of the same length, element by element. Results are new vectors. */
export interface Field {
  readonly prime: bigint;
  /** Into `out` if given, which may be `a`. */
  add(a: Vector, b: Vector, out?: Vector): Vector;
  sub(a: Vector, b: Vector): Vector;
  mul(a: Vector, b: Vector): Vector;
  /** x·y + x·y′ + x′·y: what one party computes of a replicated product (Araki et al. 2016, section 2.2); into `out` if given. */
  cross(x: Vector, x2: Vector, y: Vector, y2: Vector, out?: Vector): Vector;
  /** part + plus - minus, where plus and minus are made of uniform 64-bit words. */
  masked(part: Vector, plus: Vector, minus: Vector): Vector;
  /** Σ weightᵢ·xᵢ of each vector, none longer than the weights. */
  weightedSums(weights: Vector, vectors: readonly Vector[]): bigint[];
  /** Inner products of each row of `a` with each of `b`, rows of `columns` elements one after the other. */
  crossDots(a: Vector, b: Vector, columns: number): Vector;
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

/** Elements as numbers, rounded where they are above 2^53; no bigint is made for each. */
export function numbersOf(vector: Vector): Float64Array {
  const halves = new Uint32Array(vector.buffer, vector.byteOffset, 2 * vector.length);
  const out = new Float64Array(vector.length);
  for (let at = 0; at < out.length; at += 1)
    out[at] = (halves[2 * at] as number) + 0x1_0000_0000 * (halves[2 * at + 1] as number);
  return out;
}

/** Integers as elements: negative ones from the top. */
export function fromSigned(values: ArrayLike<bigint>, { prime }: Field): Vector {
  const out = new BigUint64Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0n;
    out[at] = value >= 0n && value < prime ? value : residue(value, prime);
  }
  return out;
}

export function toSigned(vector: Vector, { prime }: Field): BigInt64Array {
  const out = new BigInt64Array(vector.length);
  for (let at = 0; at < vector.length; at += 1) out[at] = signed(vector[at] ?? 0n, prime);
  return out;
}

/** The field of any prime below 2^62, in plain bigint: the measure of the fast one, and small fields for experiments. */
export function plainField(prime: bigint): Field {
  const each = (a: Vector, b: Vector, act: (x: bigint, y: bigint) => bigint): Vector => {
    if (a.length !== b.length) throw new RangeError('vectors of different length');
    return a.map((x, at) => residue(act(x, b[at] ?? 0n), prime));
  };
  const dot = (a: Vector, b: Vector): bigint =>
    residue(
      each(a, b, (x, y) => x * y).reduce((sum, value) => sum + value, 0n),
      prime,
    );
  return {
    prime,
    add(a, b, out = new BigUint64Array(a.length)) {
      out.set(each(a, b, (x, y) => x + y));
      return out;
    },
    sub: (a, b) => each(a, b, (x, y) => x - y),
    mul: (a, b) => each(a, b, (x, y) => x * y),
    cross(x, x2, y, y2, out = new BigUint64Array(x.length)) {
      const whole = each(y, y2, (a, b) => a + b);
      const first = each(x, whole, (a, b) => a * b);
      const second = each(x2, y, (a, b) => a * b);
      out.set(each(first, second, (a, b) => a + b));
      return out;
    },
    masked: (part, plus, minus) => {
      const more = each(part, plus, (a, b) => a + (b % prime));
      return each(more, minus, (a, b) => a - (b % prime));
    },
    weightedSums: (weights, vectors) => vectors.map((vector) => dot(vector, weights.subarray(0, vector.length))),
    crossDots(a, b, columns) {
      const row = (x: Vector, at: number) => x.subarray(at * columns, (at + 1) * columns);
      const [rows, others] = [a.length / columns, b.length / columns];
      return BigUint64Array.from({ length: rows * others }, (_, at) =>
        dot(row(a, Math.floor(at / others)), row(b, at % others)),
      );
    },
    dot,
    areElements: (words) => words.every((word) => word < prime),
    // 64 bits over a small prime: distance from uniform below p / 2^64.
    uniform: (words) => words.map((word) => word % prime),
    fill: (length, value) => new BigUint64Array(length).fill(residue(value, prime)),
  };
}
