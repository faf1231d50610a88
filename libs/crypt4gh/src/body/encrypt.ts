import type { Bytes } from '../bytes.ts';
import type { Crypto, SecretKey } from '../crypto/port.ts';
import { sealHeader } from '../header/open.ts';
import type { DataKey } from '../header/payload.ts';
import { Reader } from '../reader.ts';
import { freshArrays, type Allocate } from './buffers.ts';
import { Sealer, sealedSize, segmentOverhead, segmentSize } from './segment.ts';

/** Segments that are sealed at a time: 1 MiB. */
const batch = 16;

/** For whom to encrypt, and how. */
export interface Encryption {
  readonly readers: readonly Uint8Array[];
  /** The key that readers may know the writer by; without one a fresh key is used and forgotten. */
  readonly writer?: SecretKey | undefined;
  /** Binds segments to their order, so that a cut or swap is noticed. Readers of version 1.0 alone do not know this method. */
  readonly ordered?: boolean;
}

/** A data key and the header that carries it: what is kept apart when header and data go different ways. */
export function startEncryption(crypto: Crypto, options: Encryption): { header: Uint8Array; dataKey: DataKey } {
  const key = crypto.randomBytes(32);
  const dataKey: DataKey = options.ordered === true ? { key, sequence: randomSequence(crypto) } : { key };
  const writer = options.writer ?? crypto.secretKey(crypto.randomBytes(32));
  return { dataKey, header: sealHeader(crypto, { dataKeys: [dataKey] }, { writer, readers: options.readers }) };
}

/** Encrypts a stream under a fresh data key in constant memory: the header, then the segments. */
export async function* encrypt(crypto: Crypto, source: Bytes, options: Encryption): AsyncGenerator<Uint8Array> {
  const { header, dataKey } = startEncryption(crypto, options);
  yield header;
  yield* encryptSegments(crypto, source, dataKey);
}

/** The data section alone, in arrays of up to 1 MiB. */
export async function* encryptSegments(
  crypto: Crypto,
  source: Bytes,
  dataKey: DataKey,
  allocate: Allocate = freshArrays,
): AsyncGenerator<Uint8Array> {
  const reader = new Reader(source);
  const sealer = new Sealer(crypto, dataKey);
  let full = true;
  try {
    for (;;) {
      const plain = await reader.units(segmentSize, batch);
      if (plain.length === 0) break;
      const sealed = allocate(sealedSize(plain.length));
      sealer.seal(plain, sealed);
      full = plain.length % segmentSize === 0;
      yield sealed;
    }
    if (dataKey.sequence === undefined || !full) return;
    const end = new Uint8Array(segmentOverhead);
    sealer.sealOne(new Uint8Array(0), end);
    yield end;
  } finally {
    await reader.close();
  }
}

const randomSequence = (crypto: Crypto): bigint => new DataView(crypto.randomBytes(8).buffer).getBigUint64(0, true);
