/** Small symmetric matrices, row-major in Float64Array. */

/** Cells of the upper triangle of a p×p matrix, row by row: how sums of squares and products travel. */
export const triangleSize = (p: number): number => (p * (p + 1)) / 2;

/** The full matrix from its upper triangle. */
export function fromTriangle(triangle: ArrayLike<number>, p: number, offset = 0): Float64Array {
  const matrix = new Float64Array(p * p);
  let at = offset;
  for (let i = 0; i < p; i += 1)
    for (let j = i; j < p; j += 1) {
      const value = triangle[at++] ?? Number.NaN;
      matrix[i * p + j] = value;
      matrix[j * p + i] = value;
    }
  return matrix;
}

/**
 * Inverse of a positive definite p×p matrix by Cholesky; undefined where it is singular. `tolerance` is the least share
 * of a diagonal element that may remain after the columns before it: 1 - R² of that column on them.
 */
export function invert(matrix: Float64Array, p: number, tolerance = 1e-9): Float64Array | undefined {
  const lower = new Float64Array(p * p);
  for (let i = 0; i < p; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * p + j] as number;
      for (let k = 0; k < j; k += 1) sum -= (lower[i * p + k] as number) * (lower[j * p + k] as number);
      if (i > j) lower[i * p + j] = sum / (lower[j * p + j] as number);
      else if (sum > tolerance * (matrix[i * p + i] as number)) lower[i * p + i] = Math.sqrt(sum);
      else return undefined;
    }
  const inverse = new Float64Array(p * p);
  const column = new Float64Array(p);
  for (let c = 0; c < p; c += 1) {
    for (let i = 0; i < p; i += 1) {
      let sum = i === c ? 1 : 0;
      for (let k = 0; k < i; k += 1) sum -= (lower[i * p + k] as number) * (column[k] as number);
      column[i] = sum / (lower[i * p + i] as number);
    }
    for (let i = p - 1; i >= 0; i -= 1) {
      let sum = column[i] as number;
      for (let k = i + 1; k < p; k += 1) sum -= (lower[k * p + i] as number) * (column[k] as number);
      column[i] = sum / (lower[i * p + i] as number);
    }
    for (let i = 0; i < p; i += 1) inverse[i * p + c] = column[i] as number;
  }
  return inverse;
}

/** Matrix times vector. */
export function times(matrix: Float64Array, vector: ArrayLike<number>, p: number): Float64Array {
  const product = new Float64Array(p);
  for (let i = 0; i < p; i += 1)
    for (let j = 0; j < p; j += 1)
      product[i] = (product[i] as number) + (matrix[i * p + j] as number) * (vector[j] as number);
  return product;
}

/** Eigenvalues, largest first, and eigenvectors (row e of `vectors`) of a symmetric matrix, by cyclic Jacobi rotations. */
export function eigen(symmetric: Float64Array, p: number): { values: Float64Array; vectors: Float64Array } {
  const a = symmetric.slice();
  const v = new Float64Array(p * p);
  for (let i = 0; i < p; i += 1) v[i * p + i] = 1;
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let off = 0;
    let on = 0;
    for (let i = 0; i < p; i += 1)
      for (let j = 0; j < p; j += 1) {
        if (i === j) on += (a[i * p + j] as number) ** 2;
        else off += (a[i * p + j] as number) ** 2;
      }
    if (off <= on * 1e-30) break;
    for (let i = 0; i < p - 1; i += 1) for (let j = i + 1; j < p; j += 1) rotate(a, v, p, i, j);
  }
  const order = Array.from({ length: p }, (_, i) => i).sort(
    (x, y) => (a[y * p + y] as number) - (a[x * p + x] as number),
  );
  const vectors = new Float64Array(p * p);
  for (const [row, from] of order.entries()) vectors.set(v.subarray(from * p, (from + 1) * p), row * p);
  return { values: Float64Array.from(order, (i) => a[i * p + i] as number), vectors };
}

function rotate(a: Float64Array, v: Float64Array, p: number, i: number, j: number): void {
  const apart = a[i * p + j] as number;
  if (apart === 0) return;
  const theta = ((a[j * p + j] as number) - (a[i * p + i] as number)) / (2 * apart);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const turn = (matrix: Float64Array, x: number, y: number) => {
    const first = matrix[x] as number;
    const second = matrix[y] as number;
    matrix[x] = c * first - s * second;
    matrix[y] = s * first + c * second;
  };
  for (let k = 0; k < p; k += 1) turn(a, k * p + i, k * p + j);
  for (let k = 0; k < p; k += 1) turn(a, i * p + k, j * p + k);
  for (let k = 0; k < p; k += 1) turn(v, i * p + k, j * p + k);
}
