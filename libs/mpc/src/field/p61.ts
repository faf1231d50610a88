import { residue, type Field, type Vector } from './field.ts';
import { p61Wasm } from './p61.wasm.ts';

/** p = 2^61 - 1, the ninth Mersenne prime. */
export const p61 = (1n << 61n) - 1n;

/** Elements that are worked on at a time; five vectors of them fit into the kernels' memory of 2 MiB. */
const block = 32_768;

interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer };
  add(out: number, a: number, b: number, n: number): void;
  sub(out: number, a: number, b: number, n: number): void;
  mul(out: number, a: number, b: number, n: number): void;
  cross(out: number, x: number, x2: number, y: number, y2: number, n: number): void;
  dot(a: number, b: number, n: number): bigint;
  elements(a: number, n: number): number;
  uniform(out: number, a: number, n: number): void;
  masked(out: number, a: number, plus: number, minus: number, n: number): void;
  split(out: number, a: number, n: number): void;
  dots(out: number, a: number, b: number, rows: number, n: number): void;
}

/** The part of the host's WebAssembly that is used; Node and browsers have it alike. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

let loaded: { kernels: Kernels; room: Vector[]; bytes: number[] } | undefined;

function load() {
  if (loaded) return loaded;
  const code = Uint8Array.from(atob(p61Wasm), (letter) => letter.charCodeAt(0));
  const kernels = new WebAssembly.Instance(new WebAssembly.Module(code)).exports as Kernels;
  const bytes = Array.from({ length: 6 }, (_, at) => at * block * 8);
  const room = bytes.map((at) => new BigUint64Array(kernels.memory.buffer, at, block));
  loaded = { kernels, room, bytes };
  return loaded;
}

type Step = (kernels: Kernels, bytes: readonly number[], length: number) => void;

/** Lets a kernel go over vectors, block by block. Room 0 is the result, the others the operands. */
function through(operands: readonly Vector[], step: Step, out?: Vector): Vector {
  const { kernels, room, bytes } = load();
  const length = operands[0]?.length ?? 0;
  if (operands.some((one) => one.length !== length)) throw new RangeError('vectors of different length');
  out ??= new BigUint64Array(length);
  for (let at = 0; at < length; at += block) {
    const end = Math.min(length, at + block);
    for (const [n, operand] of operands.entries()) room[n + 1]?.set(operand.subarray(at, end));
    step(kernels, bytes, end - at);
    const result = room[0];
    if (result) out.set(result.subarray(0, end - at), at);
  }
  return out;
}

/** The weights are brought in once for all vectors. */
function weightedSums(weights: Vector, vectors: readonly Vector[]): bigint[] {
  const { kernels, room, bytes } = load();
  const sums = vectors.map(() => 0n);
  for (let at = 0; at < weights.length; at += block) {
    room[1]?.set(weights.subarray(at, at + block));
    for (const [which, vector] of vectors.entries()) {
      const part = vector.subarray(at, at + block);
      room[2]?.set(part);
      sums[which] = (sums[which] ?? 0n) + kernels.dot(bytes[1] ?? 0, bytes[2] ?? 0, part.length);
    }
  }
  return sums.map((sum) => residue(sum, p61));
}

/** Columns and rows of a tile of `crossDots`: 256 KiB, which stays in a cache. */
const tile = { columns: 512, rows: 64 };

function crossDots(a: Vector, b: Vector, columns: number): Vector {
  const { kernels, room, bytes } = load();
  const [rows, others] = columns === 0 ? [0, 0] : [a.length / columns, b.length / columns];
  const out = new BigUint64Array(rows * others);
  const [sums, raw] = [room[0], room[5]];
  const [split = 0, tiles = 0, staged = 0] = [bytes[1], bytes[2], bytes[5]];
  if (!sums || !raw) return out;
  /** A row's part as `dots` takes it, padded with zeros. */
  const bring = (row: Vector, to: number, width: number) => {
    raw.fill(0n, row.length, width);
    raw.set(row);
    kernels.split(to, staged, width);
  };
  for (let left = 0; left < columns; left += tile.columns) {
    const right = Math.min(columns, left + tile.columns);
    const width = Math.ceil((right - left) / 16) * 16;
    for (let from = 0; from < others; from += tile.rows) {
      const end = Math.min(others, from + tile.rows);
      for (let row = from; row < end; row += 1)
        bring(b.subarray(row * columns + left, row * columns + right), tiles + (row - from) * width * 8, width);
      for (let row = 0; row < rows; row += 1) {
        bring(a.subarray(row * columns + left, row * columns + right), split, width);
        const at = row * others;
        sums.set(out.subarray(at + from, at + end));
        kernels.dots(0, split, tiles, end - from, width);
        out.set(sums.subarray(0, end - from), at + from);
      }
    }
  }
  return out;
}

/** The field of 2^61 - 1 by WebAssembly kernels (`p61.wat`). Operands have to be elements: below the prime. */
export const fieldP61: Field = {
  prime: p61,
  add: (a, b, into) => through([a, b], (kernels, [out = 0, x = 0, y = 0], n) => kernels.add(out, x, y, n), into),
  sub: (a, b) => through([a, b], (kernels, [out = 0, x = 0, y = 0], n) => kernels.sub(out, x, y, n)),
  mul: (a, b) => through([a, b], (kernels, [out = 0, x = 0, y = 0], n) => kernels.mul(out, x, y, n)),
  cross: (x, x2, y, y2, into) =>
    through(
      [x, x2, y, y2],
      (kernels, [out = 0, a = 0, b = 0, c = 0, d = 0], n) => kernels.cross(out, a, b, c, d, n),
      into,
    ),
  masked: (part, plus, minus) =>
    through([part, plus, minus], (kernels, [out = 0, a = 0, b = 0, c = 0], n) => kernels.masked(out, a, b, c, n)),
  weightedSums,
  crossDots,
  dot(a, b) {
    let sum = 0n;
    through([a, b], (kernels, [, x = 0, y = 0], n) => void (sum += kernels.dot(x, y, n)));
    return residue(sum, p61);
  },
  areElements(words) {
    let fine = true;
    through([words], (kernels, [, x = 0], n) => void (fine = kernels.elements(x, n) === 1 && fine));
    return fine;
  },
  uniform: (words) => through([words], (kernels, [out = 0, x = 0], n) => kernels.uniform(out, x, n), words),
  fill: (length, value) => new BigUint64Array(length).fill(residue(value, p61)),
};
