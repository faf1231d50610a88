import { formatAnchor, parseAnchor, verifyAnchor, type Anchor } from './anchor.ts';
import { equal, fromBase64, toBase64, utf8 } from './bytes.ts';
import { openStatement, signedInEnvelope } from './dsse.ts';
import { commit, formatActEntry, parseActEntry, type ActEntry } from './entry.ts';
import { LogError } from './error.ts';
import { portableSha256, treeHasher, type Sha256 } from './hash.ts';
import type { Judged, Policy } from './policy.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.ts';

/** What opens the commitment of an entry; gone once the act was erased. */
export interface Opening {
  readonly salt: Uint8Array;
  /** DSSE envelope, byte for byte. */
  readonly envelope: Uint8Array;
}

/** An act, where it stands in the log, and what it says: one file, verified without the platform that gave it. */
export interface Receipt {
  readonly entry: ActEntry;
  readonly index: bigint;
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
  readonly opening?: Opening;
  /** A head on a chain outside that covers it, and says nothing until somebody looks there. */
  readonly anchor?: Anchor;
}

/** A tlog-proof whose extra data are the entry, the salt and the envelope, and where its head was laid down outside. */
export function formatReceipt({ entry, index, hashes, checkpoint, opening, anchor }: Receipt): string {
  const extra = {
    entry: toBase64(formatActEntry(entry)),
    ...(opening && { salt: toBase64(opening.salt), envelope: toBase64(opening.envelope) }),
    ...(anchor && { anchor: formatAnchor(anchor) }),
  };
  return formatTlogProof({ index, hashes, checkpoint, extra: utf8(JSON.stringify(extra)) });
}

/** Takes a receipt apart, not yet believed. @throws LogError */
export function parseReceipt(text: string): Receipt {
  const { index, hashes, checkpoint, extra } = parseTlogProof(text);
  if (!extra) throw new LogError('proof_malformed', 'the proof carries no entry: it is no receipt of an act');
  let parts: unknown;
  try {
    parts = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(extra));
  } catch {
    throw new LogError('proof_malformed', 'what the proof carries cannot be read');
  }
  const { entry, salt, envelope, anchor } = (parts ?? {}) as Record<string, unknown>;
  if (typeof entry !== 'string') throw new LogError('proof_malformed', 'the entry is missing');
  const opening =
    typeof salt === 'string' && typeof envelope === 'string'
      ? { salt: fromBase64(salt), envelope: fromBase64(envelope) }
      : undefined;
  return {
    entry: parseActEntry(fromBase64(entry)),
    index,
    hashes,
    checkpoint,
    ...(opening && { opening }),
    ...(anchor !== undefined && { anchor: parseAnchor(anchor) }),
  };
}

/**
 * How far a receipt can be trusted. L0: the log alone has signed; who runs it can still rewrite it and show somebody else another
 * history. L1: as many independent witnesses as the policy asks for have seen the same history. L2: as many validators of the
 * consortium's chain as the policy asks for have made it final.
 */
export type Level = 'L0' | 'L1' | 'L2';

export interface VerifiedReceipt extends Judged {
  readonly receipt: Receipt;
  readonly level: Level;
  /** The in-toto statement; undefined when it was erased. */
  readonly statement: Record<string, unknown> | undefined;
}

/**
 * Verifies a receipt against a policy, offline: the log's signature, the place of the entry, the commitment, the signature of the
 * statement, that both speak of the same act, and that a head laid down outside is of the same history. Whether a chain has that
 * head is for who looks there (L3).
 * @throws LogError
 */
export function verifyReceipt(text: string, policy: Policy, hash: Sha256 = portableSha256): VerifiedReceipt {
  const receipt = parseReceipt(text);
  const hasher = treeHasher(hash);
  const judged = verifyTlogProof(hasher, receipt, formatActEntry(receipt.entry), policy);
  if (receipt.anchor) verifyAnchor(hasher, receipt.anchor, receipt.index, judged.checkpoint);
  return openReceipt(receipt, judged, hash);
}

/**
 * What an entry stands for, once its place in a log is judged.
 * @throws LogError when the statement is not the one that was logged
 */
export function openReceipt(receipt: Receipt, judged: Judged, hash: Sha256): VerifiedReceipt {
  const { entry, opening } = receipt;
  const level = judged.final ? 'L2' : judged.witnessed ? 'L1' : 'L0';
  if (!opening) return { ...judged, receipt, level, statement: undefined };
  const committed = entry.act === undefined ? opening.envelope : signedInEnvelope(opening.envelope);
  if (!equal(commit(hash, opening.salt, committed), entry.commitment))
    throw new LogError('commitment_wrong', 'the statement is not the one that was logged');
  const statement = openStatement(opening.envelope, judged.log.key.publicKey);
  const { predicate } = statement as { predicate?: Record<string, unknown> };
  const said = [predicate?.['type'], predicate?.['time']];
  if (said[0] !== entry.type || said[1] !== entry.time)
    throw new LogError('commitment_wrong', 'the statement tells of another act than the entry');
  return { ...judged, receipt, level, statement };
}
