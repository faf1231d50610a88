/** Lower Cholesky factor of a symmetric positive definite matrix, row by row; the upper part of what is given is not read. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] as number;
      for (let at = 0; at < column; at++)
        sum -= (lower[row * size + at] as number) * (lower[column * size + at] as number);
      if (row !== column) lower[row * size + column] = sum / (lower[column * size + column] as number);
      else if (sum > 0) lower[row * size + row] = Math.sqrt(sum);
      else throw new RangeError('the matrix is not positive definite');
    }
  return lower;
}

/** Solves L x = b in place. */
export function forward(lower: Float64Array, size: number, vector: Float64Array): Float64Array {
  for (let row = 0; row < size; row++) {
    let sum = vector[row] as number;
    for (let at = 0; at < row; at++) sum -= (lower[row * size + at] as number) * (vector[at] as number);
    vector[row] = sum / (lower[row * size + row] as number);
  }
  return vector;
}

/** Solves Lᵀ x = b in place. */
export function backward(lower: Float64Array, size: number, vector: Float64Array): Float64Array {
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[row] as number;
    for (let at = row + 1; at < size; at++) sum -= (lower[at * size + row] as number) * (vector[at] as number);
    vector[row] = sum / (lower[row * size + row] as number);
  }
  return vector;
}

/** Solves A x = b with the factor of A. */
export const solve = (lower: Float64Array, size: number, vector: Float64Array): Float64Array =>
  backward(lower, size, forward(lower, size, vector.slice()));

/** A b for a symmetric matrix. */
export function multiply(matrix: Float64Array, size: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let at = 0; at < size; at++) sum += (matrix[row * size + at] as number) * (vector[at] as number);
    product[row] = sum;
  }
  return product;
}
