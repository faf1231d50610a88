import { Abort } from '../error.ts';
import type { Vector } from '../field/field.ts';
import type { Rep3, Shares } from '../rep3/rep3.ts';

/** Secret bits by words of 32, b = b₀ ⊕ b₁ ⊕ b₂: node i holds bᵢ and bᵢ₊₁ (Araki et al. 2016, section 2.1). */
interface Words {
  readonly mine: Int32Array;
  readonly next: Int32Array;
}

const places = 61;

/**
 * The sign of 4x as in `negative`, among nodes that follow the protocol: the addition is done on words of bits, 32 comparisons at a
 * time, a few bits a gate on the line in place of 61; the outcome comes back into the field by two products.
 */
export async function negativeByWords(node: Rep3, x: Shares): Promise<Shares> {
  const { field, me } = node;
  const count = x.mine.length;
  const width = Math.ceil(count / 32);
  const y = node.scale(x, field.fill(count, 4n));
  const s = await fromFirst(node, me === 0 ? sliced(field.add(y.mine, y.next), 0n, width) : undefined, places * width);
  const third = me === 2 ? y.mine : me === 1 ? y.next : undefined;
  const known = third ? sliced(third, 3n, width) : new Int32Array(places * width);
  const none = new Int32Array(places * width);
  const t = { mine: me === 2 ? known : none, next: me === 1 ? known : none };

  const lower = (places - 1) * width;
  const propagate = exclusive(s, t);
  let g = await both(node, cut(s, 0, lower), cut(t, 0, lower));
  let p = cut(propagate, 0, lower);
  // (g, p) of neighbours, level by level; the highest waits where their number is odd.
  for (let level = places - 1; level > 1; level = Math.ceil(level / 2)) {
    const pairs = level >> 1;
    const uppers = every(p, width, 1, pairs);
    const products = await both(
      node,
      joined(uppers, uppers),
      joined(every(g, width, 0, pairs), every(p, width, 0, pairs)),
    );
    const merged = exclusive(every(g, width, 1, pairs), cut(products, 0, pairs * width));
    const rest = level % 2 === 1 ? (level - 1) * width : level * width;
    const end = level * width;
    const carried = joined(merged, cut(g, rest, end));
    p = joined(cut(products, pairs * width, 2 * pairs * width), cut(p, rest, end));
    g = carried;
  }
  return intoField(node, exclusive(cut(propagate, lower, lower + width), g), count);
}

/** Values that node 0 has: x₀ from the key of nodes 0 and 2, x₁ goes to node 1, x₂ = 0. */
async function fromFirst(node: Rep3, values: Int32Array | undefined, length: number): Promise<Words> {
  const { mine, next } = random(node, length);
  if (values) {
    const second = values.map((word, at) => word ^ (mine[at] as number));
    node.net.send(1, wire(second));
    return { mine, next: second };
  }
  const none = new Int32Array(length);
  if (node.me === 1) return { mine: unwire(await node.net.receive(0), length), next: none };
  return { mine: none, next };
}

/** x ∧ y, one round, one bit a gate and node. */
async function both(node: Rep3, x: Words, y: Words): Promise<Words> {
  const { length } = x.mine;
  const masks = random(node, length);
  const mine = new Int32Array(length);
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [x.mine[at] as number, y.mine[at] as number];
    mine[at] =
      (a & (b ^ (y.next[at] as number))) ^
      ((x.next[at] as number) & b) ^
      (masks.mine[at] as number) ^
      (masks.next[at] as number);
  }
  node.net.send((node.me + 2) % 3, wire(mine));
  return { mine, next: unwire(await node.net.receive((node.me + 1) % 3), length) };
}

/** Secret bits as elements 0 and 1: b₀ ⊕ b₁ ⊕ b₂ by two products, each bᵢ known to the two nodes that hold it. */
async function intoField(node: Rep3, words: Words, count: number): Promise<Shares> {
  const { field, me } = node;
  const spread = (held: Int32Array): Vector => {
    const out = new BigUint64Array(count);
    const low = new Uint32Array(out.buffer);
    for (let at = 0; at < count; at += 1) low[2 * at] = ((held[at >> 5] as number) >>> (at & 31)) & 1;
    return out;
  };
  const [mine, next, none] = [spread(words.mine), spread(words.next), field.fill(count, 0n)];
  const of = (share: number): Shares => ({
    mine: me === share ? mine : none,
    next: (me + 1) % 3 === share ? next : none,
  });
  const either = async (a: Shares, b: Shares): Promise<Shares> => {
    const product = await node.mul(a, b);
    return node.sub(node.add(a, b), node.add(product, product));
  };
  return either(await either(of(0), of(1)), of(2));
}

const random = (node: Rep3, length: number): Words => ({
  mine: asInts(node.common.mine.bytes(4 * length)),
  next: asInts(node.common.next.bytes(4 * length)),
});

const asInts = (bytes: Uint8Array): Int32Array =>
  bytes.byteOffset % 4 === 0
    ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    : new Int32Array(bytes.slice().buffer);

const wire = (words: Int32Array): Uint8Array =>
  new Uint8Array(words.buffer.slice(words.byteOffset, words.byteOffset + words.byteLength));

function unwire(message: Uint8Array, length: number): Int32Array {
  if (message.length !== 4 * length) throw new Abort('message_length', 'bits');
  return asInts(message);
}

const cut = ({ mine, next }: Words, from: number, to: number): Words => ({
  mine: mine.subarray(from, to),
  next: next.subarray(from, to),
});

const each = (act: (...words: Int32Array[]) => Int32Array, ...list: Words[]): Words => ({
  mine: act(...list.map(({ mine }) => mine)),
  next: act(...list.map(({ next }) => next)),
});

const exclusive = (x: Words, y: Words): Words =>
  each((a = new Int32Array(0), b = a) => a.map((word, at) => word ^ (b[at] as number)), x, y);

const joined = (x: Words, y: Words): Words =>
  each(
    (a = new Int32Array(0), b = a) => {
      const whole = new Int32Array(a.length + b.length);
      whole.set(a);
      whole.set(b, a.length);
      return whole;
    },
    x,
    y,
  );

/** Every second place from `first` on. */
const every = (x: Words, width: number, first: 0 | 1, pairs: number): Words =>
  each((a = new Int32Array(0)) => {
    const out = new Int32Array(pairs * width);
    for (let pair = 0; pair < pairs; pair += 1)
      out.set(a.subarray((2 * pair + first) * width, (2 * pair + first + 1) * width), pair * width);
    return out;
  }, x);

/** The 61 low bits of each word with something added, place by place, 32 values a word. */
function sliced(values: Vector, more: bigint, width: number): Int32Array {
  const raised = more === 0n ? values : values.map((value) => value + more);
  const halves = new Int32Array(raised.buffer, raised.byteOffset, 2 * raised.length);
  const out = new Int32Array(places * width);
  const square = new Int32Array(32);
  for (let word = 0; word < width; word += 1)
    for (const half of [0, 1]) {
      for (let at = 0; at < 32; at += 1) square[at] = halves[2 * (32 * word + at) + half] ?? 0;
      transpose(square);
      for (let place = 0; place < (half === 0 ? 32 : places - 32); place += 1)
        out[(32 * half + place) * width + word] = square[place] as number;
    }
  return out;
}

/** A 32 × 32 square of bits on its diagonal (Warren, Hacker's Delight, 2nd ed., section 7-3; bit 0 is the first). */
function transpose(square: Int32Array): void {
  let mask = 0x0000ffff;
  for (let step = 16; step > 0; step >>= 1, mask ^= mask << step)
    for (let at = 0; at < 32; at = (at + step + 1) & ~step) {
      const swap = (((square[at] as number) >>> step) ^ (square[at + step] as number)) & mask;
      square[at + step] = (square[at + step] as number) ^ swap;
      square[at] = (square[at] as number) ^ (swap << step);
    }
}
