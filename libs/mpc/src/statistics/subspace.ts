/** Blocks of columns for randomised SVD (Halko, Martinsson, Tropp 2011). Column c of an m×k block is [c·m, (c+1)·m). */

/** Makes the columns from `first` on orthonormal by modified Gram-Schmidt, twice for accuracy; those without a rest become zero. */
export function orthonormal(block: Float64Array, m: number, first = 0): Float64Array {
  const result = block.slice();
  for (let c = first; c * m < result.length; c += 1) {
    const column = result.subarray(c * m, (c + 1) * m);
    const length = norm(column);
    for (let pass = 0; pass < 2; pass += 1)
      for (let e = 0; e < c; e += 1) {
        const before = result.subarray(e * m, (e + 1) * m);
        const along = dot(column, before);
        for (let i = 0; i < m; i += 1) column[i] = (column[i] as number) - along * (before[i] as number);
      }
    const rest = norm(column);
    for (let i = 0; i < m; i += 1) column[i] = rest > 1e-12 * length ? (column[i] as number) / rest : 0;
  }
  return result;
}

/** A'B of two blocks with columns of length m; row-major, columns(A) × columns(B). */
export function inner(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const rows = a.length / m;
  const columns = b.length / m;
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 1)
    for (let j = 0; j < columns; j += 1)
      product[i * columns + j] = dot(a.subarray(i * m, (i + 1) * m), b.subarray(j * m, (j + 1) * m));
  return product;
}

/** The block times a small matrix whose row e gives the e-th new column. */
export function combine(block: Float64Array, m: number, rows: Float64Array, k: number): Float64Array {
  const width = block.length / m;
  const result = new Float64Array(k * m);
  for (let e = 0; e < k; e += 1)
    for (let c = 0; c < width; c += 1) {
      const weight = rows[e * width + c] as number;
      for (let i = 0; i < m; i += 1)
        result[e * m + i] = (result[e * m + i] as number) + weight * (block[c * m + i] as number);
    }
  return result;
}

/** A start that every party makes alike: uniform in (-1, 1) by a 32-bit counter hash (Jenkins' one-at-a-time finish). */
export function startBlock(m: number, k: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: m * k }, () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

const norm = (column: Float64Array): number => Math.sqrt(dot(column, column));
