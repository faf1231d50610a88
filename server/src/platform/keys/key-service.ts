import { keyNumber, readKeyHeader, writeKeyHeader, type KeyHeader } from './header.ts';
import type { KeyHolder } from './key-holder.ts';
import { suiteA } from './suite-a.ts';
import { suiteG } from './suite-g.ts';
import { KeyProblem, type Suite, type SuiteId } from './suite.ts';
import { together } from './together.ts';

export const suites: Readonly<Record<SuiteId, Suite>> = { A: suiteA, G: suiteG };

/** The key of an object, opened. It stays in memory and is never written. */
export interface ObjectKey {
  readonly suite: Suite;
  readonly dataKey: Uint8Array;
}

/** Gives objects their keys and opens them again, whoever holds the key-encryption keys. */
export interface KeyService {
  /** Throws when nobody answers who could wrap a key. */
  check(): Promise<void>;
  /** The number of the key that new objects of a suite are wrapped with: headers under any other number are old. */
  current(suite: SuiteId): Promise<number>;
  /** A fresh data key and the header that carries it, under the current key of the configured suite. */
  newKey(): Promise<ObjectKey & { readonly header: Uint8Array }>;
  /** A header that carries a given key under the current key of its suite. */
  wrap(suite: SuiteId, key: Uint8Array): Promise<Uint8Array>;
  /** Opens a header. Throws KeyProblem `wrong_key`, `unknown_key`, `header_malformed`, `keys_away`, `keys_refused`. */
  open(header: Uint8Array): Promise<ObjectKey>;
  /** The same data keys under the current key of their suite, in the order of the headers. */
  rewrap(headers: readonly Uint8Array[]): Promise<Uint8Array[]>;
  /** Adds a key version; older ones stay for what they have wrapped. Returns its number. */
  rotate(suite: SuiteId): Promise<number>;
}

/** Data keys that a module or service is asked for at once. */
const most = 256;
/** Opened keys of a module or service that are kept, and for how long: a download asks for the same one again and again. */
const kept = { entries: 512, milliseconds: 60_000 };

/**
 * The key service of an installation.
 * @param holder who wraps from now on
 * @param others who has wrapped what is there: their headers open, and `rewrap` puts them under the holder
 */
export function keyService(suite: SuiteId, holder: KeyHolder, others: readonly KeyHolder[] = []): KeyService {
  const holders = new Map([holder, ...others].map((one) => [one.id, one]));
  const holderOf = ({ holder: id, version }: KeyHeader): KeyHolder => {
    const found = holders.get(id);
    if (found) return found;
    throw new KeyProblem(
      'unknown_key',
      `Version ${version} of the storage key is held by ${id}, which is not configured any more. 未配置持有该密钥的 ${id}。`,
    );
  };
  const header = (id: SuiteId, by: KeyHolder, key: { version: number; wrapped: Uint8Array }) =>
    writeKeyHeader({ suite: id, holder: by.id, ...key });
  const wrapOne = perSuite((id) => together((keys: readonly Uint8Array[]) => holder.wrap(id, keys), most));
  const unwrapOne = new Map(
    [...holders.values()].map((by) => [
      by.id,
      perSuite((id) => together((keys: readonly KeyHeader[]) => by.unwrap(id, keys), most)),
    ]),
  );
  const opened = recent(async (parsed: KeyHeader) => {
    const dataKey = await unwrapOne.get(holderOf(parsed).id)?.[parsed.suite](parsed);
    if (dataKey?.length !== suites[parsed.suite].keySize)
      throw new KeyProblem('wrong_key', 'The header names another suite than it was made for.');
    return dataKey;
  });
  return {
    async check() {
      await holder.current(suite);
    },
    current: async (id) => keyNumber({ holder: holder.id, version: await holder.current(id) }),
    async newKey() {
      const dataKey = suites[suite].newDataKey();
      return { suite: suites[suite], dataKey, header: header(suite, holder, await wrapOne[suite](dataKey)) };
    },
    wrap: async (id, key) => header(id, holder, await wrapOne[id](key)),
    async open(bytes) {
      const parsed = readKeyHeader(bytes);
      return { suite: suites[parsed.suite], dataKey: await opened(bytes, parsed) };
    },
    async rewrap(headers) {
      const parsed = headers.map((one, nth) => ({ ...readKeyHeader(one), nth }));
      const after: Uint8Array[] = [];
      for (const group of Map.groupBy(parsed, ({ suite: id, holder: by }) => `${id} ${by}`).values()) {
        const [first] = group;
        if (!first) continue;
        const by = holderOf(first);
        const inside = by === holder ? by.rewrap?.bind(by) : undefined;
        const wrapped = inside
          ? await inside(first.suite, group)
          : await holder.wrap(first.suite, await by.unwrap(first.suite, group));
        for (const [at, { nth }] of group.entries()) {
          const key = wrapped[at];
          if (key) after[nth] = header(first.suite, holder, key);
        }
      }
      return after;
    },
    rotate: (id) => holder.rotate(id),
  };
}

const perSuite = <T>(make: (id: SuiteId) => T): Readonly<Record<SuiteId, T>> => ({ A: make('A'), G: make('G') });

/** Remembers what a module or service has opened a moment ago; a key file is quicker asked again. */
function recent(open: (parsed: KeyHeader) => Promise<Uint8Array>) {
  const known = new Map<string, { at: number; dataKey: Promise<Uint8Array> }>();
  return (bytes: Uint8Array, parsed: KeyHeader): Promise<Uint8Array> => {
    if (parsed.holder === 'file') return open(parsed);
    const name = Buffer.from(bytes).toString('base64');
    const now = performance.now();
    const before = known.get(name);
    if (before && now - before.at < kept.milliseconds) return before.dataKey;
    const dataKey = open(parsed);
    known.delete(name);
    known.set(name, { at: now, dataKey });
    dataKey.catch(() => known.delete(name));
    const [oldest] = known.keys();
    if (known.size > kept.entries && oldest !== undefined) known.delete(oldest);
    return dataKey;
  };
}
