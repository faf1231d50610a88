import {
  compactRange,
  ed25519PublicKey,
  formatCheckpointText,
  formatVerifierKey,
  keyTypes,
  noteSigner,
  proveConsistency,
  proveInclusion,
  rootAt,
  signNote,
  treeHasher,
  utf8,
  type NodeReader,
} from '@geneward/merkle';

const hasher = treeHasher();

/** A secret key for trials, from a word. */
export const seedOf = (word: string): Uint8Array => hasher.leaf(utf8(word));
export const publicKeyOf = (word: string): Uint8Array => ed25519PublicKey(seedOf(word));

/** A log in memory that signs what it is asked to, also what no honest log would. */
export function sampleLog(origin: string, entry = (n: bigint): string => `${origin} ${n}`, keyWord = origin) {
  const signer = noteSigner(origin, seedOf(keyWord));
  const range = compactRange(hasher);
  const levels: Uint8Array[][] = [];
  const read: NodeReader = async (nodes) =>
    nodes.map(({ level, index }) => levels[level]?.[Number(index)] ?? new Uint8Array(0));
  return {
    origin,
    key: formatVerifierKey({ name: origin, type: keyTypes.ed25519, publicKey: publicKeyOf(keyWord) }),
    grow(to: bigint) {
      while (range.size < to)
        range.append(hasher.leaf(utf8(entry(range.size))), (level, index, hash) => {
          (levels[level] ??= [])[Number(index)] = hash;
        });
    },
    leaf: (index: bigint) => hasher.leaf(utf8(entry(index))),
    root: (size: bigint) => rootAt(hasher, size, read),
    async note(size: bigint): Promise<string> {
      this.grow(size);
      return signNote(formatCheckpointText({ origin, size, root: await rootAt(hasher, size, read) }), [signer]);
    },
    /** A checkpoint with whatever root. */
    sign: (size: bigint, root: Uint8Array) => signNote(formatCheckpointText({ origin, size, root }), [signer]),
    consistency(from: bigint, to: bigint) {
      this.grow(to);
      return proveConsistency(hasher, from, to, read);
    },
    inclusion: (index: bigint, size: bigint) => proveInclusion(hasher, index, size, read),
  };
}
export type SampleLog = ReturnType<typeof sampleLog>;
