import { eachWord, wordLength, type ReferenceIndex } from './reference-index.ts';

/** A stretch that query and reference have alike, letter by letter. */
export interface Anchor {
  readonly query: number;
  readonly reference: number;
  readonly length: number;
}

/** Anchors that a chain is made of at most; a genome that has more is cut into pieces by its own differences. */
const mostAnchors = 4000;

/** Stretches of at least one word that both have, found by the words that the reference has once, in the order of the query. */
export function findAnchors(index: ReferenceIndex, query: Uint8Array): Anchor[] {
  const { genome } = index;
  const anchors: Anchor[] = [];
  eachWord(query, 0, query.length, (word, at) => {
    const place = anchors.length < mostAnchors ? index.find(word) : -1;
    if (place < 0) return at;
    let [start, from] = [at, place];
    let end = at + wordLength;
    let to = place + wordLength;
    while (end < query.length && to < genome.length && query[end] === genome[to]) {
      end += 1;
      to += 1;
    }
    const before = anchors.at(-1);
    const floor = before ? before.query + before.length : 0;
    while (start > floor && from > 0 && query[start - 1] === genome[from - 1]) {
      start -= 1;
      from -= 1;
    }
    anchors.push({ query: start, reference: from, length: end - start });
    return end;
  });
  return anchors;
}

/** The anchors that follow one another in both and cover most; overlaps in the reference are cut off. */
export function chain(anchors: readonly Anchor[]): Anchor[] {
  const best = anchors.map(({ length }) => length);
  const before = new Int32Array(anchors.length).fill(-1);
  let last = -1;
  for (const [at, anchor] of anchors.entries()) {
    for (let earlier = at - 1; earlier >= Math.max(0, at - 200); earlier -= 1) {
      const one = anchors[earlier] as Anchor;
      // A shift costs a gap: of two ways that cover the same, the straighter one.
      const shift = Math.abs(anchor.reference - anchor.query - (one.reference - one.query));
      const covered = (best[earlier] as number) + anchor.length - (shift > 0 ? 4 : 0);
      if (
        one.reference + one.length <= anchor.reference + anchor.length - wordLength / 2 &&
        one.reference < anchor.reference &&
        covered > (best[at] as number)
      ) {
        best[at] = covered;
        before[at] = earlier;
      }
    }
    if (last < 0 || (best[at] as number) > (best[last] as number)) last = at;
  }
  const way: Anchor[] = [];
  for (let at = last; at >= 0; at = before[at] as number) way.push(anchors[at] as Anchor);
  way.reverse();
  return way.map((anchor, at) => {
    const earlier = way[at - 1];
    const overlap = earlier ? Math.max(0, earlier.reference + earlier.length - anchor.reference) : 0;
    return {
      query: anchor.query + overlap,
      reference: anchor.reference + overlap,
      length: anchor.length - overlap,
    };
  });
}

/** Letters on either side of a gap that are aligned again, so that the gap costs say where it lies. */
const margin = 60;

/** Shortens anchors where a gap lies between them: alike as the letters are, the gap may belong further left or right. */
export function looseAtGaps(anchors: readonly Anchor[]): Anchor[] {
  const shifted = (a: Anchor | undefined, b: Anchor | undefined): boolean =>
    a !== undefined && b !== undefined && a.query - a.reference !== b.query - b.reference;
  return anchors.map((anchor, at) => {
    const cut = Math.min(margin, anchor.length >> 1);
    const head = shifted(anchors[at - 1], anchor) ? cut : 0;
    const tail = shifted(anchor, anchors[at + 1]) ? Math.min(cut, anchor.length - head) : 0;
    return { query: anchor.query + head, reference: anchor.reference + head, length: anchor.length - head - tail };
  });
}
