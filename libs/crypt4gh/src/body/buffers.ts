/** Where the bytes of the next batch go. */
export type Allocate = (length: number) => Uint8Array;

/** A new array for each batch: what was yielded stays as it is for ever. */
export const freshArrays: Allocate = (length) => new Uint8Array(length);

/**
 * Two arrays in turn, for who writes one batch away while the next is made: what was yielded holds until the one after
 * the next is asked for. Spares the memory of every batch being cleared and collected.
 */
export function twoArrays(): Allocate {
  let [next, other] = [new Uint8Array(0), new Uint8Array(0)];
  return (length) => {
    [next, other] = [other, next];
    if (next.length < length) next = new Uint8Array(length);
    return next.subarray(0, length);
  };
}
