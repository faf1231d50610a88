import { KeyProblem, suiteIds, type SuiteId } from './suite.ts';

/** A header as it is kept: which suite, which key version, and the wrapped data key. */
export interface KeyHeader {
  readonly suite: SuiteId;
  readonly version: number;
  readonly wrapped: Uint8Array;
}

const magic = Buffer.from('GWK1');
const prefix = magic.length + 1 + 4;

/** `GWK1`, the letter of the suite, the key version as a big-endian 32-bit number, the wrapped key. */
export function writeKeyHeader({ suite, version, wrapped }: KeyHeader): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(version);
  return Buffer.concat([magic, Buffer.from(suite, 'ascii'), number, wrapped]);
}

/** Throws {@link KeyProblem} `header_malformed`. */
export function readKeyHeader(header: Uint8Array): KeyHeader {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  const suite = suiteIds.find((id) => id === bytes.toString('latin1', 4, 5));
  if (bytes.length <= prefix || !bytes.subarray(0, 4).equals(magic) || !suite)
    throw new KeyProblem('header_malformed', 'This is not the header of a stored object.');
  return { suite, version: bytes.readUInt32BE(5), wrapped: bytes.subarray(prefix) };
}
