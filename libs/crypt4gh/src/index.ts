export { spent, type Bytes } from './bytes.ts';
export type { Crypto, SecretKey, SigningKey } from './crypto/port.ts';
export { nodeCrypto } from './crypto/node.ts';
export { portableCrypto } from './crypto/portable.ts';
export { Crypt4ghProblem, crypt4ghProblems, type Crypt4ghCode } from './problem.ts';
export { Reader } from './reader.ts';
export { headerLimits, parseHeader, readHeader, type Header } from './header/header.ts';
export { openHeader, reencryptHeader, sealHeader, type OpenedHeader, type Opening } from './header/open.ts';
export type { DataKey } from './header/payload.ts';
export { encrypt, encryptSegments, startEncryption, type Encryption } from './body/encrypt.ts';
export { decrypt, decryptRange, decryptSegments, type Decryption, type RandomAccess } from './body/decrypt.ts';
export { twoArrays, type Allocate } from './body/buffers.ts';
export { rearrange } from './body/rearrange.ts';
export { Opener, Sealer, sealedSegmentSize, sealedSize, segmentSize } from './body/segment.ts';
export { segmentsOf, wantedSpans, type Range, type Span } from './body/spans.ts';
export { writePublicKey, writeSecretKey, type AskPassphrase, type Lock } from './keys/c4gh.ts';
export { readPublicKey, readSecretKey } from './keys/read.ts';
export { openManifest, segmentCount, signManifest, type Manifest } from './manifest/manifest.ts';
export type { NoteKey } from './manifest/note.ts';
export { hashSegments, SegmentTree } from './manifest/hash.ts';
export { leafHash as segmentHash, proveRange, rootOf } from './manifest/tree.ts';
export {
  leafList,
  leafPage,
  provenLeaves,
  rangeProof,
  segmentFits,
  verifyRange,
  verifySegments,
  type Leaves,
  type RangeProof,
} from './manifest/verify.ts';
