import { equal } from './bytes.ts';
import { decodeCbor, encodeCbor, type Cbor } from './cbor.ts';
import { formatActEntry, parseActEntry } from './entry.ts';
import { LogError } from './error.ts';
import { hashLength, portableSha256, treeHasher, type Sha256 } from './hash.ts';
import type { Verifier } from './key.ts';
import { judgeCheckpoint, type Judged, type KnownLog, type Policy } from './policy.ts';
import { inclusionRoot } from './proof.ts';
import { openReceipt, type Receipt, type VerifiedReceipt } from './receipt.ts';
import { verifyEd25519 } from './signature.ts';
import { proofLimit } from './tlog-proof.ts';

/** Header parameters: RFC 9052, RFC 9597 (15), RFC 9942 (394 to 396). */
const labels = { alg: 1, contentType: 3, kid: 4, cwtClaims: 15, receipts: 394, vds: 395, vdp: 396 } as const;
/** Ed25519, fully specified (RFC 9864). */
const algEd25519 = -19;
/** RFC9162_SHA256, and its inclusion proofs (RFC 9942 section 5). */
const vdsRfc9162 = 1;
const inclusionProofs = -1;
const coseSign1 = 18;
const entryType = 'application/vnd.geneward.act';
/** Ours, beside the standard: the C2SP checkpoint with its cosignatures, and what opens the commitment. Nobody has signed these. */
const own = { checkpoint: 'c2sp.org/tlog-checkpoint', opening: 'geneward/opening' } as const;
const sizeLimit = 4_000_000;

const malformed = (why: string) => new LogError('cose_malformed', why);

/** What COSE_Sign1 signs. Its first byte is 0x84, with which neither a note nor a DSSE envelope begins. */
const signed = (head: Uint8Array, payload: Uint8Array): Uint8Array =>
  encodeCbor(['Signature1', head, new Uint8Array(0), payload]);

/** Who signs: the log's name, its note key id, and Ed25519 over bytes. */
export interface CoseSigner {
  readonly name: string;
  readonly id: number;
  readonly signBytes: (bytes: Uint8Array) => Uint8Array;
}

/** The key id of a note as COSE names a key. */
function kidOf(id: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, id);
  return bytes;
}

const claims = (issuer: string, subject: string) =>
  new Map<number, Cbor>([
    [1, issuer],
    [2, subject],
  ]);

function sign1(
  protectedHeader: ReadonlyMap<number, Cbor>,
  unprotected: ReadonlyMap<number | string, Cbor>,
  given: { readonly payload: Uint8Array; readonly detached: boolean },
  signer: CoseSigner,
): Uint8Array {
  const head = encodeCbor(protectedHeader);
  const signature = signer.signBytes(signed(head, given.payload));
  return encodeCbor({
    tag: coseSign1,
    value: [head, unprotected, given.detached ? null : given.payload, signature],
  });
}

/**
 * A receipt as COSE: the entry as a signed statement that carries a Receipt of Inclusion (RFC 9942 section 5.2.1), the root
 * detached. The log signs the root anew in COSE's form, so it must be a root that the log has signed as a checkpoint.
 * @param root of the checkpoint in the receipt
 */
export function formatCoseReceipt(
  receipt: Receipt,
  head: { readonly size: bigint; readonly root: Uint8Array },
  signer: CoseSigner,
): Uint8Array {
  const kid = kidOf(signer.id);
  const proof = encodeCbor([head.size, receipt.index, [...receipt.hashes]]);
  const inclusion = sign1(
    new Map<number, Cbor>([
      [labels.alg, algEd25519],
      [labels.kid, kid],
      [labels.cwtClaims, claims(signer.name, `size ${head.size}`)],
      [labels.vds, vdsRfc9162],
    ]),
    new Map([[labels.vdp, new Map([[inclusionProofs, [proof]]])]]),
    { payload: head.root, detached: true },
    signer,
  );
  const { opening } = receipt;
  return sign1(
    new Map<number, Cbor>([
      [labels.alg, algEd25519],
      [labels.contentType, entryType],
      [labels.kid, kid],
      [labels.cwtClaims, claims(signer.name, receipt.entry.type)],
    ]),
    new Map<number | string, Cbor>([
      [labels.receipts, [inclusion]],
      [own.checkpoint, receipt.checkpoint],
      ...(opening ? ([[own.opening, [opening.salt, opening.envelope]]] as const) : []),
    ]),
    { payload: formatActEntry(receipt.entry), detached: false },
    signer,
  );
}

interface Sign1 {
  readonly head: Uint8Array;
  readonly header: ReadonlyMap<number | string, Cbor>;
  readonly unprotected: ReadonlyMap<number | string, Cbor>;
  readonly payload: Uint8Array | null;
  readonly signature: Uint8Array;
}

function openSign1(bytes: Uint8Array): Sign1 {
  const value = decodeCbor(bytes);
  const parts = isTag(value) && value.tag === coseSign1 ? value.value : undefined;
  const [head, unprotected, payload, signature, ...more] = Array.isArray(parts) ? (parts as readonly Cbor[]) : [];
  if (
    !(head instanceof Uint8Array) ||
    !(unprotected instanceof Map) ||
    !(payload === null || payload instanceof Uint8Array) ||
    !(signature instanceof Uint8Array) ||
    more.length > 0
  )
    throw malformed('not a tagged COSE_Sign1');
  const header = decodeCbor(head);
  if (!(header instanceof Map) || header.get(labels.alg) !== algEd25519)
    throw malformed('the signature is not of the algorithm Ed25519');
  return { head, header, unprotected, payload, signature };
}

const isTag = (value: Cbor): value is { tag: number; value: Cbor } =>
  typeof value === 'object' && value !== null && 'tag' in value;

/** True for what begins like a receipt in COSE. */
export const isCose = (bytes: Uint8Array): boolean => bytes[0] === 0xd2;

/**
 * Verifies a receipt in COSE against a policy, offline, and gives what `verifyReceipt` gives. Without the C2SP checkpoint the
 * level is L0, as COSE says nothing of witnesses.
 * @throws LogError
 */
export function verifyCoseReceipt(bytes: Uint8Array, policy: Policy, hash: Sha256 = portableSha256): VerifiedReceipt {
  if (bytes.length > sizeLimit) throw malformed('the receipt is too long');
  const hasher = treeHasher(hash);
  const statement = openSign1(bytes);
  const [inclusion] = listOf(statement.unprotected.get(labels.receipts));
  if (!statement.payload || !(inclusion instanceof Uint8Array)) throw malformed('no entry, or no receipt of inclusion');
  const receipt = openSign1(inclusion);
  if (receipt.payload !== null || receipt.header.get(labels.vds) !== vdsRfc9162)
    throw malformed('not a receipt of RFC9162_SHA256 with a detached root');
  const proof = proofIn(receipt.unprotected);
  const root = inclusionRoot(hasher, { leaf: hasher.leaf(statement.payload), ...proof }, proof.hashes);
  if (!root) throw new LogError('proof_wrong', 'the entry is not where the proof says');
  const log = signerOf(policy, receipt, root);
  if (!verifyEd25519(log.key.publicKey, signed(statement.head, statement.payload), statement.signature))
    throw new LogError('bad_signature', 'the entry is not signed by the log');
  const note = statement.unprotected.get(own.checkpoint);
  const checkpoint = typeof note === 'string' ? note : '';
  const judged = judgedBy(policy, log, { size: proof.size, root }, checkpoint);
  const given: Receipt = {
    entry: parseActEntry(statement.payload),
    index: proof.index,
    hashes: proof.hashes,
    checkpoint,
    ...openingIn(statement.unprotected),
  };
  return openReceipt(given, judged, hash);
}

/** The log of the policy that signed the root under the name that the receipt claims. */
function signerOf(policy: Policy, receipt: Sign1, root: Uint8Array): KnownLog {
  const claimed = receipt.header.get(labels.cwtClaims);
  const issuer = claimed instanceof Map ? (claimed as ReadonlyMap<number | string, Cbor>).get(1) : undefined;
  const kid = receipt.header.get(labels.kid);
  const named = policy.logs.filter(
    ({ key }: { key: Verifier }) => key.name === issuer && kid instanceof Uint8Array && equal(kid, kidOf(key.id)),
  );
  const [log] = named;
  if (!log) throw new LogError('not_signed', 'no known log has signed the receipt');
  if (!verifyEd25519(log.key.publicKey, signed(receipt.head, root), receipt.signature))
    throw new LogError('bad_signature', 'the root is not signed by the log');
  return log;
}

function judgedBy(policy: Policy, log: KnownLog, head: { size: bigint; root: Uint8Array }, note: string): Judged {
  const bare = { origin: log.key.name, size: head.size, root: head.root, extensions: [] };
  if (note === '') return { checkpoint: bare, log, witnesses: [], witnessed: false, final: false };
  const judged = judgeCheckpoint(note, policy);
  const { origin, size, root } = judged.checkpoint;
  if (origin !== bare.origin || size !== head.size || !equal(root, head.root))
    throw new LogError('proof_wrong', 'the checkpoint beside the receipt is of another tree');
  return judged;
}

function proofIn(unprotected: ReadonlyMap<number | string, Cbor>) {
  const proofs = unprotected.get(labels.vdp);
  const [encoded, ...more] = listOf(
    proofs instanceof Map ? (proofs as ReadonlyMap<number | string, Cbor>).get(inclusionProofs) : undefined,
  );
  if (!(encoded instanceof Uint8Array) || more.length > 0) throw malformed('one inclusion proof is asked for');
  const [size, index, path, ...rest] = listOf(decodeCbor(encoded));
  const hashes = listOf(path).filter((one) => one instanceof Uint8Array && one.length === hashLength) as Uint8Array[];
  if (!isWhole(size) || !isWhole(index) || rest.length > 0 || hashes.length !== listOf(path).length)
    throw malformed('the inclusion proof cannot be read');
  if (hashes.length > proofLimit) throw malformed(`a proof has at most ${proofLimit} hashes`);
  return { size: BigInt(size), index: BigInt(index), hashes };
}

function openingIn(unprotected: ReadonlyMap<number | string, Cbor>): Pick<Receipt, 'opening'> {
  const [salt, envelope] = listOf(unprotected.get(own.opening));
  return salt instanceof Uint8Array && envelope instanceof Uint8Array ? { opening: { salt, envelope } } : {};
}

const listOf = (value: Cbor | undefined): readonly Cbor[] => (Array.isArray(value) ? (value as readonly Cbor[]) : []);
const isWhole = (value: Cbor | undefined): value is number | bigint =>
  (typeof value === 'number' || typeof value === 'bigint') && value >= 0 && value < 1n << 63n;
