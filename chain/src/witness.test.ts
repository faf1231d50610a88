import { chainClient, signTransaction, type Act } from '@geneward/chain';
import {
  compactRange,
  cosigner,
  ed25519PublicKey,
  formatAddCheckpoint,
  formatCheckpointText,
  formatVerifierKey,
  keyTypes,
  noteSigner,
  parseNote,
  parseSignatureLine,
  parseVerifierKey,
  portableSha256,
  proveConsistency,
  rootAt,
  signNote,
  treeHasher,
  utf8,
  verifyNote,
  type NodeReader,
} from '@geneward/merkle';
import {
  RequestCheckTx,
  RequestFinalizeBlock,
  RequestInitChain,
  RequestQuery,
} from 'cosmjs-types/tendermint/abci/types';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { application } from './application.ts';
import { formatGenesis } from './genesis.ts';
import { answerAddCheckpoint, type WitnessFront } from './witness.ts';

const chainId = 'trial';
const hasher = treeHasher();
const seed = portableSha256(utf8('north'));
const origin = 'north.example/log';
const log = noteSigner(origin, seed);
const validatorSeed = portableSha256(utf8('validator'));
const validator = cosigner('north.example/validator', validatorSeed);
const validatorKey = parseVerifierKey(
  formatVerifierKey({ name: validator.name, type: keyTypes.cosignature, publicKey: ed25519PublicKey(validatorSeed) }),
);
const levels: Uint8Array[][] = [];
const range = compactRange(hasher);
for (let n = 0; n < 40; n += 1)
  range.append(hasher.leaf(utf8(`entry ${n}`)), (level, index, hash) => ((levels[level] ??= [])[Number(index)] = hash));
const nodes: NodeReader = async (wanted) =>
  wanted.map(({ level, index }) => levels[level]?.[Number(index)] ?? new Uint8Array(0));
const note = async (size: bigint, root?: Uint8Array) =>
  signNote(formatCheckpointText({ origin, size, root: root ?? (await rootAt(hasher, size, nodes)) }), [log]);
const request = async (old: bigint, size: bigint) =>
  formatAddCheckpoint({ old, note: await note(size), proof: await proveConsistency(hasher, old, size, nodes) });

let home: string;
let front: WitnessFront;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'geneward-witness-'));
  front = frontOf(home);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A chain of one validator, without its engine: what waits is put in a block when somebody rests. */
function frontOf(folder: string): WitnessFront {
  const app = application({ home: folder, cosigner: validator });
  const genesis = formatGenesis({ chainId, members: [{ id: 'north', publicKey: ed25519PublicKey(seed) }] });
  app.initChain(RequestInitChain.fromPartial({ chainId, appStateBytes: utf8(JSON.stringify(genesis)) }));
  let waiting: Uint8Array[] = [];
  let height = 0n;
  const block = async () => {
    height += 1n;
    const time = { seconds: 1000n + height, nanos: 0 };
    app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height, time, hash: utf8(String(height)), txs: waiting }));
    app.commit();
    waiting = [];
  };
  const sign = (nonce: bigint, act: Act) => signTransaction({ chainId, member: 'north', nonce, act }, seed);
  const client = chainClient(async (method, given) => {
    if (method === 'broadcast_tx_sync') {
      const tx = Uint8Array.from(Buffer.from(String(given['tx']), 'base64'));
      const { code, log: why } = app.checkTx(RequestCheckTx.fromPartial({ tx }));
      if (code === 0) waiting.push(tx);
      return { code, log: why };
    }
    const data = Uint8Array.from(Buffer.from(String(given['data']), 'hex'));
    const { value } = await app.query(RequestQuery.fromPartial({ path: String(given['path']), data }));
    return { response: { value: Buffer.from(value).toString('base64') } };
  });
  const logKey = formatVerifierKey({ name: origin, type: keyTypes.ed25519, publicKey: ed25519PublicKey(seed) });
  waiting.push(sign(0n, { type: 'RegisterLog', key: logKey }));
  return { client, sign, member: 'north', rest: block, looks: 3 };
}

it('answers with the validator’s cosignature once the checkpoint is final, and again when asked again', async () => {
  expect((await answerAddCheckpoint(front, await request(0n, 5n))).status).toBe(404);
  await front.rest();
  for (const [old, size] of [
    [0n, 5n],
    [5n, 21n],
  ] as const) {
    const answer = await answerAddCheckpoint(front, await request(old, size));
    expect(answer.status).toBe(200);
    const signatures = [parseSignatureLine(answer.body.trimEnd())];
    expect(verifyNote({ text: parseNote(await note(size)).text, signatures }, [validatorKey])).toHaveLength(1);
    expect(await answerAddCheckpoint(front, await request(old, size))).toEqual(answer);
  }
});

it('tells the size that the chain has, and refuses what does not extend it', async () => {
  await front.rest();
  await answerAddCheckpoint(front, await request(0n, 9n));
  const behind = { status: 409, body: '9\n', type: 'text/x.tlog.size' };
  expect(await answerAddCheckpoint(front, await request(5n, 21n))).toEqual(behind);
  expect(await answerAddCheckpoint(front, await request(0n, 5n))).toEqual(behind);
  const fork = formatAddCheckpoint({ old: 9n, proof: [], note: await note(9n, hasher.leaf(utf8('fork'))) });
  expect(await answerAddCheckpoint(front, fork)).toEqual(behind);
  const rewritten = formatAddCheckpoint({ old: 9n, proof: [], note: await note(21n) });
  expect((await answerAddCheckpoint(front, rewritten)).status).toBe(422);
  expect((await answerAddCheckpoint(front, 'no request')).status).toBe(400);
});

it('says that it may be asked again when the chain makes nothing final', async () => {
  await front.rest();
  const halted = { ...front, rest: async () => undefined };
  expect((await answerAddCheckpoint(halted, await request(0n, 5n))).status).toBe(503);
  await front.rest();
  expect((await answerAddCheckpoint(halted, await request(0n, 5n))).status).toBe(200);
});
