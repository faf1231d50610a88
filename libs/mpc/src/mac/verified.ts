import { Abort } from '../error.ts';
import type { Field, Vector } from '../field/field.ts';
import { tossCoins } from '../prg/coins.ts';
import { prg } from '../prg/prg.ts';
import type { Rep3, Shares } from '../rep3/rep3.ts';

/** A secret value beside itself times a secret key: [x] and [r·x]. */
export interface Authenticated {
  readonly x: Shares;
  readonly rx: Shares;
}

/**
 * Multiplication that a cheating node cannot falsify: Chida et al., CRYPTO 2018, protocol 5.3 over replicated sharing. A replicated
 * product is right up to an error that the cheat chooses without knowing anything; doing every product twice, with r beside it,
 * makes an error show except with probability 3/p. All products are checked at once, before anything is opened.
 *
 * One check ends a computation: it opens r. Malicious security with abort, at most one of three nodes corrupt; no fairness.
 */
export interface Verified {
  readonly node: Rep3;
  /** Puts an input, or random values, under the key. */
  authenticate(x: Shares): Promise<Authenticated>;
  add(a: Authenticated, b: Authenticated): Authenticated;
  sub(a: Authenticated, b: Authenticated): Authenticated;
  scale(a: Authenticated, factor: Vector): Authenticated;
  addConstant(a: Authenticated, values: Vector): Authenticated;
  mul(a: Authenticated, b: Authenticated): Promise<Authenticated>;
  /** Inner products of pairs of vectors: two elements a pair and node, whatever their length. */
  innerProducts(pairs: readonly (readonly [Authenticated, Authenticated])[]): Promise<Authenticated>;
  /** Checks everything that was multiplied. @throws Abort `mac_check` */
  check(): Promise<void>;
  /** Shows values; only after `check`. @throws Abort `open_mismatch` */
  open(a: Authenticated): Promise<Vector>;
}

/** @param ownCoins 32 bytes of this node for the common coins */
export function verified(node: Rep3, ownCoins?: () => Uint8Array): Verified {
  const { field, net, crypto } = node;
  const key = node.random(1);
  const pending: Authenticated[] = [];
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
    return pair;
  };
  return {
    node,
    async authenticate(x) {
      busy();
      return keep({ x, rx: await node.mul(keys(x.mine.length), x) });
    },
    add: (a, b) => ({ x: node.add(a.x, b.x), rx: node.add(a.rx, b.rx) }),
    sub: (a, b) => ({ x: node.sub(a.x, b.x), rx: node.sub(a.rx, b.rx) }),
    scale: (a, factor) => ({ x: node.scale(a.x, factor), rx: node.scale(a.rx, factor) }),
    addConstant: (a, values) => ({
      x: node.add(a.x, node.constant(values)),
      rx: node.add(a.rx, node.scale(keys(values.length), values)),
    }),
    async mul(a, b) {
      busy();
      const { length } = a.x.mine;
      const product = await node.mul(joined(a.x, a.rx), joined(b.x, b.x));
      return keep({ x: part(product, 0, length), rx: part(product, length, 2 * length) });
    },
    async innerProducts(pairs) {
      busy();
      const products = await node.innerProducts([
        ...pairs.map(([a, b]) => [a.x, b.x] as const),
        ...pairs.map(([a, b]) => [a.rx, b.x] as const),
      ]);
      return keep({ x: part(products, 0, pairs.length), rx: part(products, pairs.length, 2 * pairs.length) });
    },
    async check() {
      busy();
      begun = true;
      const coins = prg(crypto, field, await tossCoins(threeOf(net), crypto, ownCoins?.()));
      // u = Σ αᵢ [r·zᵢ] and w = Σ αᵢ [zᵢ]; T = u - r·w is zero when every product is right.
      let [u, w] = [node.constant(field.fill(1, 0n)), node.constant(field.fill(1, 0n))];
      for (const { x, rx } of pending) {
        const alpha = coins.elements(x.mine.length);
        w = node.add(w, combined(field, x, alpha));
        u = node.add(u, combined(field, rx, alpha));
      }
      pending.length = 0;
      const r = await node.open(key, 'check');
      const difference = node.sub(u, node.scale(w, r));
      const hidden = await node.mul(node.random(1), difference);
      const shown = await node.open(hidden, 'check');
      if (shown[0] !== 0n) throw new Abort('mac_check', 'check');
      passed = true;
    },
    open(a) {
      if (!passed) throw new Error('nothing is opened before it is checked');
      return node.open(a.x, 'output');
    },
  };
}

const threeOf = (net: Rep3['net']): Rep3['net'] => ({
  ...net,
  parties: 3,
  send: net.send.bind(net),
  receive: net.receive.bind(net),
});

const combined = (field: Field, { mine, next }: Shares, alpha: Vector): Shares => ({
  mine: BigUint64Array.of(field.dot(mine, alpha)),
  next: BigUint64Array.of(field.dot(next, alpha)),
});

function joined(a: Shares, b: Shares): Shares {
  const both = (x: Vector, y: Vector): Vector => {
    const whole = new BigUint64Array(x.length + y.length);
    whole.set(x);
    whole.set(y, x.length);
    return whole;
  };
  return { mine: both(a.mine, b.mine), next: both(a.next, b.next) };
}

const part = ({ mine, next }: Shares, from: number, to: number): Shares => ({
  mine: mine.slice(from, to),
  next: next.slice(from, to),
});
