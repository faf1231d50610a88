import { matchScore, mismatchScore, type GapCosts } from './gap-costs.ts';

/** A stretch of both to be aligned; ends that are open cost nothing to leave out. */
export interface Stretch {
  readonly query: Uint8Array;
  readonly reference: Uint8Array;
  /** Position of the stretch in the reference, for the gap costs. */
  readonly at: number;
  readonly openStart: boolean;
  readonly openEnd: boolean;
}

/** Steps of an alignment: 0 both go on, 1 the query only (an insertion), 2 the reference only (a deletion). */
export type Path = Uint8Array;
export const [both, queryOnly, referenceOnly] = [0, 1, 2] as const;

/** Cells of a matrix at most: beyond, the two have too little in common. */
export const mostCells = 60_000_000;

const least = -1_000_000_000;

/**
 * Global alignment with affine gaps (Gotoh 1982) within a band; undefined when it would take too many cells. Letters match when
 * they have a base in common, so that N fits everything.
 * @param band how far the way may leave the diagonal on either side, beside the difference of the lengths
 */
export function alignStretch(
  { query, reference, at, openStart, openEnd }: Stretch,
  costs: GapCosts,
  band: number,
): Path | undefined {
  const rows = query.length;
  const columns = reference.length;
  const low = Math.min(0, columns - rows) - band;
  const high = Math.max(0, columns - rows) + band;
  const width = high - low + 1;
  if ((rows + 1) * width > mostCells) return undefined;
  // Row i holds columns i + low … i + high at indexes 0 … width - 1.
  let score = new Int32Array(width).fill(least);
  let insertion = new Int32Array(width).fill(least);
  const nextScore = new Int32Array(width);
  const nextInsertion = new Int32Array(width);
  /** Bits: 0-1 way of the best cell, 2 an insertion goes on, 3 a deletion goes on. */
  const ways = new Uint8Array((rows + 1) * width);
  const preferRight = costs.side === 'right';
  const openAt = (column: number): number => costs.open[at + column] ?? 6;

  for (let index = 0; index < width; index += 1) {
    const column = index + low;
    if (column < 0 || column > columns) continue;
    if (column === 0) score[index] = 0;
    else {
      score[index] = openStart ? 0 : -openAt(0);
      ways[index] = referenceOnly | (column > 1 ? 8 : 0);
    }
  }
  for (let row = 1; row <= rows; row += 1) {
    const set = query[row - 1] as number;
    const line = row * width;
    let deletion = least;
    nextScore.fill(least);
    nextInsertion.fill(least);
    for (let index = 0; index < width; index += 1) {
      const column = row + low + index;
      if (column < 0 || column > columns) continue;
      // Above stands at index + 1 of the row before, diagonally before at index.
      const above = index + 1 < width ? (score[index + 1] as number) : least;
      const aboveInsertion = index + 1 < width ? (insertion[index + 1] as number) : least;
      const freeInsertion = (openStart && column === 0) || (openEnd && column === columns);
      const opened = above - (freeInsertion ? 0 : openAt(column));
      let way = 0;
      let insert = opened;
      if (aboveInsertion >= opened && aboveInsertion > least) {
        insert = aboveInsertion;
        way |= 4;
      }
      nextInsertion[index] = insert;
      let best = insert;
      let step: number = queryOnly;
      if (column > 0) {
        const left = index > 0 ? (nextScore[index - 1] as number) : least;
        const freeDeletion = openEnd && row === rows;
        const openedDeletion = left - (freeDeletion ? 0 : openAt(column - 1));
        if (deletion >= openedDeletion && deletion > least) way |= 8;
        else deletion = openedDeletion;
        if (deletion > best) {
          best = deletion;
          step = referenceOnly;
        }
        const before = score[index] as number;
        if (before > least) {
          const along = before + (((reference[column - 1] as number) & set) === 0 ? mismatchScore : matchScore);
          // Taken backwards from the end, a gap that is preferred on a tie lies to the right.
          if (preferRight ? along > best : along >= best) {
            best = along;
            step = both;
          }
        }
      }
      nextScore[index] = best;
      ways[line + index] = way | step;
    }
    score = nextScore.slice();
    insertion = nextInsertion.slice();
  }
  return traceBack(ways, rows, columns, low, width);
}

function traceBack(ways: Uint8Array, rows: number, columns: number, low: number, width: number): Path {
  const path: number[] = [];
  let row = rows;
  let column = columns;
  let within: number = both;
  while (row > 0 || column > 0) {
    const way = ways[row * width + (column - row - low)] as number;
    const step = within === both ? way & 3 : within;
    path.push(step);
    if (step === queryOnly) {
      within = way & 4 ? queryOnly : both;
      row -= 1;
    } else if (step === referenceOnly) {
      within = way & 8 ? referenceOnly : both;
      column -= 1;
    } else {
      row -= 1;
      column -= 1;
    }
  }
  return Uint8Array.from(path).reverse();
}
