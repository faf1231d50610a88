import type { Rep3, Shares } from '../rep3/rep3.ts';
import { openTogether } from './fold.ts';
import type { Authenticated, Machine } from './machine.ts';

const none: Shares = { mine: new BigUint64Array(0), next: new BigUint64Array(0) };
const bare = (x: Shares): Authenticated => ({ x, rx: none });

/**
 * The same computations without the check: right and private while all three nodes follow the protocol (semi-honest, Araki et al.
 * 2016). A node that deviates can falsify what is opened, and may learn from the falsified values.
 */
export function unchecked(node: Rep3): Machine {
  let passed = false;
  const busy = () => {
    if (passed) throw new Error('a checked computation multiplies no more');
  };
  return {
    node,
    security: 'semi-honest',
    authenticate: (x) => Promise.resolve(bare(x)),
    authenticateAll: (vectors) => Promise.resolve(vectors.map(bare)),
    add: (a, b) => bare(node.add(a.x, b.x)),
    sub: (a, b) => bare(node.sub(a.x, b.x)),
    scale: (a, factor) => bare(node.scale(a.x, factor)),
    addConstant: (a, values) => bare(node.add(a.x, node.constant(values))),
    async mul(a, b) {
      busy();
      return bare(await node.mul(a.x, b.x));
    },
    async mulAll(pairs) {
      busy();
      return (await node.mulAll(pairs.map(([a, b]) => [a.x, b] as const))).map(bare);
    },
    async innerProducts(pairs) {
      busy();
      return bare(await node.innerProducts(pairs.map(([a, b]) => [a.x, b.x] as const)));
    },
    async crossProducts(a, b) {
      busy();
      return bare(await node.crossProducts(a, b));
    },
    assertBits: () => undefined,
    assertZero: () => undefined,
    check() {
      passed = true;
      return Promise.resolve();
    },
    open(a) {
      if (!passed) throw new Error('nothing is opened before it is checked');
      return node.open(a.x, 'output');
    },
    openAll(list) {
      if (!passed) throw new Error('nothing is opened before it is checked');
      return openTogether(node, list);
    },
  };
}
