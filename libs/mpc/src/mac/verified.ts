import { Abort } from '../error.ts';
import { tossCoins } from '../prg/coins.ts';
import { prg } from '../prg/prg.ts';
import type { Rep3, Shares } from '../rep3/rep3.ts';
import { combined, combineRows, foldAll, openTogether, outer, part, scaled, times, total } from './fold.ts';
import type { Authenticated, Machine, Matrix } from './machine.ts';

/** Elements under the key that wait for the check at most; beyond it they are folded into two sums, which bounds the memory. */
const mostPending = 1 << 21;

interface Product {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly product: Shares;
}

/**
 * Multiplication that a cheating node cannot falsify: Chida et al., CRYPTO 2018, protocol 5.3 over replicated sharing. A replicated
 * product is right up to an error that the cheat chooses without knowing anything; doing every product twice, with r beside it,
 * makes an error show. All products are checked at once, before anything is opened. Matrices are checked by one random
 * combination of rows and columns (Freivalds 1977), bits by one combination of b² - b; an error passes with probability 6/p at most.
 *
 * One check ends a computation: it opens r. Malicious security with abort, at most one of three nodes corrupt; no fairness.
 * @param ownCoins 32 bytes of this node for the common coins
 */
export function verified(node: Rep3, ownCoins?: () => Uint8Array): Machine {
  const { field, net, crypto } = node;
  const key = node.random(1);
  let pending: Authenticated[] = [];
  let bits: Authenticated[] = [];
  let zeros: (readonly { readonly x: Shares; readonly factor: bigint }[])[] = [];
  let matrices: Product[] = [];
  let waiting = 0;
  // u = Σ αᵢ [r·zᵢ], w = Σ αᵢ [zᵢ], and a combination of all that has to be zero.
  const one = () => node.constant(field.fill(1, 0n));
  let [u, w, nothing] = [one(), one(), one()];
  let asserted = false;
  let [begun, passed] = [false, false];
  const busy = () => {
    if (begun) throw new Error('a checked computation multiplies no more: its key is open');
  };
  const keys = (length: number): Shares => ({
    mine: field.fill(length, key.mine[0] ?? 0n),
    next: field.fill(length, key.next[0] ?? 0n),
  });
  const keep = (pair: Authenticated): Authenticated => {
    pending.push(pair);
    waiting += pair.x.mine.length;
    return pair;
  };
  /** Bounds what waits; the sizes are public, so that all nodes come here together. */
  const relieve = async () => {
    if (waiting > mostPending) await settle();
  };

  /** Tosses coins over all that is pending and folds it. What the assertions multiply is pending again. */
  async function settle(): Promise<void> {
    const coins = prg(crypto, field, await tossCoins(threeOf(net), crypto, ownCoins?.()));
    const folded = foldAll(field, coins, pending);
    u = node.add(u, folded.u);
    w = node.add(w, folded.w);
    const [checkedBits, checkedZeros, checkedMatrices] = [bits, zeros, matrices];
    [pending, bits, zeros, matrices, waiting] = [[], [], [], [], 0];
    for (const terms of checkedZeros) {
      const alpha = coins.elements(terms[0]?.x.mine.length ?? 0);
      for (const { x, factor } of terms) nothing = node.add(nothing, times(field, combined(field, x, alpha), factor));
    }
    const pairs: (readonly [Authenticated, Authenticated])[] = [];
    for (const b of checkedBits) {
      const weighted = scaled(node, b, coins.elements(b.x.mine.length));
      pairs.push([weighted, b]);
      nothing = node.sub(nothing, total(field, weighted.x));
    }
    // Freivalds: u'(A·Bᵀ)v = (A'u)·(B'v), once a matrix.
    const left: Shares[] = [];
    const right: Shares[] = [];
    for (const { a, b, product } of checkedMatrices) {
      const [rows, columns] = [coins.elements(a.rows), coins.elements(b.rows)];
      left.push(combineRows(field, a, rows));
      right.push(combineRows(field, b, columns));
      nothing = node.sub(nothing, combined(field, product, outer(field, rows, columns)));
    }
    const authenticated = left.length > 0 ? await authenticateAll(left) : [];
    for (const [at, row] of authenticated.entries()) {
      const column = right[at];
      if (column) pairs.push([row, { x: column, rx: column }]);
    }
    if (pairs.length > 0) nothing = node.add(nothing, total(field, (await innerProducts(pairs)).x));
    if (pairs.length + checkedZeros.length > 0) asserted = true;
  }

  async function authenticateAll(vectors: readonly Shares[]): Promise<Authenticated[]> {
    busy();
    const products = await node.mulAll(vectors.map((x) => [keys(x.mine.length), x] as const));
    return vectors.map((x, at) => keep({ x, rx: products[at] ?? x }));
  }
  async function mulAll(pairs: readonly (readonly [Authenticated, Shares])[]): Promise<Authenticated[]> {
    busy();
    await relieve();
    const products = await node.mulAll([
      ...pairs.map(([a, b]) => [a.x, b] as const),
      ...pairs.map(([a, b]) => [a.rx, b] as const),
    ]);
    return pairs.map(([a], at) => keep({ x: products[at] ?? a.x, rx: products[pairs.length + at] ?? a.rx }));
  }
  async function innerProducts(pairs: readonly (readonly [Authenticated, Authenticated])[]): Promise<Authenticated> {
    busy();
    const products = await node.innerProducts([
      ...pairs.map(([a, b]) => [a.x, b.x] as const),
      ...pairs.map(([a, b]) => [a.rx, b.x] as const),
    ]);
    return keep({ x: part(products, 0, pairs.length), rx: part(products, pairs.length, 2 * pairs.length) });
  }
  const authenticate = async (x: Shares): Promise<Authenticated> => {
    const [pair = { x, rx: x }] = await authenticateAll([x]);
    return pair;
  };

  return {
    node,
    security: 'malicious',
    authenticate,
    authenticateAll,
    add: (a, b) => ({ x: node.add(a.x, b.x), rx: node.add(a.rx, b.rx) }),
    sub: (a, b) => ({ x: node.sub(a.x, b.x), rx: node.sub(a.rx, b.rx) }),
    scale: (a, factor) => scaled(node, a, factor),
    addConstant: (a, values) => ({
      x: node.add(a.x, node.constant(values)),
      rx: node.add(a.rx, node.scale(keys(values.length), values)),
    }),
    async mul(a, b) {
      const [product = a] = await mulAll([[a, b.x]]);
      return product;
    },
    mulAll,
    innerProducts,
    async crossProducts(a, b) {
      busy();
      await relieve();
      waiting += a.values.mine.length + b.values.mine.length;
      const product = await node.crossProducts(a, b);
      matrices.push({ a, b, product });
      return authenticate(product);
    },
    assertBits(list) {
      bits.push(...list);
    },
    assertZero(terms) {
      zeros.push(terms);
    },
    async check() {
      busy();
      // Twice where something was asserted: the products of the assertions come under coins tossed after them.
      do await settle();
      while (pending.length > 0);
      begun = true;
      const r = await node.open(key, 'check');
      const difference = node.sub(u, node.scale(w, r));
      const hidden = await node.mul(node.random(1), difference);
      const shown = await node.open(hidden, 'check');
      if (shown[0] !== 0n) throw new Abort('mac_check', 'check');
      if (asserted && (await node.open(nothing, 'check'))[0] !== 0n) throw new Abort('mac_check', 'check');
      passed = true;
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

const threeOf = (net: Rep3['net']): Rep3['net'] => ({
  ...net,
  parties: 3,
  send: net.send.bind(net),
  receive: net.receive.bind(net),
});
