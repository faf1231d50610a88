import { rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  commit,
  cosigner,
  ed25519PublicKey,
  formatActEntry,
  formatCheckpointText,
  formatCoseReceipt,
  formatReceipt,
  formatVerifierKey,
  keyTypes,
  noteSigner,
  parseReceipt,
  portableSha256,
  sealStatement,
  signEd25519,
  signNote,
  signedStatement,
  treeHasher,
  utf8,
  verifierOf,
  type Anchor,
} from '@geneward/merkle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyFolder, geneward } from './testing/run.ts';

let folder: string;
beforeEach(() => {
  folder = emptyFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const origin = 'archive.example/log';
const seed = new Uint8Array(32).fill(1);
const vkey = (name: string, type: number, secret: Uint8Array) =>
  formatVerifierKey(verifierOf(name, type, ed25519PublicKey(secret)));
const contract = `0x${'cd'.repeat(20)}`;
const time = '2026-01-02T03:04:05.006Z';

/** A log of one act, whose checkpoint so many witnesses have seen. @param form of its entry */
function receiptSeenBy(witnesses: readonly number[], form: 1 | 2 = 2, anchored?: Pick<Anchor, 'size'>): string {
  const salt = new Uint8Array(32).fill(9);
  const statement = { predicate: { type: 'object.released', time, content: { by: 'owner' } } };
  const payload = utf8(JSON.stringify(statement));
  const envelope = sealStatement(payload, { keyid: origin, sign: (bytes) => signEd25519(seed, bytes) });
  const commitment = commit(portableSha256, salt, form === 1 ? envelope : signedStatement(payload));
  const entry = {
    module: 'object',
    sequence: 1n,
    ...(form === 2 && { act: 4n }),
    type: 'object.released',
    time,
    commitment,
  };
  const root = treeHasher().leaf(formatActEntry(entry));
  const signers = witnesses.map((n) => cosigner(`witness${n}.example`, new Uint8Array(32).fill(n)));
  const text = formatCheckpointText({ origin, size: 1n, root });
  const checkpoint = signNote(text, [noteSigner(origin, seed), ...signers], 1_767_000_000n);
  const anchor = anchored && {
    chainId: 7n,
    contract,
    transaction: `0x${'ab'.repeat(32)}`,
    block: 9n,
    size: anchored.size,
    root,
    proof: [],
  };
  return formatReceipt({
    entry,
    index: 0n,
    hashes: [],
    checkpoint,
    opening: { salt, envelope },
    ...(anchor && { anchor }),
  });
}

/** A node of chain 7 whose contract has accepted a head of that root, or another. */
async function evmNode(root: Uint8Array): Promise<Server> {
  const head = `0x${'1'.padStart(64, '0')}${Buffer.from(root).toString('hex')}`;
  const topics = [
    '0xc5b7d0e4583108645dffad165dfd9b4011d46c54a400b46c1a7cbfb63f11f353',
    `0x${Buffer.from(portableSha256(utf8(origin))).toString('hex')}`,
  ];
  const answers: Readonly<Record<string, unknown>> = {
    eth_chainId: '0x7',
    eth_getTransactionReceipt: { status: '0x1', blockNumber: '0x9', logs: [{ address: contract, topics, data: head }] },
  };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method } = JSON.parse(Buffer.concat(pieces).toString()) as { method: string };
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: answers[method] }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const write = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const log = `log ${vkey(origin, keyTypes.ed25519, seed)}\n`;
const witness = (n: number) =>
  `witness w${n} ${vkey(`witness${n}.example`, keyTypes.cosignature, new Uint8Array(32).fill(n))}\n`;
const quorum = `${log}${witness(2)}${witness(3)}${witness(4)}group all-of-us 2 w2 w3 w4\nquorum all-of-us\n`;

it('verifies a receipt without a server, and never calls L0 more than it is', async () => {
  const file = write('a.tlog-proof', receiptSeenBy([]));
  const { code, out } = await geneward(['verify', file, '--policy', write('policy', `${log}quorum none\n`)]);
  expect(out).toContain('L0: signed by the log alone');
  expect(out).not.toMatch(/tamper-?proof/i);
  expect(code).toBe(0);
});

it('verifies receipts of entries of the first form', async () => {
  const file = write('a.tlog-proof', receiptSeenBy([], 1));
  const { code, out } = await geneward(['verify', file, '--policy', write('policy', `${log}quorum none\n`), '--json']);
  expect(JSON.parse(out)).toMatchObject([{ verified: true, type: 'object.released' }]);
  expect(code).toBe(0);
});

it('asks for as many witnesses as the policy does', async () => {
  const policy = write('policy', quorum);
  const files = [[2], [2, 4]].map((seen) => write(`seen-by-${seen.join('-')}`, receiptSeenBy(seen)));
  const { code, out } = await geneward(['verify', ...files, '--policy', policy, '--json']);
  expect(JSON.parse(out)).toMatchObject([
    { verified: false, code: 'quorum_missing' },
    { verified: true, level: 'L1', type: 'object.released', witnesses: [{ name: 'w2' }, { name: 'w4' }] },
  ]);
  expect(code).toBe(1);
});

it('reads a receipt in COSE back, with the witnesses that have seen it', async () => {
  const receipt = parseReceipt(receiptSeenBy([2, 4]));
  const { id } = noteSigner(origin, seed);
  const signer = { name: origin, id, signBytes: (bytes: Uint8Array) => signEd25519(seed, bytes) };
  const head = { size: 1n, root: treeHasher().leaf(formatActEntry(receipt.entry)) };
  const good = formatCoseReceipt(receipt, head, signer);
  const files = [write('a.cose', good), write('b.cose', good.slice(0, -9))];
  const { code, out } = await geneward(['verify', ...files, '--policy', write('policy', quorum), '--json']);
  expect(JSON.parse(out)).toMatchObject([
    { verified: true, level: 'L1', type: 'object.released', statement: { predicate: { time } } },
    { verified: false, code: 'cose_malformed' },
  ]);
  expect(code).toBe(1);
});

it('calls final only what enough validators of the policy’s chain have signed, whatever the quorum says', async () => {
  const chain = `${log}${witness(2)}${witness(3)}${witness(4)}group chain 2 w2 w3\nquorum w4\n`;
  const files = [[4], [2, 4], [2, 3, 4]].map((seen) => write(`seen-by-${seen.join('-')}`, receiptSeenBy(seen)));
  const { out } = await geneward(['verify', ...files, '--policy', write('policy', chain), '--json']);
  expect((JSON.parse(out) as { level: string }[]).map(({ level }) => level)).toEqual(['L1', 'L1', 'L2']);
});

it('refuses what another log signed, what was changed and what is no receipt, in both languages', async () => {
  const stranger = `log ${vkey(origin, keyTypes.ed25519, new Uint8Array(32).fill(8))}\nquorum none\n`;
  const good = receiptSeenBy([]);
  const check = async (text: string, policy: string) =>
    geneward(['verify', write('r', text), '--policy', write('p', policy), '--lang', 'zh']);
  for (const [text, policy, said] of [
    [good, stranger, 'not_signed'],
    [good.replace('index 0', 'index 00'), `${log}quorum none\n`, 'proof_malformed'],
    [good.replace('index 0', 'index 1'), `${log}quorum none\n`, 'proof_wrong'],
    ['hello', `${log}quorum none\n`, 'proof_malformed'],
  ] as const) {
    const { code, out } = await check(text, policy);
    expect([said, code, out]).toEqual([
      said,
      1,
      expect.stringMatching(new RegExp(`\\p{Script=Han}.*\\[${said}\\]`, 'u')),
    ]);
  }
});

it('says where a head was laid down outside, and gives L3 only to who looks there', async () => {
  const text = receiptSeenBy([], 2, { size: 1n });
  const file = write('a.tlog-proof', text);
  const policy = ['--policy', write('policy', `${log}quorum none\n`)];
  const offline = await geneward(['verify', file, ...policy]);
  expect(offline).toMatchObject({ code: 0 });
  expect(offline.out).toContain('a file cannot prove that');
  expect(offline.out).not.toContain('L3');

  const root = parseReceipt(text).anchor?.root ?? new Uint8Array();
  const looked = async (node: Server, ...rest: string[]) => {
    const address = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
    const ended = await geneward(['verify', file, ...policy, '--json', '--evm', address, ...rest]);
    node.close();
    return ended;
  };
  const found = await looked(await evmNode(root), '--contract', contract);
  expect(found.code).toBe(0);
  expect(JSON.parse(found.out)).toMatchObject([{ verified: true, level: 'L3', anchor: { lookedUp: true } }]);
  const other = await looked(await evmNode(new Uint8Array(32)), '--contract', contract);
  expect(other.code).toBe(1);
  expect(JSON.parse(other.out)).toMatchObject([{ verified: false, code: 'anchor_wrong' }]);
  expect((await looked(await evmNode(root), '--contract', `0x${'0'.repeat(40)}`)).code).toBe(1);
  expect((await looked(await evmNode(root))).code).toBe(2);
  const away = ['--evm', 'http://127.0.0.1:1', '--contract', contract];
  expect((await geneward(['verify', file, ...policy, ...away])).code).toBe(4);
});

it('refuses a receipt whose head outside is of another history, without asking anybody', async () => {
  const file = write('a.tlog-proof', receiptSeenBy([], 2, { size: 2n }));
  const { code, out } = await geneward(['verify', file, '--policy', write('policy', `${log}quorum none\n`)]);
  expect(code).toBe(1);
  expect(out).toContain('[proof_wrong]');
});
