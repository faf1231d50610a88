import { Abort } from '../error.ts';
import { asWords, type Field, type Vector } from '../field/field.ts';

/** A vector as it travels: eight bytes an element, little-endian. */
export const toWire = (vector: Vector): Uint8Array =>
  new Uint8Array(vector.buffer.slice(vector.byteOffset, vector.byteOffset + vector.byteLength));

/** The same bytes without a copy, for a hash. */
export const bytesOf = (vector: Vector): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

/**
 * Reads a vector of a known length, which the message then is: nobody else may write into it; the sizes of messages never depend on data.
 * @throws Abort `message_length` when it has another length, `out_of_range` when a word is no element
 */
export function fromWire(message: Uint8Array, length: number, field: Field, phase: string): Vector {
  if (message.length !== length * 8) throw new Abort('message_length', phase);
  const vector = asWords(message);
  if (!field.areElements(vector)) throw new Abort('out_of_range', phase);
  return vector;
}
