import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addressOf,
  logKind,
  reader,
  recordKey,
  refusals,
  signTransaction,
  validatorKind,
  type Act,
} from '@geneward/chain';
import {
  cosigner,
  ed25519PublicKey,
  formatCheckpointText,
  noteSigner,
  openNote,
  portableSha256,
  signNote,
  treeHasher,
  utf8,
  verifierOf,
  verifyInclusion,
  keyTypes,
  formatVerifierKey,
} from '@geneward/merkle';
import {
  MisbehaviorType,
  RequestApplySnapshotChunk,
  RequestCheckTx,
  RequestFinalizeBlock,
  RequestInitChain,
  RequestLoadSnapshotChunk,
  RequestOfferSnapshot,
  RequestPrepareProposal,
  RequestProcessProposal,
  RequestQuery,
  ResponseApplySnapshotChunk_Result as ApplyResult,
  ResponseProcessProposal_ProposalStatus as ProposalStatus,
} from 'cosmjs-types/tendermint/abci/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { application } from './application.ts';
import { formatGenesis, parseGenesis } from './genesis.ts';

const chainId = 'trial';
const hasher = treeHasher();
const seed = portableSha256(utf8('north'));
const publicKey = ed25519PublicKey(seed);
const origin = 'north.example/log';
const logKey = formatVerifierKey({ name: origin, type: keyTypes.ed25519, publicKey });
const validator = { name: 'north.example/validator', seed: portableSha256(utf8('validator')) };
const signer = cosigner(validator.name, validator.seed);
const genesis = { chainId, members: [{ id: 'north', publicKey }] };
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'geneward-app-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

type Application = ReturnType<typeof application>;
const open = (name = 'a'): Application => application({ home: join(home, name), cosigner: signer, snapshotEvery: 2n });
const begin = (app: Application) =>
  app.initChain(RequestInitChain.fromPartial({ chainId, appStateBytes: utf8(JSON.stringify(formatGenesis(genesis))) }));
const signed = (nonce: bigint, act: Act) => signTransaction({ chainId, member: 'north', nonce, act }, seed);
/** A head of a tree of the one entry `n`, which the first checkpoint of a log may be. */
const checkpoint = (nonce: bigint): Uint8Array => {
  const text = formatCheckpointText({ origin, size: 1n, root: hasher.leaf(utf8('entry')) });
  return signed(nonce, { type: 'SubmitCheckpoint', note: signNote(text, [noteSigner(origin, seed)]), proof: [] });
};
const freeze = (nonce: bigint) =>
  signed(nonce, { type: 'ConsentFreeze', consent: portableSha256(utf8(String(nonce))) });

function runBlock(app: Application, height: bigint, txs: Uint8Array[]) {
  const block = {
    height,
    txs,
    hash: portableSha256(utf8(`block ${height}`)),
    time: { seconds: 1000n + height, nanos: 0 },
  };
  const { appHash, txResults } = app.finalizeBlock(RequestFinalizeBlock.fromPartial(block));
  app.commit();
  return { appHash, codes: txResults.map(({ code }) => code) };
}

const threeBlocks = (app: Application) => {
  begin(app);
  runBlock(app, 1n, [signed(0n, { type: 'RegisterLog', key: logKey })]);
  runBlock(app, 2n, [checkpoint(1n)]);
  return runBlock(app, 3n, [freeze(2n)]);
};

it('comes back after a crash with every block that was committed', () => {
  const { appHash } = threeBlocks(open());
  const again = open().info();
  expect(again).toMatchObject({ lastBlockHeight: 3n, lastBlockAppHash: appHash });
});

it('drops a block that a crash cut short, at whatever byte, and does it again to the same state', () => {
  const { appHash } = threeBlocks(open());
  const file = join(home, 'a/blocks');
  const whole = readFileSync(file);
  // The first block is in the whole state; the file holds the second and the third.
  const second = 36 + new DataView(whole.buffer, whole.byteOffset).getUint32(0);
  for (let length = whole.length - 1; length >= second; length -= 1) {
    truncateSync(file, length);
    const app = open();
    expect(app.info().lastBlockHeight).toBe(2n);
    app.close();
  }
  const app = open();
  expect(runBlock(app, 3n, [freeze(2n)]).appHash).toEqual(appHash);
  appendFileSync(file, Uint8Array.of(0, 0, 0, 9, 1, 2, 3));
  expect(open().info().lastBlockHeight).toBe(3n);
});

it('gives a snapshot that a new node takes over whole, and none that was tampered with', () => {
  const app = open();
  threeBlocks(app);
  const [snapshot] = app.listSnapshots().snapshots;
  if (!snapshot) throw new Error('no snapshot');
  const { chunk } = app.loadSnapshotChunk(
    RequestLoadSnapshotChunk.fromPartial({ height: snapshot.height, format: 1, chunk: 0 }),
  );
  const trusted = (() => {
    const other = open('b');
    begin(other);
    runBlock(other, 1n, [signed(0n, { type: 'RegisterLog', key: logKey })]);
    return runBlock(other, 2n, [checkpoint(1n)]).appHash;
  })();
  const restore = (bytes: Uint8Array, appHash: Uint8Array) => {
    const fresh = open('c');
    fresh.offerSnapshot(RequestOfferSnapshot.fromPartial({ snapshot, appHash }));
    const { result } = fresh.applySnapshotChunk(
      RequestApplySnapshotChunk.fromPartial({ index: 0, chunk: bytes, sender: 'peer' }),
    );
    return { result, fresh };
  };
  const damaged = Uint8Array.from(chunk);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  expect(restore(damaged, trusted).result).toBe(ApplyResult.RETRY);
  expect(restore(chunk, portableSha256(utf8('another state'))).result).toBe(ApplyResult.REJECT_SNAPSHOT);
  const { result, fresh } = restore(chunk, trusted);
  expect(result).toBe(ApplyResult.ACCEPT);
  expect(fresh.info()).toMatchObject({ lastBlockHeight: 2n, lastBlockAppHash: trusted });
  expect(runBlock(fresh, 3n, [freeze(2n)]).codes).toEqual([0]);
  expect(open('c').info().lastBlockHeight).toBe(3n);
});

it('proposes only what is accepted, and votes for no block that holds something else', () => {
  const app = open();
  begin(app);
  const time = { seconds: 1001n, nanos: 0 };
  const [good, bad] = [freeze(0n), freeze(99n)];
  const { txs } = app.prepareProposal(
    RequestPrepareProposal.fromPartial({ txs: [bad, good, good], maxTxBytes: 100_000n, height: 1n, time }),
  );
  expect(txs).toEqual([good]);
  const judge = (list: Uint8Array[], name: string) =>
    app.processProposal(RequestProcessProposal.fromPartial({ txs: list, hash: utf8(name), height: 1n, time })).status;
  expect(judge([good], 'a')).toBe(ProposalStatus.ACCEPT);
  expect(judge([good, good], 'b')).toBe(ProposalStatus.REJECT);
  expect(judge([bad], 'c')).toBe(ProposalStatus.REJECT);
});

it('judges what waits in the pool one behind the other', () => {
  const app = open();
  begin(app);
  const check = (tx: Uint8Array) => app.checkTx(RequestCheckTx.fromPartial({ tx })).code;
  expect([check(freeze(0n)), check(freeze(0n)), check(freeze(1n))]).toEqual([0, refusals.nonce_used.number, 0]);
});

it('cosigns what is committed, and nothing else', async () => {
  const app = open();
  begin(app);
  const ask = () => app.query(RequestQuery.fromPartial({ path: '/cosignature', data: utf8(origin) }));
  runBlock(app, 1n, [signed(0n, { type: 'RegisterLog', key: logKey })]);
  const block = { height: 2n, txs: [checkpoint(1n)], hash: utf8('two'), time: { seconds: 1002n, nanos: 0 } };
  app.finalizeBlock(RequestFinalizeBlock.fromPartial(block));
  expect((await ask()).code).toBe(1);
  app.commit();
  const { value } = await ask();
  const verifier = verifierOf(validator.name, keyTypes.cosignature, ed25519PublicKey(validator.seed));
  expect(openNote(value, [verifier]).signed).toMatchObject([{ time: 1002n }]);
  expect((await open().query(RequestQuery.fromPartial({ path: '/cosignature/1', data: utf8(origin) }))).value).toEqual(
    value,
  );
});

it('answers with records, and with the place of a transaction in its own log', async () => {
  const app = open();
  threeBlocks(app);
  const { value } = await app.query(RequestQuery.fromPartial({ path: '/record', data: recordKey(logKind, origin) }));
  expect(logKind.decode(value).size).toBe(1n);
  const index = new Uint8Array(8);
  index[7] = 1;
  const found = await app.query(RequestQuery.fromPartial({ path: '/log', data: index }));
  const from = reader(found.proofOps?.ops[0]?.data ?? new Uint8Array(0));
  const size = from.u64();
  const proof = from.list(64, () => from.raw(32));
  const leaf = hasher.leaf(checkpoint(1n));
  expect({ size, leaf: found.value }).toEqual({ size: 3n, leaf });
  const root = hasher.node(
    hasher.node(hasher.leaf(signed(0n, { type: 'RegisterLog', key: logKey })), leaf),
    hasher.leaf(freeze(2n)),
  );
  expect(verifyInclusion(hasher, { leaf, index: 1n, size, root }, proof)).toBe(true);
});

it('stops before a block that needs a newer application', () => {
  const app = open();
  begin(app);
  runBlock(app, 1n, [
    signed(0n, { type: 'ParamChange', name: 'upgrade_version', value: 2n }),
    signed(1n, { type: 'ParamChange', name: 'upgrade_height', value: 3n }),
  ]);
  runBlock(app, 2n, []);
  expect(() => runBlock(app, 3n, [])).toThrow('needs version 2');
  expect(open().info().lastBlockHeight).toBe(2n);
});

it('takes no genesis with an unknown field', () => {
  expect(() => parseGenesis(chainId, utf8('{"members":[],"parameters":[],"more":1}'))).toThrow('unknown field more');
});

it('takes the vote from a validator that the engine has proved to have signed twice, and keeps it over a crash', async () => {
  const app = open();
  const keys = ['one', 'two'].map((name) => ed25519PublicKey(portableSha256(utf8(name))));
  const [faulty = new Uint8Array(0)] = keys;
  app.initChain(
    RequestInitChain.fromPartial({
      chainId,
      appStateBytes: utf8(JSON.stringify(formatGenesis(genesis))),
      validators: keys.map((ed25519) => ({ pubKey: { ed25519 }, power: 10n })),
    }),
  );
  const block = RequestFinalizeBlock.fromPartial({
    height: 1n,
    hash: portableSha256(utf8('block 1')),
    time: { seconds: 1001n, nanos: 0 },
    txs: [freeze(0n)],
    misbehavior: [
      {
        type: MisbehaviorType.DUPLICATE_VOTE,
        validator: { address: Uint8Array.from(Buffer.from(addressOf(faulty), 'hex')), power: 10n },
        height: 1n,
        time: { seconds: 1000n, nanos: 0 },
        totalVotingPower: 20n,
      },
    ],
  });
  const { height, hash, time, txs, misbehavior } = block;
  const proposal = RequestProcessProposal.fromPartial({ height, hash, time, txs, misbehavior });
  const { status } = app.processProposal(proposal);
  expect(status).toBe(ProposalStatus.ACCEPT);
  const { validatorUpdates, events, appHash } = app.finalizeBlock(block);
  expect(validatorUpdates).toMatchObject([{ pubKey: { ed25519: faulty }, power: 0n }]);
  expect(events).toMatchObject([{ type: 'misbehaviour' }]);
  app.commit();
  app.close();
  const again = open();
  expect(again.info().lastBlockAppHash).toEqual(appHash);
  const { value } = await again.query(
    RequestQuery.fromPartial({ path: '/record', data: recordKey(validatorKind, addressOf(faulty)) }),
  );
  expect(validatorKind.decode(value)).toMatchObject({ power: 0n, faults: [{ kind: 'duplicate_vote', height: 1n }] });
});
