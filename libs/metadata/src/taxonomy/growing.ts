/** Lets a typed array hold at least `length` items, growing by half so that filling one costs little. */
export function grown<T extends Uint8Array | Int32Array | Uint32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, Math.ceil(array.length * 1.5)));
  larger.set(array);
  return larger;
}
