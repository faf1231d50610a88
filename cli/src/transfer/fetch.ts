import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { rootOf, segmentCount, segmentFits, segmentHash, segmentSize, type Manifest } from '@geneward/crypt4gh';
import type { Bar } from '../progress.ts';
import { digestsOf, followFile, type Digests } from './digests.ts';
import { crypto, leavesOf, type Ask, type LeafOf } from './manifest.ts';
import { addTo, openPart, type PartFile, type Stretch } from './part-file.ts';
import { isPassing, persist } from './persist.ts';
import type { Source } from './source.ts';

/** A file to fetch: what the archive has signed of it, and where its segments come from. */
export interface Fetch {
  readonly ask: Ask;
  readonly manifest: Manifest;
  readonly source: Source;
  readonly target: string;
  /** Ranges that are asked for at the same time. */
  readonly connections: number;
}

/** A segment that came wrong so often is wrong in the archive, or somebody alters what comes. */
const mostTries = 4;
/** A file of so many segments is asked for at once, without their hashes: the root says whether it is right. */
const fewSegments = 64;
/** Longest stretch of one request: 64 MiB. */
const longest = 1024;

/** Some segment could not be had as the archive has signed it. */
export class DamagedSegment extends Error {
  readonly segment: number;
  constructor(segment: number) {
    super(`segment ${segment} (bytes ${segment * segmentSize} and on) came ${mostTries} times as it should not be`);
    this.name = 'DamagedSegment';
    this.segment = segment;
  }
}

/** Whether a file lies there already, byte for byte. */
export async function isThere(target: string, { plainSize, sha256, md5 }: Manifest): Promise<boolean> {
  if (!existsSync(target) || statSync(target).size !== plainSize) return false;
  const is = await digestsOf(target);
  return is.sha256 === sha256 && is.md5 === md5;
}

/** The name under which a file grows. */
export const partOf = (target: string, { sha256 }: Pick<Manifest, 'sha256'>): string =>
  `${target}.${sha256.slice(0, 16)}.part`;

/**
 * Fetches a file segment by segment. Each is held against the signed manifest before it is written; a bad one is asked for again alone,
 * and what an earlier call has brought is kept. The file gets its name when all of it is right, MD5 and SHA-256 included.
 */
export async function fetchFile(fetch: Fetch, bar: Bar): Promise<void> {
  const { manifest, target } = fetch;
  mkdirSync(dirname(target), { recursive: true });
  const path = partOf(target, manifest);
  const file = openPart(path, manifest);
  try {
    const few = !file.begun && segmentCount(manifest) <= fewSegments;
    const whole = few && (await fetchFew(fetch, file, bar));
    const digests = whole
      ? await digestsOf(path)
      : await fetchMany(fetch, { file, path, begun: few || file.begun }, bar);
    if (digests.sha256 !== manifest.sha256 || digests.md5 !== manifest.md5) {
      rmSync(path);
      throw new Error(`what was written to ${path} is not what was verified: the disk may be failing`);
    }
    await file.sync();
  } finally {
    file.close();
  }
  renameSync(path, target);
}

/** @returns whether all of it came, and right, at once */
async function fetchFew({ manifest, source, ask }: Fetch, file: PartFile, bar: Bar): Promise<boolean> {
  const count = segmentCount(manifest);
  const hashes = new Uint8Array(count * 32);
  try {
    for await (const { first, segments } of source(0, count, new AbortController().signal))
      for (const [nth, segment] of segments.entries()) {
        file.write(first + nth, segment);
        hashes.set(segmentHash(crypto, segment), (first + nth) * 32);
        bar.advance(segment.length);
      }
  } catch (error) {
    if (!isPassing(error) && !(await ask.mend(error))) throw error;
    return false;
  }
  return Buffer.from(rootOf(crypto, hashes)).equals(manifest.root);
}

/** @param begun whether some of the segments may be there */
async function fetchMany(
  fetch: Fetch,
  { file, path, begun }: { file: PartFile; path: string; begun: boolean },
  bar: Bar,
): Promise<Digests> {
  const { ask, manifest, connections } = fetch;
  const count = segmentCount(manifest);
  const leafOf = leavesOf(ask, manifest);
  const bytesOf = (segment: number) => Math.min(segmentSize, manifest.plainSize - segment * segmentSize);
  bar.set(0);
  const missing = begun
    ? await file.missing(leafOf, (segment) => bar.advance(bytesOf(segment)))
    : [{ from: 0, to: count }];
  const queue = divided(missing, Math.ceil(count / (connections * 4)));
  const under = new Set<Stretch>();
  const follower = followFile(path);
  const stop = new AbortController();
  /** Segments that came wrong, and how often: all before the first of them and of what is not fetched yet is right. */
  const bad = new Map<number, number>();
  const judged = (segment: number, good: boolean) => {
    if (good) {
      bad.delete(segment);
      bar.advance(bytesOf(segment));
    } else {
      const times = (bad.get(segment) ?? 0) + 1;
      if (times >= mostTries) throw new DamagedSegment(segment);
      bad.set(segment, times);
    }
    if (segment % 128 !== 127) return;
    const open = [...under, ...queue.slice(0, 1)].map(({ from }) => from);
    follower.reach(Math.min(count, ...open, ...bad.keys()) * segmentSize);
  };
  const lane = async () => {
    for (let stretch = queue.shift(); stretch && !stop.signal.aborted; stretch = queue.shift()) {
      const begin = stretch.from;
      under.add(stretch);
      await fetchStretch(fetch, { file, stretch, leafOf, judged, signal: stop.signal });
      under.delete(stretch);
      const wrong = [...bad.keys()].filter((segment) => segment >= begin && segment < stretch.to);
      queue.unshift(...stretchesOf(wrong));
    }
  };
  try {
    const lanes = Array.from({ length: connections }, () =>
      lane().catch((error: unknown) => {
        stop.abort();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(lanes)).filter((end) => end.status === 'rejected');
    const cause = failed.find(({ reason }) => !isAbort(reason)) ?? failed[0];
    if (cause) throw cause.reason;
    return await follower.end(manifest.plainSize);
  } finally {
    await follower.close();
  }
}

const isAbort = (error: unknown) =>
  error instanceof Error &&
  (error.name === 'AbortError' || (error.cause instanceof Error && error.cause.name === 'AbortError'));

/** Stretches of segments that stand one after the other. */
function stretchesOf(segments: readonly number[]): Stretch[] {
  const found: Stretch[] = [];
  for (const segment of segments.toSorted((a, b) => a - b)) addTo(found, segment);
  return found;
}

/** Stretches in their order, none longer than `most` or a request's limit. */
function divided(stretches: readonly Stretch[], most: number): Stretch[] {
  const step = Math.max(fewSegments, Math.min(longest, most));
  return stretches.flatMap(({ from, to }) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, nth) => ({
      from: from + nth * step,
      to: Math.min(to, from + (nth + 1) * step),
    })),
  );
}

async function fetchStretch(
  { source, manifest, ask }: Fetch,
  work: {
    readonly file: PartFile;
    readonly stretch: Stretch;
    readonly leafOf: LeafOf;
    readonly judged: (segment: number, good: boolean) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { file, stretch, leafOf, judged, signal } = work;
  const mend = async (error: unknown) => !signal.aborted && ask.mend(error);
  await persist(
    async () => {
      signal.throwIfAborted();
      if (stretch.from >= stretch.to) return;
      for await (const { first, segments } of source(stretch.from, stretch.to, signal))
        for (const [nth, segment] of segments.entries()) {
          const index = first + nth;
          const good = segmentFits(crypto, manifest, index, segment, await leafOf(index));
          if (good) file.write(index, segment);
          stretch.from = index + 1;
          judged(index, good);
        }
      if (stretch.from < stretch.to)
        throw new TypeError('terminated', { cause: new Error('fewer bytes than asked for') });
    },
    { moved: () => stretch.from, mend },
  );
}
