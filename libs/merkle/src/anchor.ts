import { fromBase64, parseDecimal, toBase64 } from './bytes.ts';
import { LogError } from './error.ts';
import { hashLength, type TreeHasher } from './hash.ts';
import { verifyConsistency, type TreeHead } from './proof.ts';

/** Hashes of a consistency proof at most. */
const hashLimit = 126;
const addressForm = /^0x[0-9a-f]{40}$/;
const transactionForm = /^0x[0-9a-f]{64}$/;

/**
 * A head of the log that a contract on an EVM chain has accepted, as a receipt names it: where to look, and the way between that
 * head and the receipt's own. That the chain has it, no file proves.
 */
export interface Anchor extends TreeHead {
  readonly chainId: bigint;
  /** Address of the contract, and the transaction that brought the head: lower-case hexadecimal digits behind 0x. */
  readonly contract: string;
  readonly transaction: string;
  readonly block: bigint;
  /** From the smaller of both heads to the larger one, RFC 9162 section 2.1.4. */
  readonly proof: readonly Uint8Array[];
}

/** As a value for JSON. */
export const formatAnchor = ({ chainId, contract, transaction, block, size, root, proof }: Anchor): object => ({
  chainId: String(chainId),
  contract,
  transaction,
  block: String(block),
  size: String(size),
  root: toBase64(root),
  proof: proof.map(toBase64),
});

/** @throws LogError `proof_malformed` */
export function parseAnchor(given: unknown): Anchor {
  const { chainId, contract, transaction, block, size, root, proof } = (given ?? {}) as Record<string, unknown>;
  const text = (value: unknown): string => {
    if (typeof value !== 'string') throw new LogError('proof_malformed', 'a field of the anchor is missing');
    return value;
  };
  if (!addressForm.test(text(contract)) || !transactionForm.test(text(transaction)))
    throw new LogError('proof_malformed', 'the anchor names no contract or no transaction');
  if (!Array.isArray(proof) || proof.length > hashLimit)
    throw new LogError('proof_malformed', 'the proof of the anchor cannot be read');
  try {
    const anchor = {
      chainId: parseDecimal(text(chainId)),
      contract: text(contract),
      transaction: text(transaction),
      block: parseDecimal(text(block)),
      size: parseDecimal(text(size)),
      root: fromBase64(text(root)),
      proof: proof.map((hash) => fromBase64(text(hash))),
    };
    if ([anchor.root, ...anchor.proof].every(({ length }) => length === hashLength)) return anchor;
  } catch {
    // Told below.
  }
  throw new LogError('proof_malformed', 'a field of the anchor cannot be read');
}

/**
 * The anchored head covers the entry, and is of one history with the head that the receipt stands under.
 * @throws LogError `proof_wrong`
 */
export function verifyAnchor(hasher: TreeHasher, anchor: Anchor, index: bigint, head: TreeHead): void {
  const [small, large] = anchor.size <= head.size ? [anchor, head] : [head, anchor];
  if (index >= anchor.size || !verifyConsistency(hasher, small, large, anchor.proof))
    throw new LogError('proof_wrong', 'the head on the chain outside does not belong to the history of this receipt');
}
