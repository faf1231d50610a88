import type { Growing, Grown } from '../../platform/blobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { startCheck, type Checking } from './check-lane.ts';
import type { Verdict } from './check.ts';

/** What one pass over the bytes told. */
export interface Arrived extends Pick<Grown, 'sha256' | 'md5' | 'size' | 'keep'> {
  readonly verdict: Verdict;
}

/** The one pass over the bytes of an upload: hashed, checked, sealed and written as they come, over as many requests as it takes. */
export interface Pass extends Pick<Growing, 'push' | 'cut' | 'drop'> {
  /** Bytes that went in. */
  readonly offset: number;
  end(): Promise<Arrived>;
}

export interface PassOptions {
  readonly key: string;
  /** Absent for a part of a file, which cannot be judged. */
  readonly name: string | undefined;
  readonly expect?: number | undefined;
  /** Whether it is finished within one request or never. */
  readonly alone: boolean;
}

/** Begins a pass, or goes on with the bytes that are durable: they are read once more, and all is known again that was known of them. */
export async function startPass(options: PassOptions, { blobs }: Pick<Parts, 'blobs'>, from = 0): Promise<Pass> {
  const { key, name, expect, alone } = options;
  const checking = name === undefined ? undefined : startCheck(name);
  const grow = {
    alone,
    ...(expect !== undefined && { expect }),
    also: (plain: Uint8Array) => checking?.push(plain),
  };
  try {
    const growing = from > 0 ? await blobs.regrow(key, grow) : await blobs.grow(key, grow);
    if (!growing) throw new Error(`nothing is left of the bytes of ${key}`);
    return passOf(growing, checking, from);
  } catch (error) {
    checking?.drop();
    throw error;
  }
}

const unjudged: Verdict = {
  check: { kind: 'binary', accepted: true, summary: {}, counts: {}, findings: [] },
  unsure: false,
};

function passOf(growing: Growing, checking: Checking | undefined, from: number): Pass {
  let offset = from;
  return {
    get offset() {
      return offset;
    },
    async push(bytes) {
      await growing.push(bytes);
      offset += bytes.length;
    },
    cut: () => growing.cut(),
    async end() {
      const grown = await growing.end();
      return { ...grown, verdict: (await checking?.end()) ?? unjudged };
    },
    async drop() {
      checking?.drop();
      await growing.drop();
    },
  };
}
