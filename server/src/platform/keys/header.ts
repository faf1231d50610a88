import { KeyProblem, suiteIds, type SuiteId } from './suite.ts';

/** Who holds the key that wrapped a data key. The letter stands in the header; the place gives a range of key numbers. */
export const holderIds = ['file', 'pkcs11', 'transit'] as const;
export type HolderId = (typeof holderIds)[number];

/** A header as it is kept: which suite, who holds the key, which version of it, and the wrapped data key. */
export interface KeyHeader {
  readonly suite: SuiteId;
  readonly holder: HolderId;
  readonly version: number;
  readonly wrapped: Uint8Array;
}

const letters: Readonly<Record<HolderId, string>> = { file: 'F', pkcs11: 'P', transit: 'T' };
const magicSize = 4;

/**
 * `GWK2`, the letter of the suite, the letter of the holder, the key version as a big-endian 32-bit number, the wrapped key.
 * The key file came first and keeps `GWK1`, which has no letter of a holder.
 */
export function writeKeyHeader({ suite, holder, version, wrapped }: KeyHeader): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(version);
  const start = holder === 'file' ? `GWK1${suite}` : `GWK2${suite}${letters[holder]}`;
  return Buffer.concat([Buffer.from(start, 'ascii'), number, wrapped]);
}

/** Throws {@link KeyProblem} `header_malformed`. */
export function readKeyHeader(header: Uint8Array): KeyHeader {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  const magic = bytes.toString('latin1', 0, magicSize);
  const suite = suiteIds.find((id) => id === bytes.toString('latin1', magicSize, magicSize + 1));
  const holder = magic === 'GWK1' ? 'file' : magic === 'GWK2' ? holderOf(bytes.toString('latin1', 5, 6)) : undefined;
  const at = magic === 'GWK1' ? 5 : 6;
  if (bytes.length <= at + 4 || !suite || !holder)
    throw new KeyProblem('header_malformed', 'This is not the header of a stored object.');
  return { suite, holder, version: bytes.readUInt32BE(at), wrapped: bytes.subarray(at + 4) };
}

const holderOf = (letter: string) => holderIds.find((id) => id !== 'file' && letters[id] === letter);

/** One number for holder and version: by it the register of stored objects finds the headers of other keys than the newest. */
export function keyNumber({ holder, version }: Pick<KeyHeader, 'holder' | 'version'>): number {
  return holderIds.indexOf(holder) * 2 ** 32 + version;
}
