import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencing, discreteLaplace, explain, prg, fieldP61, spend, uniformFrom, type JobShape } from '../index.ts';
import { host, seedOf } from '../test/parties.ts';
import { bernoulliExp } from './noise.ts';

const people = (from: number, to: number) =>
  new Set(Array.from({ length: to - from }, (_, at) => `person-${from + at}`));

describe('differencing', () => {
  const release = (job: string, persons: Set<string>, output = 'chi-square') => ({ job, output, persons });
  it('finds an earlier job on nearly the same people, on the same question', () => {
    const history = [
      release('a', people(0, 100)),
      release('b', people(0, 96)),
      release('c', people(50, 150)),
      release('d', people(0, 99), 'survival'),
    ];
    expect(differencing(release('new', people(0, 99)), history, 5)).toEqual([
      { job: 'a', difference: 1 },
      { job: 'b', difference: 3 },
    ]);
    expect(differencing(release('same', people(0, 100)), history.slice(0, 1), 5)).toEqual([]);
  });

  it('is the same whichever job came first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(12)), fc.uniqueArray(fc.nat(12)), (x, y) => {
        const [a, b] = [release('a', new Set(x.map(String))), release('b', new Set(y.map(String)))];
        expect(differencing(a, [b], 4).length).toBe(differencing(b, [a], 4).length);
      }),
    );
  });
});

describe('noise', () => {
  const stream = prg(host, fieldP61, seedOf(5)).bytes(8_000_000);
  let used = 0;
  const uniform = uniformFrom((length) => stream.subarray(used, (used += length)));

  it('is uniform where it draws uniformly, and exponential where it should be', () => {
    const counts = new Uint32Array(5);
    for (let at = 0; at < 10_000; at += 1) {
      const drawn = Number(uniform(5n));
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(5 * 40);
    for (const [n, d] of [
      [1n, 2n],
      [1n, 1n],
      [5n, 2n],
    ] as const) {
      let yes = 0;
      for (let at = 0; at < 10_000; at += 1) if (bernoulliExp(uniform, n, d)) yes += 1;
      expect(Math.abs(yes / 10_000 - Math.exp(-Number(n) / Number(d)))).toBeLessThan(0.025);
    }
  });

  it('has the distribution of the discrete Laplace law', () => {
    const scale = { sensitivity: 2n, epsilon: { numerator: 3n, denominator: 2n } };
    const q = Math.exp(-0.75);
    const seen = new Map<bigint, number>();
    for (let at = 0; at < 20_000; at += 1) {
      const x = discreteLaplace(uniform, scale);
      seen.set(x, (seen.get(x) ?? 0) + 1);
    }
    for (const x of [-3n, -2n, -1n, 0n, 1n, 2n, 3n]) {
      const expected = ((1 - q) / (1 + q)) * q ** Math.abs(Number(x));
      expect(Math.abs((seen.get(x) ?? 0) / 20_000 - expected)).toBeLessThan(0.018);
    }
  });

  it('is accounted for, once a job and up to the limit', () => {
    const start = { limit: 1_000_000n, spent: [] };
    const first = spend(start, 'a', 700_000n);
    expect(first).toMatchObject({ ok: true });
    const { budget } = first as Extract<typeof first, { ok: true }>;
    expect(spend(budget, 'a', 700_000n)).toEqual({ ok: true, budget });
    expect(spend(budget, 'b', 300_001n)).toEqual({ ok: false, left: 300_000n });
    expect(spend(budget, 'b', 300_000n)).toMatchObject({ ok: true });
  });
});

describe('explain', () => {
  const job: JobShape = {
    layer: 'replicated',
    inputs: ['Kunming', 'Beijing', 'Leiden'],
    nodes: ['Kunming', 'Beijing', 'Notary'],
    mode: 'malicious',
    recipients: ['Leiden'],
    minimumCell: 5,
  };
  const codes = (shape: JobShape) => explain(shape).map(({ code, when, who }) => `${when} ${code} ${who.join('+')}`);

  it('names each pair of nodes that would see everything, and who sees the result', () => {
    expect(codes(job)).toEqual([
      'always result Kunming+Beijing+Notary+Leiden',
      'always sizes Kunming+Beijing+Leiden+Notary',
      'deviation nothing Kunming',
      'deviation nothing Beijing',
      'deviation nothing Notary',
      'collusion all-inputs Kunming+Beijing',
      'collusion all-inputs Beijing+Notary',
      'collusion all-inputs Kunming+Notary',
      'always small-cells ',
      'deviation own-data Kunming+Beijing+Leiden',
      'always platform ',
    ]);
    expect(codes({ ...job, mode: 'semi-honest' })).toContain('deviation unchecked Kunming+Beijing+Notary');
  });

  it("says that two parties who add see each other's totals, and that all but one see that one's", () => {
    const sum: JobShape = { layer: 'sum', inputs: ['A', 'B'], mode: 'semi-honest', recipients: [] };
    expect(codes(sum)).toContain('always two-party-total A');
    expect(codes({ ...sum, inputs: ['A', 'B', 'C'] })).toContain('collusion rest-total A+B');
    expect(codes({ ...sum, inputs: ['A', 'B', 'C'] }).join()).not.toContain('two-party-total');
    const many = explain({ ...sum, inputs: 'ABCDEFG'.split('') }).filter(({ code }) => code === 'rest-total');
    expect(many.map(({ text }) => text.en)).toEqual([expect.stringContaining('Any 6 of the parties')]);
  });

  it('says what is opened on the way, what is a rule of release only, and where the result goes', () => {
    const sum: JobShape = { layer: 'sum', inputs: ['A', 'B', 'C'], mode: 'semi-honest', recipients: [] };
    const told = (shape: Partial<JobShape>) =>
      explain({ ...sum, ...shape })
        .map(({ text }) => text.en)
        .join('\n');
    expect(told({ opened: { en: 'the counts', zh: '计数' } })).toContain('A, B and C learn the counts.');
    expect(told({ releaseCell: 5 })).toContain('a rule of release');
    expect(told({ variantLists: true })).toContain('no genotypes');
    expect(told({})).toContain('never the result');
    expect(told({ platform: [] })).toContain('for the parties only');
    expect(told({ platform: ['bank', 'board'] })).toContain('for the parties and for bank and board');
  });

  it('tells items from numbers in an intersection', () => {
    const psi: JobShape = {
      layer: 'intersection',
      inputs: ['A', 'B'],
      mode: 'semi-honest',
      recipients: [],
      reveal: 'items',
    };
    expect(codes(psi)).toContain('always partner-set A');
    expect(codes({ ...psi, reveal: 'cardinality' })).toContain('always partner-count B');
  });

  it('has both languages, and refuses a job that promises more than its layer holds', () => {
    for (const { text } of explain(job)) {
      expect(text.en).toMatch(/\.$/);
      expect(text.zh).toMatch(/。$/);
    }
    const sum: JobShape = { layer: 'sum', inputs: ['A', 'B'], mode: 'semi-honest', recipients: [] };
    expect(() => explain({ ...sum, mode: 'malicious' })).toThrow(RangeError);
    expect(() => explain({ ...sum, minimumCell: 5 })).toThrow(RangeError);
    expect(() => explain({ ...job, nodes: ['A', 'A', 'B'] })).toThrow(RangeError);
  });
});
