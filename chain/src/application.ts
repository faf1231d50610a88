import {
  appHash,
  applicationVersion,
  apply,
  convict,
  firstState,
  mapChanges,
  memo,
  powerChanges,
  refusals,
  versionAt,
  type Applied,
  type ChainEvent,
  type ChainState,
  type Misbehaviour,
} from '@geneward/chain';
import type { Signer } from '@geneward/merkle';
import {
  CheckTxType,
  MisbehaviorType,
  ResponseApplySnapshotChunk_Result as ApplyResult,
  ResponseOfferSnapshot_Result as OfferResult,
  ResponseApplySnapshotChunk,
  ResponseCheckTx,
  ResponseCommit,
  ResponseFinalizeBlock,
  ResponseInfo,
  ResponseInitChain,
  ResponseListSnapshots,
  ResponseLoadSnapshotChunk,
  ResponseOfferSnapshot,
  ResponsePrepareProposal,
  ResponseProcessProposal,
  ResponseProcessProposal_ProposalStatus as ProposalStatus,
  type Event,
  type ExecTxResult,
  type Misbehavior,
} from 'cosmjs-types/tendermint/abci/types';
import type { AbciApplication } from './abci.ts';
import { cosignerOf } from './cosign.ts';
import { parseGenesis } from './genesis.ts';
import { answerQuery } from './query.ts';
import { quickVerify } from './quick-verify.ts';
import { openSnapshots, restoring, snapshotFormat, type Restoring } from './snapshots.ts';
import { openStore, type Committed } from './store.ts';

export interface ApplicationOptions {
  /** Folder of the state. */
  readonly home: string;
  /** Signs for what is final; a node without one only follows. */
  readonly cosigner?: Signer;
  /** A snapshot every so many blocks; 0: none. */
  readonly snapshotEvery?: bigint;
}

/** A block that was worked out and is not final yet. */
interface Executed {
  readonly name: string;
  readonly next: Committed;
  /** Evidence that the block holds, before its transactions. */
  readonly convicted: readonly ReturnType<typeof convict>[];
  readonly applied: readonly Applied[];
}

interface Block {
  readonly height: bigint;
  readonly hash: Uint8Array;
  readonly time: { readonly seconds: bigint };
  readonly txs: readonly Uint8Array[];
  readonly misbehavior: readonly Misbehavior[];
}

const noState: Committed = { state: { map: undefined, size: 0n, edge: [] }, height: 0n, time: 0n };

/** The consortium's application behind CometBFT. Everything that it decides comes from `apply`; this only hosts it. */
export function application(options: ApplicationOptions): AbciApplication & { close(): void } {
  const { home, cosigner, snapshotEvery = 0n } = options;
  const store = openStore(home);
  const snapshots = openSnapshots(home);
  const known = memo(quickVerify());
  const cosigning = cosigner && cosignerOf(cosigner);
  let committed: Committed = store.last ?? noState;
  /** Where transactions that wait in the pool lead. */
  let pool: ChainState = committed.state;
  let executed: Executed | undefined;
  let restore: Restoring | undefined;

  const execute = ({ height, hash, time, txs, misbehavior }: Block): Executed => {
    const name = Buffer.from(hash).toString('hex');
    if (executed?.name === name && executed.next.height === height) return executed;
    const needed = versionAt(committed.state, height);
    if (applicationVersion < needed)
      throw new Error(`block ${height} needs version ${needed} of the application; this is ${applicationVersion}`);
    let { state } = committed;
    const convicted = misbehavior.map((evidence) => {
      const result = convict(state, misbehaviourOf(evidence));
      ({ state } = result);
      return result;
    });
    const applied = txs.map((transaction) => {
      const result = apply(state, transaction, { height, time: time.seconds }, known);
      state = result.state;
      return result;
    });
    executed = { name, convicted, applied, next: { state, height, time: time.seconds } };
    return executed;
  };

  return {
    info: () =>
      ResponseInfo.fromPartial({
        data: 'geneward-chain',
        version: String(applicationVersion),
        appVersion: applicationVersion,
        lastBlockHeight: committed.height,
        ...(committed.height > 0n && { lastBlockAppHash: appHash(committed.state) }),
      }),

    initChain({ chainId, appStateBytes, validators }) {
      const voting = validators.map(({ pubKey, power }) => ({ publicKey: pubKey.ed25519 ?? new Uint8Array(0), power }));
      committed = { ...noState, state: firstState({ ...parseGenesis(chainId, appStateBytes), validators: voting }) };
      pool = committed.state;
      return ResponseInitChain.fromPartial({ appHash: appHash(committed.state) });
    },

    checkTx({ tx, type }) {
      // A transaction that came before this block may be refused when it is looked at again.
      const result = apply(pool, tx, { height: committed.height + 1n, time: committed.time }, known);
      if (result.ok) {
        pool = result.state;
        return ResponseCheckTx.fromPartial({ gasWanted: 1n });
      }
      const { code, message } = result;
      const log = type === CheckTxType.RECHECK ? code : `${message}. ${refusals[code].en} ${refusals[code].zh}`;
      return ResponseCheckTx.fromPartial({ code: refusals[code].number, codespace: 'geneward', log });
    },

    prepareProposal({ txs, maxTxBytes, height, time, misbehavior }) {
      let { state } = committed;
      for (const evidence of misbehavior) ({ state } = convict(state, misbehaviourOf(evidence)));
      let room = maxTxBytes;
      const taken: Uint8Array[] = [];
      for (const transaction of txs) {
        // What a transaction takes in a block besides its bytes is at most 8.
        const bytes = BigInt(transaction.length + 8);
        if (bytes > room) break;
        const result = apply(state, transaction, { height, time: time.seconds }, known);
        if (!result.ok) continue;
        ({ state } = result);
        room -= bytes;
        taken.push(transaction);
      }
      return ResponsePrepareProposal.fromPartial({ txs: taken });
    },

    /** An honest proposer leaves out what is refused; a block that holds such a thing is not voted for. */
    processProposal(block) {
      const { applied } = execute(block);
      const status = applied.every(({ ok }) => ok) ? ProposalStatus.ACCEPT : ProposalStatus.REJECT;
      return ResponseProcessProposal.fromPartial({ status });
    },

    finalizeBlock(block) {
      const { convicted, applied, next } = execute(block);
      return ResponseFinalizeBlock.fromPartial({
        events: eventsOf(convicted.flatMap(({ events }) => events)),
        txResults: applied.map(resultOf),
        validatorUpdates: powerChanges(committed.state, next.state).map(({ publicKey, power }) => ({
          pubKey: { ed25519: publicKey },
          power,
        })),
        appHash: appHash(next.state),
      });
    },

    commit() {
      if (!executed) throw new Error('nothing to commit');
      const { next, convicted, applied } = executed;
      const leaves = [...convicted.map(({ leaf }) => leaf), ...applied.flatMap((one) => (one.ok ? [one.leaf] : []))];
      store.commit(next, { leaves, records: mapChanges(committed.state.map, next.state.map) });
      const events: ChainEvent[] = applied.flatMap((one) => (one.ok ? one.events : []));
      cosigning?.committed(next.state, events, next.time);
      committed = next;
      pool = next.state;
      executed = undefined;
      if (snapshotEvery > 0n && next.height % snapshotEvery === 0n) snapshots.take(next, store.nodes.leaves());
      return ResponseCommit.fromPartial({});
    },

    query: (request) => answerQuery(request, committed, store.nodes, cosigning),

    listSnapshots: () =>
      ResponseListSnapshots.fromPartial({
        snapshots: snapshots.list().map((snapshot) => ({ ...snapshot, format: snapshotFormat })),
      }),

    offerSnapshot({ snapshot, appHash: trusted }) {
      restore = snapshot?.format === snapshotFormat ? restoring(snapshot, trusted) : undefined;
      return ResponseOfferSnapshot.fromPartial({ result: restore ? OfferResult.ACCEPT : OfferResult.REJECT_FORMAT });
    },

    loadSnapshotChunk: ({ height, chunk }) =>
      ResponseLoadSnapshotChunk.fromPartial({ chunk: snapshots.chunk(height, chunk) ?? new Uint8Array(0) }),

    applySnapshotChunk({ index, chunk, sender }) {
      const verdict = restore?.chunk(index, chunk) ?? 'wrong';
      if (verdict === 'wrong')
        return ResponseApplySnapshotChunk.fromPartial({
          result: ApplyResult.RETRY,
          refetchChunks: [index],
          rejectSenders: [sender],
        });
      if (verdict === 'whole') {
        const restored = restore?.result();
        if (!restored) return ResponseApplySnapshotChunk.fromPartial({ result: ApplyResult.REJECT_SNAPSHOT });
        store.adopt(restored.committed, restored.leaves);
        ({ committed } = restored);
        pool = committed.state;
      }
      return ResponseApplySnapshotChunk.fromPartial({ result: ApplyResult.ACCEPT });
    },

    close: () => store.close(),
  };
}

function resultOf(applied: Applied): ExecTxResult {
  const rest = { data: new Uint8Array(0), info: '', gasWanted: 1n, gasUsed: 1n, codespace: 'geneward' };
  if (!applied.ok) return { ...rest, code: refusals[applied.code].number, log: applied.code, events: [] };
  return {
    ...rest,
    code: 0,
    log: '',
    events: eventsOf(applied.events),
  };
}

const eventsOf = (events: readonly ChainEvent[]): Event[] =>
  events.map(({ type, attributes }) => ({
    type,
    attributes: attributes.map(([key, value]) => ({ key, value, index: true })),
  }));

/** Evidence as the engine has verified it. */
const misbehaviourOf = ({ type, validator, height, time }: Misbehavior): Misbehaviour => ({
  kind: type === MisbehaviorType.LIGHT_CLIENT_ATTACK ? 'light_client_attack' : 'duplicate_vote',
  address: Buffer.from(validator.address).toString('hex'),
  height,
  time: time.seconds,
});
