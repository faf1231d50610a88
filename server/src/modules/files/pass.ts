import type { Growing, Grown, GrowOptions, Piece } from '../../platform/blobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { startCheck, type Checking } from './check-lane.ts';
import type { Verdict } from './check.ts';
import { depositKey, depositProblem, plainName, readHead } from './deposit.ts';

/** What one pass over the bytes told. */
export interface Arrived extends Pick<Grown, 'sha256' | 'md5' | 'size' | 'keep'> {
  readonly verdict: Verdict;
  /** Bytes that came. */
  readonly received: bigint;
  /** Its sender had encrypted the file for the archive: sums, size and verdict are those of what is inside. */
  readonly encrypted: boolean;
}

/**
 * The one pass over the bytes of an upload: hashed, checked, sealed and written as they come, over as many requests as it takes. A
 * file that its sender encrypted for the archive is opened in memory for the check, and kept as it came under a header of our own.
 */
export interface Pass extends Pick<Growing, 'push' | 'drop'> {
  /** Bytes that went in. */
  readonly offset: number;
  /** The Crypt4GH header that the bytes begin with, as far as it has come. */
  readonly head: Uint8Array | undefined;
  /** Makes durable what has come; undefined when that is no more than a head. */
  cut(): Promise<Piece | undefined>;
  end(): Promise<Arrived>;
}

export interface PassOptions {
  readonly key: string;
  /** Absent for a part of a file, which cannot be judged. */
  readonly name: string | undefined;
  readonly expect?: number | undefined;
  /** Whether it is finished within one request or never. */
  readonly alone: boolean;
  /** How far an earlier pass has come, and the head that it met. */
  readonly from?: { readonly offset: number; readonly head: Uint8Array | undefined };
}

const unjudged: Verdict = {
  check: { kind: 'binary', accepted: true, summary: {}, counts: {}, findings: [] },
  unsure: false,
};

/** Begins a pass, or goes on with the bytes that are durable: they are read once more, and all is known again that was known of them. */
export async function startPass(options: PassOptions, parts: Pick<Parts, 'blobs' | 'config'>): Promise<Pass> {
  const { key, name, alone, from } = options;
  let offset = from?.offset ?? 0;
  let head: Uint8Array | undefined = from?.head;
  let checking: Checking | undefined;
  let growing: Growing | undefined;

  /** Opens the object once the first bytes have told what they are. */
  async function begin(way: 'seal' | 'open', again: boolean): Promise<Growing> {
    if (name !== undefined) checking = startCheck(way === 'open' ? plainName(name) : name);
    const grow: GrowOptions = {
      alone,
      way,
      ...(options.expect !== undefined && { expect: options.expect }),
      ...(way === 'open' && head && { deposit: head }),
      also: (plain) => checking?.push(plain),
    };
    if (way === 'open') await depositKey(parts);
    const made = again ? await parts.blobs.regrow(key, grow) : await parts.blobs.grow(key, grow);
    if (!made) throw new Error(`nothing is left of the bytes of ${key}`);
    return (growing = made);
  }

  async function push(bytes: Uint8Array): Promise<void> {
    offset += bytes.length;
    if (growing) return growing.push(bytes);
    const known = head ? Buffer.concat([head, bytes]) : bytes;
    // What is put together later may begin with anything: only the whole is looked at.
    const told = name === undefined ? 'plain' : readHead(known);
    head = undefined;
    if (told === 'plain') return (await begin('seal', false)).push(known);
    head = Uint8Array.from(known.subarray(0, told));
    if (told !== undefined) await (await begin('open', false)).push(known.subarray(told));
  }

  const drop = async () => {
    checking?.drop();
    await growing?.drop();
  };
  const telling =
    <A extends unknown[], T>(work: (...given: A) => Promise<T>) =>
    (...given: A): Promise<T> =>
      work(...given).catch((error: unknown) => {
        throw depositProblem(error);
      });

  try {
    if (offset > 0) {
      const told = head && readHead(head);
      if (!head) await begin('seal', true);
      else if (typeof told === 'number') await begin('open', offset > head.length);
    }
  } catch (error) {
    await drop();
    throw depositProblem(error);
  }
  return {
    get offset() {
      return offset;
    },
    get head() {
      return head;
    },
    push: telling(push),
    cut: telling(async () => growing?.cut()),
    end: telling(async () => {
      // A few bytes that only look like the beginning of a header.
      const early = growing ? undefined : head;
      if (early) head = undefined;
      const whole = growing ?? (await begin('seal', false));
      if (early) await whole.push(early);
      const grown = await whole.end();
      const verdict = (await checking?.end()) ?? unjudged;
      return { ...grown, verdict, received: BigInt(offset), encrypted: head !== undefined };
    }),
    drop,
  };
}
