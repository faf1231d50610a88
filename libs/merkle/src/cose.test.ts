import { createPublicKey, verify as nodeVerify } from 'node:crypto';
import { expect, it } from 'vitest';
import { toBase64, utf8 } from './bytes.ts';
import { decodeCbor, encodeCbor, type Cbor, type CborTag } from './cbor.ts';
import { formatCheckpointText } from './checkpoint-text.ts';
import { formatCoseReceipt, isCose, verifyCoseReceipt } from './cose.ts';
import { sealStatement } from './dsse.ts';
import { commit, formatActEntry } from './entry.ts';
import { portableSha256, treeHasher } from './hash.ts';
import { cosigner, formatVerifierKey, keyTypes, noteSigner, verifierOf } from './key.ts';
import { signNote } from './note.ts';
import { parsePolicy } from './policy.ts';
import { proveInclusion, rootAt } from './proof.ts';
import { ed25519PublicKey, signEd25519 } from './signature.ts';
import { nodesInMemory } from './test/tree.ts';

const hasher = treeHasher();
const origin = 'archive.example/log';
const seed = new Uint8Array(32).fill(1);
const signer = noteSigner(origin, seed);
const signing = { name: origin, id: signer.id, signBytes: (bytes: Uint8Array) => signEd25519(seed, bytes) };
const keyOf = (name: string, type: number, secret: Uint8Array) =>
  formatVerifierKey(verifierOf(name, type, ed25519PublicKey(secret)));
const validators = [2, 3, 4, 5].map((n) => ({ n, secret: new Uint8Array(32).fill(n), name: `v${n}.example` }));
const policyText = [
  `log ${keyOf(origin, keyTypes.ed25519, seed)}`,
  ...validators.map(({ n, name, secret }) => `witness v${n} ${keyOf(name, keyTypes.cosignature, secret)}`),
  'group chain 3 v2 v3 v4 v5',
  'quorum chain\n',
].join('\n');
const policy = parsePolicy(policyText);
const time = '2026-01-02T03:04:05.006Z';
const salt = new Uint8Array(32).fill(9);
const statement = { predicate: { type: 'object.released', time } };
const envelope = sealStatement(utf8(JSON.stringify(statement)), { keyid: origin, sign: signing.signBytes });
const entry = {
  module: 'object',
  sequence: 1n,
  type: 'object.released',
  time,
  commitment: commit(portableSha256, salt, envelope),
};
const entries = [...Array.from({ length: 6 }, (_, n) => Uint8Array.of(n)), formatActEntry(entry)];

async function receiptWith(cosigners: readonly (typeof validators)[number][]) {
  const nodes = nodesInMemory(hasher, entries);
  const root = await rootAt(hasher, 7n, nodes);
  const text = formatCheckpointText({ origin, size: 7n, root });
  const signers = [signer, ...cosigners.map(({ name, secret }) => cosigner(name, secret))];
  const checkpoint = signNote(text, signers, 1_767_000_000n);
  const hashes = await proveInclusion(hasher, 6n, 7n, nodes);
  return formatCoseReceipt(
    { entry, index: 6n, hashes, checkpoint, opening: { salt, envelope } },
    { size: 7n, root },
    signing,
  );
}

it('carries entry, proof, checkpoint and statement, and says the level that the policy gives', async () => {
  const bytes = await receiptWith(validators.slice(0, 3));
  expect(isCose(bytes)).toBe(true);
  const verified = verifyCoseReceipt(bytes, policy);
  expect(verified).toMatchObject({
    level: 'L2',
    statement,
    receipt: { entry: { type: 'object.released' }, index: 6n },
  });
  expect(verifyCoseReceipt(await receiptWith(validators.slice(0, 2)), policy).level).toBe('L0');
});

it('is what RFC 9052 and RFC 9942 say: tags, labels, a detached root, and signatures that another library verifies', async () => {
  const outer = decodeCbor(await receiptWith([])) as CborTag;
  const [head, unprotected, payload, signature] = outer.value as [
    Uint8Array,
    Map<number | string, Cbor>,
    Uint8Array,
    Uint8Array,
  ];
  expect(outer.tag).toBe(18);
  expect([...(decodeCbor(head) as Map<number, Cbor>).keys()]).toEqual([1, 3, 4, 15]);
  const [inner] = unprotected.get(394) as [Uint8Array];
  const receipt = decodeCbor(inner) as CborTag;
  const [innerHead, proofs, detached, innerSignature] = receipt.value as [
    Uint8Array,
    Map<number, Map<number, Uint8Array[]>>,
    null,
    Uint8Array,
  ];
  expect([receipt.tag, detached]).toEqual([18, null]);
  const innerMap = decodeCbor(innerHead) as Map<number, Cbor>;
  expect([innerMap.get(1), innerMap.get(395)]).toEqual([-19, 1]);
  const [size, index, path] = decodeCbor(proofs.get(396)?.get(-1)?.[0] ?? new Uint8Array()) as [
    number,
    number,
    Uint8Array[],
  ];
  expect([size, index, path.length]).toEqual([7, 6, 2]);
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(ed25519PublicKey(seed)).toString('base64url') },
    format: 'jwk',
  });
  const root = await rootAt(hasher, 7n, nodesInMemory(hasher, entries));
  const toBeSigned = (of: Uint8Array, what: Uint8Array) => encodeCbor(['Signature1', of, new Uint8Array(), what]);
  expect(nodeVerify(null, toBeSigned(head, payload), key, signature)).toBe(true);
  expect(nodeVerify(null, toBeSigned(innerHead, root), key, innerSignature)).toBe(true);
});

it('does not hold when any byte of it is another', async () => {
  const good = await receiptWith(validators);
  let refused = 0;
  for (let at = 0; at < good.length; at += 17) {
    const changed = good.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    try {
      const { level, statement: said, receipt } = verifyCoseReceipt(changed, policy);
      // Names of our own labels are not signed; without them less is believed, never more.
      expect([said === undefined || level === 'L0', toBase64(formatActEntry(receipt.entry))]).toEqual([
        true,
        toBase64(formatActEntry(entry)),
      ]);
    } catch {
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan((good.length / 17) * 0.8);
});

it('believes no other log, and no key of another name', async () => {
  const bytes = await receiptWith([]);
  const other = `log ${keyOf(origin, keyTypes.ed25519, new Uint8Array(32).fill(8))}\nquorum none\n`;
  expect(() => verifyCoseReceipt(bytes, parsePolicy(other))).toThrow(expect.objectContaining({ code: 'not_signed' }));
  expect(() => verifyCoseReceipt(bytes.slice(0, -1), policy)).toThrow(
    expect.objectContaining({ code: 'cose_malformed' }),
  );
});
