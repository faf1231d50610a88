import { describe, expect, it } from 'vitest';
import { intersect, memoryNets, ristretto255, type IntersectionJob, type Net, type Tamper } from '../index.ts';
import { allOf, host, seedOf, together } from '../test/parties.ts';
import { blind, deriveKey, evaluate, finalize } from './oprf.ts';

const group = await ristretto255();
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** RFC 9497 appendix A.1.1, ristretto255-SHA512, mode OPRF. */
const vectors = {
  seed: 'a3'.repeat(32),
  keyInfo: '74657374206b6579',
  skSm: '5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e',
  blind: '64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706',
  tests: [
    {
      input: '00',
      blinded: '609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c',
      evaluated: '7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e',
      output:
        '527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6',
    },
    {
      input: '5a'.repeat(17),
      blinded: 'da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418',
      evaluated: 'b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25',
      output:
        'f4a74c9c592497375e796aa837e907b1a045d34306a749db9f34221f7e750cb4f2a6413a6bf6fa5e19ba6348eb673934a722a7ede2e7621306d18951e7cf2c73',
    },
  ],
};

describe('RFC 9497', () => {
  it('derives the key of the vectors', () => {
    expect(toHex(deriveKey(group, hex(vectors.seed), hex(vectors.keyInfo)))).toBe(vectors.skSm);
  });

  it.each(vectors.tests)('input $input', ({ input, blinded, evaluated, output }) => {
    const [key, scalar] = [hex(vectors.skSm), hex(vectors.blind)];
    const element = blind(group, hex(input), scalar);
    expect(toHex(element)).toBe(blinded);
    const answer = group.multiply(key, element);
    expect(toHex(answer)).toBe(evaluated);
    expect(toHex(finalize(group, hex(input), scalar, answer))).toBe(output);
    expect(toHex(evaluate(group, key, hex(input)))).toBe(output);
  });
});

const left = ['P-1', 'P-2', 'P-3', 'P-4', '李-5'];
const right = ['P-9', '李-5', 'P-2', 'P-7'];
const job = (reveal: IntersectionJob['reveal'], me: number): IntersectionJob => ({
  session: new Uint8Array(32).fill(3),
  sizes: [5, 4],
  reveal,
  seed: seedOf(me + 1),
});
const study = (reveal: IntersectionJob['reveal']) => (net: Net) =>
  intersect(net, host, group, net.me === 0 ? left : right, job(reveal, net.me));

describe('intersection', () => {
  it('tells both which of their own the partner has', async () => {
    const [a, b] = await allOf(memoryNets(2), study('items'));
    expect(a).toEqual({ size: 2, indices: [1, 4] });
    expect(b).toEqual({ size: 2, indices: [1, 2] });
  });

  it('tells both how many, and no more', async () => {
    for (const result of await allOf(memoryNets(2), study('cardinality'))) expect(result).toEqual({ size: 2 });
  });

  it("has other elements in another job, and none that equal the partner's", async () => {
    const sent = async (fill: number) => {
      const seen: string[] = [];
      const nets = memoryNets(2, (message) => {
        for (let at = 0; at < message.length; at += 32) seen.push(toHex(message.subarray(at, at + 32)));
        return message;
      });
      await allOf(nets, (net) =>
        intersect(net, host, group, net.me === 0 ? left : right, {
          ...job('items', net.me),
          session: new Uint8Array(32).fill(fill),
        }),
      );
      return seen;
    };
    const [first, second] = [await sent(1), await sent(2)];
    expect(first).toHaveLength(18);
    expect(new Set([...first, ...second]).size).toBe(32);
  });

  it.each<[string, (message: Uint8Array) => Uint8Array | undefined]>([
    ['of another length', (message) => message.subarray(1)],
    ['with the identity', (message) => message.fill(0, 0, 32)],
    ['with no element', (message) => message.fill(255, 0, 32)],
    ['that repeats an element', (message) => message.copyWithin(0, 32, 64)],
    ['that is lost', () => undefined],
  ])('refuses a message %s, in both places', async (_, bend) => {
    for (const target of [0, 1]) {
      const tamper: Tamper = (message, { from, nth }) => (from === 1 && nth === target ? bend(message) : message);
      const [honest] = await together(memoryNets(2, tamper), study('items'));
      expect(honest).toMatchObject({ status: 'rejected', reason: { name: 'Abort' } });
    }
  });

  it('refuses a set that is not the one agreed on', async () => {
    const [net] = memoryNets(2);
    if (!net) throw new Error('no net');
    await expect(intersect(net, host, group, ['a'], job('items', 0))).rejects.toThrow(RangeError);
    await expect(intersect(net, host, group, ['a', 'a', 'b', 'c', 'd'], job('items', 0))).rejects.toThrow(RangeError);
  });
});
