import { cosigner, formatVerifierKey, keyTypes, verifierOf } from '@geneward/merkle';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, versionAt, type Applied } from './apply.ts';
import type { RefusalCode } from './error.ts';
import { jobKind, logKind, memberKind, recordKey, validatorKind } from './record.ts';
import { convict, powerChanges, type Misbehaviour } from './rules/validator.ts';
import {
  addressOf,
  appHash,
  decodeState,
  encodeState,
  firstState,
  proveRecord,
  read,
  redo,
  verifyRecord,
  type ChainState,
} from './state.ts';
import { mapChanges, mapGet } from './map.ts';
import { publicKeyOf, sampleLog, seedOf } from './test/sample-log.ts';
import { encodeAct, parseTransaction, signTransaction, type Act } from './transaction.ts';

const chainId = 'trial';
const ids = ['north', 'south', 'east', 'west'];
const block = { height: 7n, time: 1_764_000_000n };
const genesis = { chainId, members: ids.map((id) => ({ id, publicKey: publicKeyOf(id) })) };

/** A chain in memory that gives each member the next nonce. */
function chain() {
  let state: ChainState = firstState(genesis);
  const send = (member: string, act: Act, seed = seedOf(member)): Applied => {
    const nonce = read(state, memberKind, member)?.nonce ?? 0n;
    const applied = apply(state, signTransaction({ chainId, member, nonce, act }, seed), block);
    ({ state } = applied);
    return applied;
  };
  return {
    get state() {
      return state;
    },
    send,
    accept(member: string, act: Act) {
      expect(send(member, act)).toMatchObject({ ok: true });
    },
    refuse(member: string, act: Act, code: RefusalCode) {
      const before = state;
      expect(send(member, act)).toMatchObject({ ok: false, code });
      expect(state).toBe(before);
    },
  };
}

describe('transactions', () => {
  const act: Act = { type: 'ConsentFreeze', consent: seedOf('consent') };
  const state = firstState(genesis);
  const given = { chainId, member: 'north', nonce: 0n, act };

  it('are read as they were written', () => {
    const {
      message: _message,
      signature: _signature,
      ...rest
    } = parseTransaction(signTransaction(given, seedOf('north')));
    expect(rest).toEqual(given);
  });

  it('lose their effect by the change of any bit', () => {
    const bytes = signTransaction(given, seedOf('north'));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const other = bytes.slice();
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(apply(state, other, block).ok).toBe(false);
    }
    expect(apply(state, Uint8Array.of(...bytes, 0), block)).toMatchObject({ ok: false, code: 'malformed' });
    expect(apply(state, bytes, block).ok).toBe(true);
  });

  it('never make the machine fail, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(apply(state, bytes, block)).toMatchObject({ ok: false, state });
      }),
    );
  });

  it('count for one chain, one member and once, in any order within 64', () => {
    const signed = (nonce: bigint, consent: string, chain = chainId) =>
      signTransaction(
        { chainId: chain, member: 'north', nonce, act: { type: 'ConsentFreeze', consent: seedOf(consent) } },
        seedOf('north'),
      );
    expect(apply(state, signed(0n, 'a', 'other'), block)).toMatchObject({ code: 'wrong_chain' });
    expect(apply(state, signTransaction(given, seedOf('south')), block)).toMatchObject({ code: 'bad_signature' });
    expect(apply(state, signed(64n, 'a'), block)).toMatchObject({ code: 'nonce_used' });
    let after = state;
    for (const nonce of [2n, 0n, 1n]) ({ state: after } = apply(after, signed(nonce, `consent ${nonce}`), block));
    expect(read(after, memberKind, 'north')).toMatchObject({ nonce: 3n, used: 0n });
    for (const nonce of [0n, 1n, 2n])
      expect(apply(after, signed(nonce, 'again'), block)).toMatchObject({ code: 'nonce_used' });
  });

  it('are refused under a key of low order and with a signature whose S is not reduced', () => {
    const low = new Uint8Array(32);
    low[0] = 1;
    expect(() => firstState({ chainId, members: [{ id: 'weak', publicKey: low }] })).toThrow('key_unsound');
    const bytes = signTransaction(given, seedOf('north'));
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = order;
    for (let at = 0; at < 32; at += 1) s += BigInt(bytes[bytes.length - 32 + at] ?? 0) << BigInt(8 * at);
    const malleated = bytes.slice();
    for (let at = 0; at < 32; at += 1) malleated[bytes.length - 32 + at] = Number((s >> BigInt(8 * at)) & 255n);
    expect(apply(state, malleated, block)).toMatchObject({ ok: false, code: 'bad_signature' });
  });
});

describe('checkpoints', () => {
  const log = sampleLog('north.example/log');
  const submit = async (from: bigint, to: bigint): Promise<Act> => ({
    type: 'SubmitCheckpoint',
    note: await log.note(to),
    proof: await log.consistency(from, to),
  });

  it('are accepted only as extensions, and their heads are kept', async () => {
    const trial = chain();
    trial.refuse('north', await submit(0n, 3n), 'unknown_log');
    trial.accept('north', { type: 'RegisterLog', key: log.key });
    trial.refuse('south', { type: 'RegisterLog', key: log.key }, 'name_taken');
    trial.accept('north', await submit(0n, 3n));
    trial.refuse('north', await submit(3n, 3n), 'checkpoint_old');
    trial.refuse('north', await submit(2n, 8n), 'proof_wrong');
    trial.refuse('north', { type: 'SubmitCheckpoint', note: await log.note(8n), proof: [] }, 'proof_wrong');
    const other = sampleLog(log.origin, undefined, 'a key that is not the log’s');
    trial.refuse(
      'north',
      { type: 'SubmitCheckpoint', note: await other.note(8n), proof: await log.consistency(3n, 8n) },
      'checkpoint_bad',
    );
    trial.accept('south', await submit(3n, 8n));
    trial.refuse('north', await submit(0n, 3n), 'checkpoint_old');
    expect(read(trial.state, logKind, log.origin)).toMatchObject({
      size: 8n,
      root: await log.root(8n),
      time: block.time,
    });
  });

  it('of sizes beyond 2^53 are exact', async () => {
    const trial = chain();
    trial.accept('north', { type: 'RegisterLog', key: log.key });
    const size = 2n ** 60n + 1n;
    const root = seedOf('a root');
    // From the empty tree, everything follows.
    trial.accept('north', { type: 'SubmitCheckpoint', note: log.sign(size, root), proof: [] });
    expect(read(trial.state, logKind, log.origin)?.size).toBe(size);
    trial.refuse('north', { type: 'SubmitCheckpoint', note: log.sign(size - 1n, root), proof: [] }, 'checkpoint_old');
    trial.refuse('north', { type: 'SubmitCheckpoint', note: log.sign(2n ** 63n, root), proof: [] }, 'checkpoint_bad');
  });

  it('that contradict one another freeze the log, at one size and at two', async () => {
    const fork = sampleLog(log.origin, (n) => (n < 2n ? `${log.origin} ${n}` : `forged ${n}`));
    for (const [first, second, prefixRoot, proof] of [
      [await fork.note(6n), await log.note(6n), new Uint8Array(0), []],
      [await fork.note(6n), await log.note(11n), await log.root(6n), await log.consistency(6n, 11n)],
    ] as const) {
      const trial = chain();
      trial.accept('north', { type: 'RegisterLog', key: log.key });
      trial.accept('east', { type: 'ReportEquivocation', first, second, prefixRoot, proof });
      trial.refuse('north', await submit(0n, 3n), 'log_frozen');
      trial.refuse('east', { type: 'ReportEquivocation', first, second, prefixRoot, proof }, 'log_frozen');
    }
  });

  it('that agree freeze nothing, and neither do forged ones', async () => {
    const trial = chain();
    trial.accept('north', { type: 'RegisterLog', key: log.key });
    const report = (first: string, second: string, prefixRoot: Uint8Array, proof: Uint8Array[]): Act => ({
      type: 'ReportEquivocation',
      first,
      second,
      prefixRoot,
      proof,
    });
    const [six, eleven] = [await log.note(6n), await log.note(11n)];
    trial.refuse('east', report(six, six, new Uint8Array(0), []), 'no_equivocation');
    trial.refuse('east', report(six, eleven, await log.root(6n), await log.consistency(6n, 11n)), 'no_equivocation');
    trial.refuse('east', report(six, eleven, seedOf('invented'), await log.consistency(6n, 11n)), 'proof_wrong');
    const forged = sampleLog(log.origin, (n) => `forged ${n}`, 'another key');
    trial.refuse('east', report(await forged.note(6n), six, new Uint8Array(0), []), 'checkpoint_bad');
  });

  it('count under the new key after a rotation, and only the owner rotates', async () => {
    const trial = chain();
    trial.accept('north', { type: 'RegisterLog', key: log.key });
    const next = sampleLog(log.origin, undefined, 'the next key');
    trial.refuse('south', { type: 'RotateKey', target: log.origin, key: next.key }, 'not_owner');
    trial.accept('north', { type: 'RotateKey', target: log.origin, key: next.key });
    trial.refuse('north', await submit(0n, 3n), 'checkpoint_bad');
    trial.accept('north', { type: 'SubmitCheckpoint', note: await next.note(3n), proof: [] });
  });
});

describe('members', () => {
  const newcomer: Act = { type: 'RegisterMember', id: 'centre', publicKey: publicKeyOf('centre'), cosigner: '' };

  it('come, go and change parameters by more than two thirds', () => {
    const trial = chain();
    trial.accept('north', newcomer);
    trial.refuse('north', newcomer, 'already_voted');
    trial.accept('south', newcomer);
    trial.refuse('centre', { type: 'ConsentFreeze', consent: seedOf('c') }, 'unknown_member');
    trial.accept('east', newcomer);
    trial.accept('centre', { type: 'ConsentFreeze', consent: seedOf('c') });
    for (const member of ['north', 'south', 'east', 'centre'])
      trial.accept(member, { type: 'RemoveMember', id: 'west' });
    trial.refuse('west', { type: 'ConsentFreeze', consent: seedOf('c') }, 'unknown_member');
    trial.refuse('north', { type: 'ParamChange', name: 'parties', value: 1n }, 'parameter_unknown');
    trial.refuse('north', { type: 'ParamChange', name: 'invented', value: 1n }, 'parameter_unknown');
  });

  it('rotate their key: the old one is refused at once', () => {
    const trial = chain();
    const key = formatVerifierKey({ name: 'north', type: keyTypes.ed25519, publicKey: publicKeyOf('new key') });
    trial.accept('north', { type: 'RotateKey', target: '', key });
    trial.refuse('north', { type: 'ConsentFreeze', consent: seedOf('c') }, 'bad_signature');
    expect(trial.send('north', { type: 'ConsentFreeze', consent: seedOf('c') }, seedOf('new key')).ok).toBe(true);
  });

  it('name a cosigner only with a key of a cosigner', () => {
    const trial = chain();
    const publicKey = publicKeyOf('cosigner');
    const { name } = cosigner('north.example/validator', seedOf('cosigner'));
    trial.refuse(
      'north',
      { type: 'RotateKey', target: 'cosigner', key: formatVerifierKey(verifierOf(name, keyTypes.ed25519, publicKey)) },
      'key_unsound',
    );
    trial.accept('north', {
      type: 'RotateKey',
      target: 'cosigner',
      key: formatVerifierKey(verifierOf(name, keyTypes.cosignature, publicKey)),
    });
  });

  it('plan an upgrade for a height', () => {
    const trial = chain();
    for (const [name, value] of [
      ['upgrade_height', 1000n],
      ['upgrade_version', 2n],
    ] as const)
      for (const member of ids.slice(0, 3)) trial.accept(member, { type: 'ParamChange', name, value });
    expect([999n, 1000n].map((height) => versionAt(trial.state, height))).toEqual([1n, 2n]);
  });
});

describe('joint jobs', () => {
  const log = sampleLog('north.example/log');
  const plan = seedOf('plan');
  const consent = seedOf('consent');
  const approve = async (
    change: Partial<Extract<Act, { type: 'JobApprove' }>['inputs'][number]> = {},
  ): Promise<Act> => ({
    type: 'JobApprove',
    job: 'j1',
    plan,
    inputs: [
      {
        consent,
        origin: log.origin,
        size: 9n,
        index: 4n,
        leaf: log.leaf(4n),
        proof: await log.inclusion(4n, 9n),
        ...change,
      },
    ],
  });
  const opened = async () => {
    const trial = chain();
    trial.accept('north', { type: 'RegisterLog', key: log.key });
    trial.accept('north', { type: 'SubmitCheckpoint', note: await log.note(9n), proof: [] });
    trial.accept('north', { type: 'JobOpen', job: 'j1', plan, parties: ['north', 'south'] });
    return trial;
  };
  const start: Act = { type: 'JobStart', job: 'j1' };
  const agree: Act = { type: 'JobApprove', job: 'j1', plan, inputs: [] };

  it('are opened, approved by all, started and sealed', async () => {
    const trial = await opened();
    trial.refuse('north', start, 'not_approved');
    trial.accept('north', await approve());
    trial.refuse('south', { ...agree, plan: seedOf('another plan') }, 'plan_differs');
    trial.refuse('east', agree, 'not_party');
    trial.accept('south', agree);
    trial.accept('south', start);
    trial.refuse('south', start, 'job_state');
    trial.accept('north', { type: 'JobSeal', job: 'j1', result: seedOf('result') });
    trial.accept('south', { type: 'JobSeal', job: 'j1', result: seedOf('result') });
    expect(read(trial.state, jobKind, 'j1')?.state).toBe('sealed');
  });

  it('that end in two results are disputed', async () => {
    const trial = await opened();
    trial.accept('north', agree);
    trial.accept('south', agree);
    trial.accept('south', start);
    trial.accept('north', { type: 'JobSeal', job: 'j1', result: seedOf('result') });
    trial.accept('south', { type: 'JobSeal', job: 'j1', result: seedOf('another') });
    expect(read(trial.state, jobKind, 'j1')?.state).toBe('disputed');
  });

  it('take only inputs under a checkpoint on the chain', async () => {
    const trial = await opened();
    trial.refuse('north', await approve({ leaf: seedOf('not in the log') }), 'input_unproven');
    trial.refuse('north', await approve({ index: 5n }), 'input_unproven');
    trial.refuse('north', await approve({ size: 12n }), 'input_unproven');
    trial.refuse('south', await approve(), 'not_owner');
  });

  it('do not start after a consent was frozen, or a log', async () => {
    const frozen = await opened();
    frozen.accept('north', await approve());
    frozen.accept('south', agree);
    frozen.accept('south', { type: 'ConsentFreeze', consent });
    frozen.accept('north', { type: 'ConsentFreeze', consent });
    frozen.refuse('south', start, 'consent_frozen');
    const early = await opened();
    early.accept('north', { type: 'ConsentFreeze', consent });
    early.refuse('north', await approve(), 'consent_frozen');
    const forked = await opened();
    forked.accept('north', await approve());
    forked.accept('south', agree);
    const fork = sampleLog(log.origin, (n) => `forged ${n}`);
    forked.accept('east', {
      type: 'ReportEquivocation',
      first: await log.note(9n),
      second: await fork.note(9n),
      prefixRoot: new Uint8Array(0),
      proof: [],
    });
    forked.refuse('south', start, 'log_frozen');
  });

  it('of a consent that another member froze do start', async () => {
    const trial = await opened();
    trial.accept('north', await approve());
    trial.accept('south', agree);
    trial.accept('south', { type: 'ConsentFreeze', consent });
    trial.accept('north', start);
  });
});

describe('the state', () => {
  it('comes back from its bytes, and from what each block changed', async () => {
    const trial = chain();
    let copy = trial.state;
    const log = sampleLog('east.example/log');
    for (const act of [
      { type: 'RegisterLog', key: log.key },
      { type: 'SubmitCheckpoint', note: await log.note(5n), proof: [] },
    ] as const) {
      const before = trial.state;
      const applied = trial.send('east', act);
      if (!applied.ok) throw new Error(applied.message);
      copy = redo(copy, { leaves: [applied.leaf], records: mapChanges(before.map, applied.state.map) });
      expect(appHash(copy)).toEqual(appHash(trial.state));
      expect(appHash(decodeState(encodeState(copy)))).toEqual(appHash(copy));
    }
  });

  it('proves its records to the app hash', () => {
    const { state } = chain();
    const key = recordKey(memberKind, 'south');
    const value = mapGet(state.map, key);
    expect(verifyRecord(appHash(state), key, value, proveRecord(state, key))).toBe(true);
    expect(verifyRecord(appHash(state), key, undefined, proveRecord(state, key))).toBe(false);
    const absent = recordKey(memberKind, 'nobody');
    expect(verifyRecord(appHash(state), absent, undefined, proveRecord(state, absent))).toBe(true);
    expect(verifyRecord(appHash(state), absent, value, proveRecord(state, absent))).toBe(false);
    expect(verifyRecord(appHash(state), key, value, Uint8Array.of(1, 2, 3))).toBe(false);
  });

  it('votes are for the whole act', () => {
    const a = encodeAct({ type: 'ParamChange', name: 'logs', value: 3n });
    const b = encodeAct({ type: 'ParamChange', name: 'logs', value: 4n });
    expect(a).not.toEqual(b);
  });
});

describe('validators', () => {
  const keys = ids.map((id) => publicKeyOf(`validator ${id}`));
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = keys;
  const begin = (count: number) =>
    firstState({ ...genesis, validators: keys.slice(0, count).map((publicKey) => ({ publicKey, power: 10n })) });
  const twice = (key: Uint8Array, height = 5n): Misbehaviour => ({
    kind: 'duplicate_vote',
    address: addressOf(key),
    height,
    time: 1_764_000_000n,
  });
  /** The act, sent by three of four members. */
  const voted = (from: ChainState, act: Act): Applied => {
    let last: Applied | undefined;
    let state = from;
    for (const member of ids.slice(0, 3)) {
      const nonce = read(state, memberKind, member)?.nonce ?? 0n;
      last = apply(state, signTransaction({ chainId, member, nonce, act }, seedOf(member)), block);
      ({ state } = last);
    }
    if (!last) throw new Error('nobody voted');
    return last;
  };

  it('lose their vote when they are proved to have signed twice, and the log tells it', () => {
    const before = begin(4);
    const { state, events } = convict(before, twice(first));
    expect(read(state, validatorKind, addressOf(first))).toMatchObject({
      power: 0n,
      faults: [{ kind: 'duplicate_vote', height: 5n }],
    });
    expect(state.size).toBe(before.size + 1n);
    expect(appHash(state)).not.toEqual(appHash(before));
    expect(events).toMatchObject([{ type: 'misbehaviour' }]);
    expect(powerChanges(before, state)).toEqual([{ publicKey: first, power: 0n }]);
    expect(powerChanges(state, convict(state, twice(first, 6n)).state)).toEqual([]);
    expect(appHash(decodeState(encodeState(state)))).toEqual(appHash(state));
  });

  it('are not all taken away, and one that nobody knows changes no weight', () => {
    const one = convict(begin(2), twice(first)).state;
    const both = convict(one, twice(second)).state;
    expect(powerChanges(one, both)).toEqual([]);
    expect(read(both, validatorKind, addressOf(second))).toMatchObject({ power: 10n, faults: [{ height: 5n }] });
    const before = begin(2);
    expect(powerChanges(before, convict(before, twice(publicKeyOf('stranger'))).state)).toEqual([]);
  });

  it('come and go by vote, but never with a key that has signed twice', () => {
    const fresh = publicKeyOf('fresh');
    const before = begin(1);
    const { state } = voted(before, { type: 'SetValidator', publicKey: fresh, power: 7n });
    expect(powerChanges(before, state)).toEqual([{ publicKey: fresh, power: 7n }]);
    const without = voted(state, { type: 'SetValidator', publicKey: first, power: 0n });
    expect(powerChanges(state, without.state)).toEqual([{ publicKey: first, power: 0n }]);
    const last: Act = { type: 'SetValidator', publicKey: fresh, power: 0n };
    expect(voted(without.state, last)).toMatchObject({ ok: false, code: 'last_validator' });
    const convicted = convict(state, twice(first)).state;
    const back: Act = { type: 'SetValidator', publicKey: first, power: 10n };
    expect(voted(convicted, back)).toMatchObject({ ok: false, code: 'validator_convicted' });
    const heavy: Act = { type: 'SetValidator', publicKey: publicKeyOf('heavy'), power: 1n << 40n };
    expect(voted(state, heavy)).toMatchObject({ ok: false, code: 'limit' });
    const odd: Act = { type: 'SetValidator', publicKey: new Uint8Array(32), power: 1n };
    expect(voted(state, odd)).toMatchObject({ ok: false, code: 'key_unsound' });
  });
});
