export { type Anchor } from './anchor.ts';
export { concat, equal, fromBase64, parseDecimal, toBase64, utf8 } from './bytes.ts';
export { formatCheckpointText, parseCheckpointText, type Checkpoint } from './checkpoint-text.ts';
export { compactRange, foldRight, type CompactRange, type NodeVisitor } from './compact-range.ts';
export { LogError, type LogErrorCode } from './error.ts';
export {
  hashLength,
  nodeSha256,
  portableSha256,
  treeHasher,
  type NodeHash,
  type Sha256,
  type TreeHasher,
} from './hash.ts';
export {
  cosigner,
  formatVerifierKey,
  keyTypes,
  mlDsa44Cosigner,
  noteSigner,
  parseVerifierKey,
  sm2Cosigner,
  verifierOf,
  type Algorithms,
  type Signer,
  type Verifier,
} from './key.ts';
export {
  formatNote,
  openNote,
  parseNote,
  parseSignatureLine,
  signatureLine,
  signNote,
  verifyNote,
  type Note,
  type NoteSignature,
  type Signed,
} from './note.ts';
export {
  chainCosigners,
  isFinal,
  isQuorum,
  judgeCheckpoint,
  parsePolicy,
  requireQuorum,
  type Judged,
  type KnownLog,
  type KnownWitness,
  type Policy,
} from './policy.ts';
export {
  proveConsistency,
  proveInclusion,
  rootAt,
  verifyConsistency,
  verifyInclusion,
  type NodeId,
  type NodeReader,
  type TreeHead,
} from './proof.ts';
export { ed25519PublicKey, signEd25519, verifyEd25519, type MlDsa44 } from './signature.ts';
export { sm2By, sm2KeyLength, sm2PublicKey, type Sm2, type SmCrypto } from './sm2.ts';
export {
  bundlePath,
  decodeBundle,
  encodeBundle,
  entryLimit,
  newTiles,
  parseTilePath,
  tileAt,
  tileNodes,
  tilePath,
  tileWidth,
  type Tile,
  type TileFetch,
} from './tile.ts';
export { formatTlogProof, parseTlogProof, verifyTlogProof, type TlogProof } from './tlog-proof.ts';
export {
  formatAddCheckpoint,
  judgeAddCheckpoint,
  parseAddCheckpoint,
  type AddCheckpoint,
  type WitnessAnswer,
} from './witness.ts';
export { formatCoseReceipt, isCose, verifyCoseReceipt, type CoseSigner } from './cose.ts';
export { openStatement, sealStatement, signedStatement } from './dsse.ts';
export { commit, formatActEntry, parseActEntry, saltLength, type ActEntry } from './entry.ts';
export {
  formatReceipt,
  parseReceipt,
  verifyReceipt,
  type Level,
  type Opening,
  type Receipt,
  type VerifiedReceipt,
} from './receipt.ts';
