import type { Act } from '@geneward/chain';
import { apply, firstState, signTransaction } from '@geneward/chain';
import { formatVerifierKey, keyTypes, tilePath, toBase64, treeHasher, utf8 } from '@geneward/merkle';
import { expect, it } from 'vitest';
import { publicKeyOf, sampleLog, seedOf } from '../../libs/chain/src/test/sample-log.ts';
import { parseAct } from './act-json.ts';
import { equivocation } from './member.ts';

const origin = 'south.example/log';
const hasher = treeHasher();
const bytes = toBase64(seedOf('bytes'));

it('reads every act as a member writes it', () => {
  const written: readonly [string, Act][] = [
    [
      `{"type":"SetValidator","publicKey":"${bytes}","power":"7"}`,
      { type: 'SetValidator', publicKey: seedOf('bytes'), power: 7n },
    ],
    ['{"type":"RemoveMember","id":"east"}', { type: 'RemoveMember', id: 'east' }],
    [
      `{"type":"JobOpen","job":"j","plan":"${bytes}","parties":["north","east"]}`,
      { type: 'JobOpen', job: 'j', plan: seedOf('bytes'), parties: ['north', 'east'] },
    ],
    [
      `{"type":"JobApprove","job":"j","plan":"${bytes}","inputs":[{"consent":"${bytes}","origin":"o","size":"9","index":"2","leaf":"${bytes}","proof":["${bytes}"]}]}`,
      {
        type: 'JobApprove',
        job: 'j',
        plan: seedOf('bytes'),
        inputs: [
          {
            consent: seedOf('bytes'),
            origin: 'o',
            size: 9n,
            index: 2n,
            leaf: seedOf('bytes'),
            proof: [seedOf('bytes')],
          },
        ],
      },
    ],
  ];
  for (const [text, act] of written) expect(parseAct(text)).toEqual(act);
});

it.each([
  ['nothing', 'no JSON'],
  ['[]', 'is an object'],
  ['{"type":"Nothing"}', 'type is one of'],
  ['{"type":"constructor"}', 'type 应为'],
  ['{"type":"RemoveMember","id":"a","toString":"b"}', 'has no field toString'],
  ['{"type":"RemoveMember"}', 'RemoveMember.id is a text'],
  ['{"type":"RemoveMember","id":"a","more":"b"}', 'has no field more'],
  ['{"type":"ParamChange","name":"logs","value":"1e3"}', 'is a whole number'],
  ['{"type":"ParamChange","name":"logs","value":5}', 'is a text'],
  ['{"type":"ConsentFreeze","consent":"AA"}', 'is base64'],
])('says what is wrong with %s', (text, why) => {
  expect(() => parseAct(text)).toThrow(why);
});

it('makes the report that freezes a log, of one size and, with its tiles, of two', async () => {
  const log = sampleLog(origin);
  const fork = sampleLog(origin, (n) => `another history ${n}`);
  const genesis = { chainId: 'trial', members: [{ id: 'east', publicKey: publicKeyOf('east') }] };
  const key = formatVerifierKey({ name: origin, type: keyTypes.ed25519, publicKey: publicKeyOf(origin) });
  const send = (from: ReturnType<typeof firstState>, nonce: bigint, act: Act) =>
    apply(from, signTransaction({ chainId: 'trial', member: 'east', nonce, act }, seedOf('east')), {
      height: 1n,
      time: 1n,
    });
  const { state } = send(firstState(genesis), 0n, { type: 'RegisterLog', key });
  const tiles: string[] = [];
  /** The tile of level 0 of the longer history. */
  const fetch = async (path: string) => {
    tiles.push(path);
    return Buffer.concat(Array.from({ length: 9 }, (_, n) => hasher.leaf(utf8(`another history ${n}`))));
  };
  const pairs = [
    [await log.note(4n), await fork.note(4n)],
    [await fork.note(9n), await log.note(4n)],
  ] as const;
  for (const pair of pairs) expect(send(state, 1n, await equivocation(pair, fetch))).toMatchObject({ ok: true });
  expect(new Set(tiles)).toEqual(new Set([tilePath({ level: 0, index: 0n, width: 9 })]));
  const sound = await equivocation([await fork.note(4n), await fork.note(9n)], fetch);
  expect(send(state, 1n, sound)).toMatchObject({ ok: false, code: 'no_equivocation' });
});
