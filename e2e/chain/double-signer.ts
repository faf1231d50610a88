import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concat, fromBase64, portableSha256, signEd25519, toBase64, utf8 } from '@geneward/merkle';
import { rpcOf, type Node } from '../../deploy/consortium/network.ts';

/** Precommit, as the engine numbers votes. */
const precommit = 2;

/** A field of a protobuf message: varint, eight fixed bytes, or bytes with their length. */
const varint = (value: number): Uint8Array =>
  value < 128 ? Uint8Array.of(value) : Uint8Array.of((value & 127) | 128, ...varint(value >> 7));
const number = (field: number, value: number) => concat(varint(field << 3), varint(value));
const bytes = (field: number, value: Uint8Array) => concat(varint((field << 3) | 2), varint(value.length), value);
const fixed = (field: number, value: bigint) => {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigInt64(0, value, true);
  return concat(varint((field << 3) | 1), out);
};

interface Vote {
  readonly chainId: string;
  readonly height: bigint;
  readonly block: Uint8Array;
  readonly parts: Uint8Array;
  /** Seconds since 1970. */
  readonly time: number;
}

/** What a validator signs (CometBFT 0.38 specification, CanonicalVote), with its length before. */
function signBytes({ chainId, height, block, parts, time }: Vote): Uint8Array {
  const varlong = (value: number): Uint8Array =>
    value < 128 ? Uint8Array.of(value) : Uint8Array.of((value % 128) | 128, ...varlong(Math.floor(value / 128)));
  const message = concat(
    number(1, precommit),
    fixed(2, height),
    bytes(4, concat(bytes(1, block), bytes(2, concat(number(1, 1), bytes(2, parts))))),
    bytes(5, concat(varint(1 << 3), varlong(time))),
    bytes(6, utf8(chainId)),
  );
  return concat(varint(message.length), message);
}

const hex = (value: Uint8Array) => Buffer.from(value).toString('hex').toUpperCase();

/**
 * Makes a validator break its one promise: with a copy of its key, two votes for two blocks of one height that is past. What the
 * engine calls evidence is told to a node.
 * @returns the address of the validator in hexadecimal digits
 */
export async function signTwice(of: Node, chainId: string, height: bigint, tell: Node): Promise<string> {
  const key = JSON.parse(readFileSync(join(of.home, 'config/priv_validator_key.json'), 'utf8')) as {
    address: string;
    priv_key: { value: string };
  };
  const seed = fromBase64(key.priv_key.value).slice(0, 32);
  const rpc = rpcOf(tell.rpc);
  const at = { height: String(height) };
  const { signed_header } = (await rpc('commit', at)) as { signed_header: { header: { time: string } } };
  const { validators } = (await rpc('validators', at)) as {
    validators: { address: string; voting_power: string }[];
  };
  const index = validators.findIndex(({ address }) => address === key.address);
  const total = validators.reduce((sum, { voting_power }) => sum + BigInt(voting_power), 0n);
  const vote = (block: Uint8Array) => {
    const parts = portableSha256(block);
    const time = Math.floor(Date.parse(signed_header.header.time) / 1000);
    return {
      type: precommit,
      height: String(height),
      round: 0,
      block_id: { hash: hex(block), parts: { total: 1, hash: hex(parts) } },
      timestamp: new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
      validator_address: key.address,
      validator_index: index,
      signature: toBase64(signEd25519(seed, signBytes({ chainId, height, block, parts, time }))),
      extension: null,
      extension_signature: null,
    };
  };
  const [first, second] = ['one block', 'another'].map((text) => portableSha256(utf8(text)));
  if (!first || !second) throw new Error('two blocks are wanted');
  const ordered = hex(first) < hex(second) ? [first, second] : [second, first];
  const [voteA, voteB] = ordered.map(vote);
  await rpc('broadcast_evidence', {
    evidence: {
      type: 'tendermint/DuplicateVoteEvidence',
      value: {
        vote_a: voteA,
        vote_b: voteB,
        TotalVotingPower: String(total),
        ValidatorPower: validators[index]?.voting_power ?? '0',
        Timestamp: signed_header.header.time,
      },
    },
  });
  return key.address.toLowerCase();
}
