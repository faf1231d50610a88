import { preorderOf } from '../tree/order.ts';
import { unknown } from '../tree/mutation.ts';
import { sizesOf } from '../tree/tree.ts';
import type { Masks } from './sample.ts';
import { branchChange, comesBefore, nowhere, searchPlace, type Growth, type Place, type Query } from './search.ts';

/** Branches of one leaf of the search for the least. */
const block = 16;
const never = 0x7fffffff;

/**
 * The branches of a tree by the sites that change on them, so that a place is found by looking at the branches that touch what a
 * sample says otherwise than the reference. Between those branches the cost of the sample runs beside that of the reference, which is
 * summed once: a stretch of preorder costs its least for the reference, and a constant. What {@link searchPlace} finds in one pass over
 * all branches is found here exactly, ties too; what was born or divided since is looked at singly.
 */
export class BranchIndex {
  readonly #weight: Int32Array;
  readonly #count: number;
  readonly #nodeAt: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #parent: Int32Array;
  readonly #end: Int32Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** The reference with masked sites unknown: what costs are summed for. */
  readonly #genome: Uint8Array;
  /** Cost of the reference at each node, and on each branch as a place; `never` where a place cannot be. */
  readonly #distance: Int32Array;
  readonly #own: Int32Array;
  /** The least of `#own` in the subtree of each node, or less. */
  readonly #below: Int32Array;
  /** Places of the branches that change a site, site by site. */
  readonly #siteStart: Int32Array;
  readonly #bySite: Int32Array;
  /** A tree over blocks of branches: the place of the least in each. */
  readonly #least: Int32Array;
  readonly #leaves: number;
  readonly #gone = new Set<number>();
  readonly #dividedBefore: number;
  #dividedSeen: number;
  /** For the sample at hand, stretches with one constant: where each begins, the constant, its first branch that is not touched, and what costs there are at least. */
  #stretches = 0;
  #edges = new Int32Array(1024);
  #constants = new Int32Array(1024);
  #firsts = new Int32Array(1024);
  #bounds = new Int32Array(1024);
  #born = new Int32Array(64);
  #touched = new Int32Array(1024);
  #costs = new Int32Array(0);

  constructor(growth: Growth, masks: Masks) {
    const { count, nowParent, nowFrom, nowTo, mutations } = growth;
    this.#weight = growth.weight;
    this.#count = count;
    this.#dividedBefore = growth.divided.length;
    this.#dividedSeen = this.#dividedBefore;
    this.#nodeAt = preorderOf(nowParent.subarray(0, count), String);
    this.#placeOf = new Int32Array(count);
    this.#parent = new Int32Array(count);
    this.#from = new Int32Array(count);
    this.#to = new Int32Array(count);
    for (let at = 0; at < count; at++) this.#placeOf[this.#nodeAt[at] as number] = at;
    this.#genome = growth.genome.slice();
    for (const [from, to] of masks.ranges) this.#genome.fill(unknown, from, to);
    this.#siteStart = new Int32Array(this.#genome.length + 1);
    this.#distance = new Int32Array(count);
    this.#own = new Int32Array(count);
    for (let at = 0; at < count; at++) {
      const node = this.#nodeAt[at] as number;
      const parent = nowParent[node] as number;
      this.#parent[at] = parent < 0 ? -1 : (this.#placeOf[parent] as number);
      this.#from[at] = nowFrom[node] as number;
      this.#to[at] = nowTo[node] as number;
      this.#weigh(at, mutations);
    }
    this.#below = this.#own.slice();
    for (let at = count - 1; at > 0; at--) {
      const parent = this.#parent[at] as number;
      this.#below[parent] = Math.min(this.#below[parent] as number, this.#below[at] as number);
    }
    this.#end = sizesOf(this.#parent);
    for (let at = 0; at < count; at++) this.#end[at] = (this.#end[at] as number) + at;
    this.#bySite = this.#sorted(mutations);
    this.#leaves = Math.ceil(count / block);
    this.#least = new Int32Array(2 * this.#leaves);
    for (let leaf = 0; leaf < this.#leaves; leaf++) this.#least[this.#leaves + leaf] = this.#leastIn(leaf);
    for (let at = this.#leaves - 1; at > 0; at--) this.#join(at);
  }

  /** Nodes and divisions that were not there when the index was made: looking at them singly takes time for each. */
  behind(growth: Growth): number {
    return growth.count - this.#count + growth.divided.length - this.#dividedBefore;
  }

  /** How far the index may fall behind before making it anew is less work. */
  get patience(): number {
    return Math.max(512, Math.ceil(4 * Math.sqrt(this.#count)));
  }

  /** The cheapest place for a sample on the growth as it is now. */
  find(growth: Growth, query: Query): Place {
    for (; this.#dividedSeen < growth.divided.length; this.#dividedSeen++)
      this.#takeOut(growth.divided[this.#dividedSeen] as number);
    const touched = this.#touchedBy(query);
    if (touched === undefined) {
      if (this.#costs.length < growth.count) this.#costs = new Int32Array(Math.ceil(growth.count * 1.1));
      return searchPlace(growth, query, this.#costs);
    }
    return this.#amongNew(growth, query, this.#amongOld(growth, query, touched));
  }

  /** Sums one branch for the reference and counts its sites. */
  #weigh(at: number, mutations: Int32Array): void {
    const parent = this.#parent[at] as number;
    const above = parent < 0 ? 0 : (this.#distance[parent] as number);
    let gain = 0;
    let loss = 0;
    for (let index = this.#from[at] as number; index < (this.#to[at] as number); index++) {
      const mutation = mutations[index] as number;
      const site = mutation >>> 8;
      const set = this.#genome[site] as number;
      const had = (set & (mutation >>> 4) & 15) !== 0;
      const has = (set & mutation & 15) !== 0;
      if (!had && has) gain++;
      else if (had && !has) loss++;
      this.#siteStart[site + 1] = (this.#siteStart[site + 1] as number) + 1;
    }
    this.#distance[at] = above - gain + loss;
    if (parent < 0) this.#own[at] = above - gain + loss;
    else this.#own[at] = gain === 0 && loss > 0 ? never : above - gain;
  }

  #sorted(mutations: Int32Array): Int32Array {
    const start = this.#siteStart;
    for (let site = 0; site < this.#genome.length; site++)
      start[site + 1] = (start[site + 1] as number) + (start[site] as number);
    const next = start.slice();
    const sorted = new Int32Array(start[this.#genome.length] as number);
    for (let at = 0; at < this.#count; at++)
      for (let index = this.#from[at] as number; index < (this.#to[at] as number); index++) {
        const site = (mutations[index] as number) >>> 8;
        const place = next[site] as number;
        sorted[place] = at;
        next[site] = place + 1;
      }
    return sorted;
  }

  /** Whether the branch at one place comes before that at another, for the reference. */
  #before(one: number, other: number): boolean {
    const weight = this.#weight;
    const [a, b] = [this.#nodeAt[one] as number, this.#nodeAt[other] as number];
    return comesBefore(
      this.#own[one] as number,
      weight[a] as number,
      a,
      this.#own[other] as number,
      weight[b] as number,
      b,
    );
  }

  #leastOf(from: number, to: number): number {
    let best = from;
    for (let at = from + 1; at < to; at++)
      if ((this.#own[at] as number) <= (this.#own[best] as number) && this.#before(at, best)) best = at;
    return best;
  }

  #leastIn(leaf: number): number {
    return this.#leastOf(leaf * block, Math.min(this.#count, (leaf + 1) * block));
  }

  #join(at: number): void {
    const [one, other] = [this.#least[2 * at] as number, this.#least[2 * at + 1] as number];
    this.#least[at] = this.#before(other, one) ? other : one;
  }

  /** A branch that was divided is no longer what it was; it is looked at singly from now on. */
  #takeOut(node: number): void {
    if (node >= this.#count || this.#gone.has(node)) return;
    this.#gone.add(node);
    const place = this.#placeOf[node] as number;
    this.#own[place] = never;
    const leaf = Math.floor(place / block);
    let at = this.#leaves + leaf;
    this.#least[at] = this.#leastIn(leaf);
    for (at >>= 1; at > 0; at >>= 1) this.#join(at);
  }

  /** The place of the least in a stretch that is not empty. */
  #leastBetween(from: number, to: number): number {
    const first = Math.ceil(from / block);
    const last = Math.floor(to / block);
    if (first >= last) return this.#leastOf(from, to);
    let best = from;
    const take = (place: number): void => {
      if (this.#before(place, best)) best = place;
    };
    if (first * block > from) take(this.#leastOf(from, first * block));
    if (last * block < to) take(this.#leastOf(last * block, to));
    for (let a = this.#leaves + first, b = this.#leaves + last; a < b; a >>= 1, b >>= 1) {
      if (a & 1) take(this.#least[a++] as number);
      if (b & 1) take(this.#least[--b] as number);
    }
    return best;
  }

  /** Branches on which a site changes that the sample says otherwise than the reference, in preorder; undefined when that is no small part of the tree. */
  #touchedBy(query: Query): Int32Array | undefined {
    const most = 64 + (this.#count >> 3);
    let count = 0;
    const touch = (site: number): void => {
      if (query.sets[site] === this.#genome[site]) return;
      const end = this.#siteStart[site + 1] as number;
      for (let at = this.#siteStart[site] as number; at < end && count <= most; at++) {
        if (count === this.#touched.length) {
          const larger = new Int32Array(2 * count);
          larger.set(this.#touched);
          this.#touched = larger;
        }
        this.#touched[count++] = this.#bySite[at] as number;
      }
    };
    for (const site of query.differing) touch(site);
    for (const [from, to] of query.missing) for (let site = from; site < to; site++) touch(site);
    return count > most ? undefined : this.#touched.subarray(0, count).sort();
  }

  /** Cuts preorder into stretches of one constant, and gives the best of the touched branches themselves. */
  #cut(growth: Growth, query: Query, touched: Int32Array): Place {
    this.#makeRoom(2 * touched.length + 2);
    this.#stretches = 0;
    const open = [{ end: this.#count, top: 0, constant: query.mismatches }];
    this.#mark(0, 0, query.mismatches, 0);
    let best = nowhere;
    let last = -1;
    let inner = open[0] as (typeof open)[0];
    for (const place of touched) {
      if (place === last) continue;
      last = place;
      while (inner.end <= place) {
        const { end } = inner;
        open.pop();
        inner = open.at(-1) as typeof inner;
        this.#mark(end, end, inner.constant, inner.top);
      }
      const parent = this.#parent[place] as number;
      const above = inner.constant + (parent < 0 ? 0 : (this.#distance[parent] as number));
      const { gain, loss } = branchChange(growth, query, this.#from[place] as number, this.#to[place] as number);
      const cost = above - gain + (parent < 0 ? loss : 0);
      if (cost <= best.cost && (gain > 0 || loss === 0 || parent < 0)) {
        const node = this.#nodeAt[place] as number;
        if (!this.#gone.has(node)) best = better(growth, best, node, cost);
      }
      inner = {
        end: this.#end[place] as number,
        top: place,
        constant: above - gain + loss - (this.#distance[place] as number),
      };
      open.push(inner);
      this.#mark(place, place + 1, inner.constant, place);
    }
    while (open.length > 1) {
      const end = open.pop()?.end as number;
      const outer = open.at(-1) as typeof inner;
      this.#mark(end, end, outer.constant, outer.top);
    }
    return best;
  }

  #mark(edge: number, first: number, constant: number, top: number): void {
    const at = this.#stretches++;
    this.#edges[at] = edge;
    this.#firsts[at] = first;
    this.#constants[at] = constant;
    this.#bounds[at] = constant + (this.#below[top] as number);
  }

  #makeRoom(least: number): void {
    if (this.#edges.length >= least) return;
    const room = 2 * least;
    this.#edges = new Int32Array(room);
    this.#firsts = new Int32Array(room);
    this.#constants = new Int32Array(room);
    this.#bounds = new Int32Array(room);
  }

  /** The best of what was there when the index was made. */
  #amongOld(growth: Growth, query: Query, touched: Int32Array): Place {
    let best = this.#cut(growth, query, touched);
    for (let at = 0; at < this.#stretches; at++) {
      if ((this.#bounds[at] as number) > best.cost) continue;
      const first = this.#firsts[at] as number;
      const end = at + 1 < this.#stretches ? (this.#edges[at + 1] as number) : this.#count;
      if (first >= end) continue;
      const place = this.#leastBetween(first, end);
      const own = this.#own[place] as number;
      const cost = own + (this.#constants[at] as number);
      if (own !== never && cost <= best.cost) best = better(growth, best, this.#nodeAt[place] as number, cost);
    }
    return best;
  }

  /** Looks at what was born or divided since, given the best of the rest. */
  #amongNew(growth: Growth, query: Query, found: Place): Place {
    let best = found;
    const fresh = growth.count - this.#count;
    if (this.#born.length < fresh) this.#born = new Int32Array(2 * fresh);
    for (let node = this.#count; node < growth.count; node++) {
      const change = branchChange(growth, query, growth.birthFrom[node] as number, growth.birthTo[node] as number);
      const above = this.#costOf(growth.birthParent[node] as number, query);
      this.#born[node - this.#count] = above - change.gain + change.loss;
    }
    const look = (node: number): void => {
      const parent = growth.nowParent[node] as number;
      const { gain, loss } = branchChange(growth, query, growth.nowFrom[node] as number, growth.nowTo[node] as number);
      if (gain === 0 && loss > 0 && parent >= 0) return;
      const cost = this.#costOf(parent, query) - gain + (parent < 0 ? loss : 0);
      if (cost <= best.cost) best = better(growth, best, node, cost);
    };
    for (let node = this.#count; node < growth.count; node++) look(node);
    for (let at = this.#dividedBefore; at < growth.divided.length; at++) look(growth.divided[at] as number);
    return best;
  }

  /** The cost at a node for the sample at hand; that of the genome alone above the root. */
  #costOf(node: number, query: Query): number {
    if (node < 0) return query.mismatches;
    if (node >= this.#count) return this.#born[node - this.#count] as number;
    const place = this.#placeOf[node] as number;
    let low = 0;
    let high = this.#stretches;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#edges[middle] as number) <= place) low = middle;
      else high = middle;
    }
    return (this.#distance[place] as number) + (this.#constants[low] as number);
  }
}

function better({ weight }: Growth, best: Place, node: number, cost: number): Place {
  const weightOfBest = best.node < 0 ? -1 : (weight[best.node] as number);
  return comesBefore(cost, weight[node] as number, node, best.cost, weightOfBest, best.node) ? { node, cost } : best;
}
